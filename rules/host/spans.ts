/** Times and spans in words, and the other way round. */

const minutes = 60_000

/** `2026-11-21 04:10:00`, UTC. */
export function day(at: number): string {
	const date = new Date(at)
	return Number.isNaN(date.getTime())
		? 'an impossible time'
		: date.toISOString().replace('T', ' ').slice(0, 19)
}

/** `4.2 s`, `15 min`, `3 days`. */
export function inTime(milliseconds: number): string {
	const value = Math.abs(milliseconds)
	if (value < 2 * minutes) return `${(value / 1000).toFixed(value < 10_000 ? 1 : 0)} s`
	if (value < 120 * minutes) return `${Math.round(value / minutes)} min`
	if (value < 48 * 60 * minutes) return `${Math.round(value / 60 / minutes)} h`
	return `${Math.round(value / 1440 / minutes)} days`
}

const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, µs: 0.001, ns: 0 }

/** A Go duration such as `1m3.5s` or `812ms`, in milliseconds. */
export function goDuration(text: string): number {
	let total = 0
	for (const [, value, unit] of text.matchAll(/(\d{1,9}(?:\.\d{1,9})?)(h|ms|m|s|µs|ns)/g))
		total += Number(value) * (units[unit ?? ''] ?? 0)
	return total
}
