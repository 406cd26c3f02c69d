/** Stretches of time as inline SVG: when certificates begin and end, when k3s started and how far it got. */
import type { CertificateSpan, StartSpan } from '../../model/report.js'
import { duration, utcTime } from '../times.js'
import { element, type Markup } from './markup.js'

const width = 800
const labels = 250
const rowHeight = 18
const top = 22
const day = 86_400_000

interface Scale {
	from: number
	to: number
	x(at: number): number
}

function scaleOf(from: number, to: number): Scale {
	const span = Math.max(1, to - from)
	const x = (at: number) => labels + Math.max(0, Math.min(1, (at - from) / span)) * (width - labels - 10)
	return { from, to, x: at => Math.round(x(at) * 10) / 10 }
}

function frame(label: string, rows: number, scale: Scale, now: number, ...content: Markup[]): Markup {
	const height = top + rows * rowHeight + 8
	const ticks = Array.from({ length: 4 }, (_, index) => scale.from + ((scale.to - scale.from) * index) / 3)
	const x = scale.x(now)
	return element(
		'svg',
		{
			xmlns: 'http://www.w3.org/2000/svg',
			viewBox: `0 0 ${width} ${height}`,
			role: 'img',
			'aria-label': label,
		},
		...ticks.flatMap((at, index) => {
			const anchor = index === 3 ? 'end' : index === 0 ? 'start' : 'middle'
			return [
				element('line', { class: 'axis', x1: scale.x(at), x2: scale.x(at), y1: top - 4, y2: height - 4 }),
				element(
					'text',
					{ class: 'tick', x: scale.x(at), y: 12, 'text-anchor': anchor },
					shortTime(at, scale.to - scale.from),
				),
			]
		}),
		...content,
		...(now >= scale.from && now <= scale.to
			? [
					element(
						'line',
						{ class: 'now', x1: x, x2: x, y1: top - 6, y2: height - 4 },
						element('title', {}, 'when it was taken'),
					),
				]
			: []),
	)
}

/** As fine as the axis needs. */
function shortTime(at: number, span: number): string {
	const text = utcTime(at)
	if (span > 10 * day) return text.slice(0, 10)
	return span > day ? text.slice(5, 16) : text.slice(11)
}

/** The end of a path tells certificates apart; a port's address is its name already. */
const shortPath = (path: string) => (path.startsWith('tls://') ? path : path.split('/').slice(-2).join('/'))

function row(index: number, label: string, hint: string, ...bars: Markup[]): Markup {
	const y = top + index * rowHeight
	const short = label.length > 42 ? `…${label.slice(-41)}` : label
	return element('g', {}, element('title', {}, hint), element('text', { x: 0, y: y + 12 }, short), ...bars)
}

function bar(kind: string, index: number, from: number, to: number, inset = 0): Markup {
	const y = top + index * rowHeight + 3 + inset
	return element('rect', {
		class: kind,
		x: from,
		y,
		width: Math.max(2, Math.round((to - from) * 10) / 10),
		height: rowHeight - 7 - 2 * inset,
		rx: 2,
	})
}

/** The window is what an operator plans in: a year back and forth, more where a certificate ended before. */
export function certificateTimeline(all: readonly CertificateSpan[], now: number): Markup | undefined {
	const spans = all.filter(({ from, to }) => Number.isFinite(from) && Number.isFinite(to)).slice(0, 40)
	if (spans.length === 0) return undefined
	const ends = Math.min(...spans.map(({ to }) => to))
	const scale = scaleOf(
		Math.max(now - 5 * 365 * day, Math.min(now - 365 * day, ends - 30 * day)),
		now + 400 * day,
	)
	const rows = spans.map(({ path, commonName, from, to }, index) => {
		const kind = to < now || from > now ? 'bad' : to - now < 120 * day ? 'warn' : 'good'
		const left = to < now ? `expired ${duration(now - to)} ago` : `${duration(to - now)} left`
		const hint = `${path}: ${commonName}, ${utcTime(from)} to ${utcTime(to)} UTC, ${left}`
		return row(index, `${shortPath(path)} (${left})`, hint, bar(kind, index, scale.x(from), scale.x(to)))
	})
	return frame('Lives of the certificates', spans.length, scale, now, ...rows)
}

/** The newest starts; a crash loop's window is its own, not the months before it. */
export function startTimeline(all: readonly StartSpan[], now: number): Markup | undefined {
	const spans = all.filter(({ began, last }) => Number.isFinite(began) && Number.isFinite(last)).slice(-25)
	const [first] = spans
	if (!first) return undefined
	const end = Math.max(...spans.map(({ last }) => last), Math.min(now, first.began + 400 * day))
	const scale = scaleOf(Math.min(...spans.map(({ began }) => began)), end)
	const rows = spans.map(({ began, last, ready, furthest, end: how, why }, index) => {
		const failed = how !== undefined && how !== 'stopped'
		const got = ready === undefined ? (furthest ?? 'nothing') : `ready after ${duration(ready - began)}`
		const hint = `${utcTime(began)} to ${utcTime(last)} UTC, got to: ${got}, ${how ?? 'runs'}${why ? `: ${why}` : ''}`
		const from = scale.x(began)
		return row(
			index,
			`${utcTime(began).slice(5)}  ${how ?? 'runs'}`,
			hint,
			bar(failed ? 'bad' : ready === undefined ? 'warn' : 'bar', index, from, scale.x(last)),
			...(ready === undefined ? [] : [bar('good', index, scale.x(ready), scale.x(last), 3)]),
		)
	})
	return frame('Starts of k3s', spans.length, scale, now, ...rows)
}
