/** Times and durations as people read them. All times are UTC, because a report travels. */

/** `2026-11-21 04:10:00`. Logs and certificates may claim times that no calendar has. */
export function utcTime(at: number): string {
	const date = new Date(at)
	return Number.isNaN(date.getTime()) ? 'no time' : date.toISOString().slice(0, 19).replace('T', ' ')
}

/** `3 s`, `4 min`, `2 h`, `5 d`. */
export function duration(ms: number): string {
	const seconds = Math.max(0, Math.round(ms / 1000))
	if (seconds < 120) return `${seconds} s`
	if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
	if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`
	return `${Math.round(seconds / 86_400)} d`
}

/** The time of day when it was the same UTC day as `now`, else date and time. */
export function nearTime(at: number, now: number): string {
	const text = utcTime(at)
	return text.slice(0, 10) === utcTime(now).slice(0, 10) ? text.slice(11) : text
}
