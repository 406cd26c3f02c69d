/** Prints a table as kubectl and crictl do: columns as wide as their widest cell, three blanks between. */
export function columns(rows: readonly (readonly string[])[], least = 0): string {
	const widths: number[] = []
	for (const row of rows)
		for (const [index, cell] of row.entries())
			widths[index] = Math.max(widths[index] ?? least, cell.length + 3)
	const lines = rows.map(row =>
		row
			.map((cell, index) => cell.padEnd(widths[index] ?? 0))
			.join('')
			.trimEnd(),
	)
	return `${lines.join('\n')}\n`
}

/** `92m`, `2m8s`, `3d4h`: as kubectl shortens an age. */
export function shortAge(ms: number): string {
	const seconds = Math.max(0, Math.floor(ms / 1000))
	if (seconds < 120) return `${seconds}s`
	const minutes = Math.floor(seconds / 60)
	if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`
	if (minutes < 180) return `${minutes}m`
	const hours = Math.floor(minutes / 60)
	if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`
	if (hours < 48) return `${hours}h`
	const days = Math.floor(hours / 24)
	return hours % 24 === 0 || days >= 8 ? `${days}d` : `${days}d${hours % 24}h`
}

/** `About a minute ago`, `2 hours ago`: as crictl does. */
export function longAge(ms: number): string {
	const seconds = Math.floor(ms / 1000)
	if (seconds < 1) return 'Less than a second ago'
	if (seconds < 60) return `${seconds} seconds ago`
	const minutes = Math.floor(seconds / 60)
	if (minutes === 1) return 'About a minute ago'
	if (minutes < 60) return `${minutes} minutes ago`
	const hours = Math.round(minutes / 60)
	if (hours === 1) return 'About an hour ago'
	return hours < 48 ? `${hours} hours ago` : `${Math.floor(hours / 24)} days ago`
}

/** `1.9Gi`, `252G`: powers of 1024 with one digit below ten, rounded up as df does. */
export function human(bytes: number, suffix = ''): string {
	let value = bytes
	let unit = 0
	while (value >= 1024 && unit < 5) {
		value /= 1024
		unit += 1
	}
	if (unit === 0) return `${value}`
	const shown = value < 10 ? (Math.ceil(value * 10) / 10).toFixed(1) : String(Math.ceil(value))
	return `${shown}${' KMGTP'[unit]}${suffix}`
}
