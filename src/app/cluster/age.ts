/** Ages as kubectl prints them: two units at most, and only one where the second no longer matters. */

const minute = 60
const hour = 60 * minute
const day = 24 * hour
const year = 365 * day

/** `8s`, `3m5s`, `47m`, `5h3m`, `31h`, `6d4h`, `45d`. Empty where the beginning is unknown (0). */
export function age(from: number, now: number): string {
	if (from <= 0) return ''
	const seconds = Math.max(0, Math.floor((now - from) / 1000))
	if (seconds < 2 * minute) return `${seconds}s`
	if (seconds < 10 * minute) return two(seconds, minute, 'm', 1, 's')
	if (seconds < 3 * hour) return `${Math.floor(seconds / minute)}m`
	if (seconds < 8 * hour) return two(seconds, hour, 'h', minute, 'm')
	if (seconds < 2 * day) return `${Math.floor(seconds / hour)}h`
	if (seconds < 8 * day) return two(seconds, day, 'd', hour, 'h')
	if (seconds < 2 * year) return `${Math.floor(seconds / day)}d`
	return two(seconds, year, 'y', day, 'd')
}

function two(seconds: number, large: number, one: string, small: number, other: string): string {
	const rest = Math.floor((seconds % large) / small)
	return `${Math.floor(seconds / large)}${one}${rest > 0 ? `${rest}${other}` : ''}`
}
