/** Times of log lines as people read and type them. */
import type { TimeStyle } from './place.js'

const two = (value: number) => (value < 10 ? `0${value}` : String(value))
const three = (value: number) => String(value).padStart(3, '0')

/** `04:54:37`, with milliseconds where there is room. */
export function clock(at: number, style: TimeStyle, fine: boolean): string {
	const date = new Date(at)
	if (Number.isNaN(date.getTime())) return ''
	const [hours, minutes, seconds, ms] =
		style === 'utc'
			? [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), date.getUTCMilliseconds()]
			: [date.getHours(), date.getMinutes(), date.getSeconds(), date.getMilliseconds()]
	return `${two(hours)}:${two(minutes)}:${two(seconds)}${fine ? `.${three(ms)}` : ''}`
}

/** `2026-11-21`. */
export function day(at: number, style: TimeStyle): string {
	const date = new Date(at)
	if (Number.isNaN(date.getTime())) return ''
	return style === 'utc'
		? date.toISOString().slice(0, 10)
		: `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** `+2.3s`, `-4m10s`: how far from the line with the cursor. */
export function distance(ms: number): string {
	const sign = ms < 0 ? '-' : '+'
	const seconds = Math.abs(ms) / 1000
	if (seconds < 60) return `${sign}${seconds.toFixed(seconds < 10 ? 2 : 1)}s`
	return sign + span(seconds * 1000)
}

/** `4m10s`, `3h05m`, `2d4h`. */
export function span(ms: number): string {
	const seconds = Math.round(ms / 1000)
	if (seconds < 60) return `${seconds}s`
	if (seconds < 3600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`
	if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h${two(Math.floor(seconds / 60) % 60)}m`
	return `${Math.floor(seconds / 86_400)}d${Math.floor(seconds / 3600) % 24}h`
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * A time as it is typed: `04:12`, `04:12:30` (on the day of `near`), `2026-11-21 04:12`, an ISO time, or `15m`, `2h`
 * before `newest`. `undefined` when it is none.
 */
export function typedTime(
	words: string,
	{ near, newest, style }: { near: number; newest: number; style: TimeStyle },
): number | undefined {
	const text = words.trim()
	const ago = /^-?(\d{1,6}) ?([smhd])$/.exec(text)
	if (ago) return newest - Number(ago[1]) * (units[ago[2] ?? ''] ?? 0)
	const parts = /^(?:(\d{4})-(\d\d)-(\d\d)[ T])?(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?$/.exec(text)
	if (parts) {
		const base = new Date(near)
		const utc = style === 'utc'
		const [year, month, date] =
			parts[1] === undefined
				? utc
					? [base.getUTCFullYear(), base.getUTCMonth(), base.getUTCDate()]
					: [base.getFullYear(), base.getMonth(), base.getDate()]
				: [Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])]
		const clock = [Number(parts[4]), Number(parts[5]), Number(parts[6] ?? 0)] as const
		if (clock[0] > 23 || clock[1] > 59 || clock[2] > 59) return undefined
		return utc ? Date.UTC(year, month, date, ...clock) : new Date(year, month, date, ...clock).getTime()
	}
	const iso = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
	return Number.isNaN(iso) ? undefined : iso
}
