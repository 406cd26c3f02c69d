/** Sizes as people read them. */

const prefixes = 'KMGTPE'

/** `1.9Gi`, `687kB`, `2.35MB`, `100Mi`: bytes. `unit`: what a bare number counts. */
export function bytesOf(text: string, unit = 1): number | undefined {
	const parts = /^(\d{1,15}(?:[.,]\d{1,6})?)([KMGTPE])?(i?)B?$/i.exec(text)
	if (!parts) return undefined
	const value = Number((parts[1] ?? '').replace(',', '.'))
	if (!parts[2]) return Math.round(value * unit)
	const base = parts[3] || unit === 1024 ? 1024 : 1000
	return Math.round(value * base ** (prefixes.indexOf(parts[2].toUpperCase()) + 1))
}
