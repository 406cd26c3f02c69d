/** Numbers as people read them. */

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

/** `512 B`, `1.4 MB`, `37 GB`: powers of 1024, as df -h counts. */
export function bytes(count: number): string {
	let value = Math.max(0, count)
	let unit = 0
	while (value >= 1024 && unit < units.length - 1) {
		value /= 1024
		unit += 1
	}
	return `${unit === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

export function milliseconds(ms: number): string {
	return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

/** How long a step took: `97 ms`, `4.9 s`, `2 min 5 s`. */
export function took(ms: number): string {
	if (ms < 1000) return `${Math.round(ms)} ms`
	const seconds = ms / 1000
	if (seconds < 60) return `${seconds.toFixed(1)} s`
	return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`
}

/** `1 file`, `2 files`. */
export function counted(count: number, one: string, many = `${one}s`): string {
	return `${count} ${count === 1 ? one : many}`
}

/** A bar of `width` columns, `share` (0…1) of it filled. Something above nothing is never shown as nothing. */
export function bar(share: number, width: number): string {
	const bounded = Number.isFinite(share) ? Math.max(0, Math.min(1, share)) : 0
	const filled = bounded > 0 ? Math.max(1, Math.round(bounded * width)) : 0
	return '█'.repeat(filled) + '░'.repeat(Math.max(0, width - filled))
}

export function percent(share: number): string {
	return `${Math.round(share * 100)} %`
}
