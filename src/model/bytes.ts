/** `512 bytes`, `1.2 GB`, `250 GB`: powers of 1000, as disks are sold. */
export function bytesInWords(bytes: number): string {
	const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
	let value = bytes
	let unit = 0
	while (value >= 1000 && unit < units.length - 1) {
		value /= 1000
		unit += 1
	}
	return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}
