/**
 * Stretches of time as inline SVG: when certificates begin and end, when k3s started and how far it got. Each row is
 * a label and a drawing of its own, measured in per cent: they stand beside each other on a screen and on paper, one
 * above the other on a phone, and no letter is ever scaled.
 */
import type { CertificateSpan, StartSpan } from '../../model/report.js'
import { duration, utcTime } from '../times.js'
import { element, type Markup } from './markup.js'

const height = 14
const day = 86_400_000

interface Scale {
	from: number
	to: number
	/** Per cent of the width. */
	x(at: number): number
}

function scaleOf(from: number, to: number): Scale {
	const span = Math.max(1, to - from)
	const x = (at: number) => Math.round(Math.max(0, Math.min(1, (at - from) / span)) * 1000) / 10
	return { from, to, x }
}

const steps = [0, 1, 2, 3]
const tickAt = ({ from, to }: Scale, step: number) => from + ((to - from) * step) / 3

function timeline(label: string, scale: Scale, rows: readonly Markup[]): Markup {
	return element(
		'div',
		{ class: 'timeline', role: 'group', 'aria-label': label },
		element(
			'div',
			{ class: 'row axis' },
			element('span', {}, 'UTC'),
			drawing(
				undefined,
				...steps.map(step =>
					element(
						'text',
						{
							x: `${scale.x(tickAt(scale, step))}%`,
							y: 11,
							'text-anchor': step === 0 ? 'start' : step === 3 ? 'end' : 'middle',
						},
						shortTime(tickAt(scale, step), scale.to - scale.from),
					),
				),
			),
		),
		rows,
	)
}

function drawing(label: string | undefined, ...content: Markup[]): Markup {
	return element(
		'svg',
		{
			xmlns: 'http://www.w3.org/2000/svg',
			width: '100%',
			height,
			...(label === undefined ? { 'aria-hidden': 'true' } : { role: 'img', 'aria-label': label }),
		},
		label === undefined ? undefined : element('title', {}, label),
		content,
	)
}

/** As fine as the axis needs. */
function shortTime(at: number, span: number): string {
	const text = utcTime(at)
	if (span > 10 * day) return text.slice(0, 10)
	return span > day ? text.slice(5, 16) : text.slice(11)
}

function row(label: string, hint: string, scale: Scale, now: number, ...bars: Markup[]): Markup {
	const upright = (kind: string, at: number) =>
		element('line', { class: kind, x1: `${scale.x(at)}%`, x2: `${scale.x(at)}%`, y1: 0, y2: height })
	return element(
		'div',
		{ class: 'row' },
		element('span', {}, label),
		drawing(
			hint,
			...steps.map(step => upright('grid', tickAt(scale, step))),
			...bars,
			...(now >= scale.from && now <= scale.to ? [upright('now', now)] : []),
		),
	)
}

function bar(kind: string, from: number, to: number, inset = 0): Markup {
	return element('rect', {
		class: kind,
		// At the right edge, too, something is seen of it.
		x: `${Math.min(from, 99.4)}%`,
		y: 2 + inset,
		width: `${Math.max(0.6, Math.round((to - from) * 10) / 10)}%`,
		height: height - 4 - 2 * inset,
		rx: 2,
	})
}

/** The end of a path tells certificates apart; a port's address is its name already. */
const shortPath = (path: string) => (path.startsWith('tls://') ? path : path.split('/').slice(-2).join('/'))

/** The window is what an operator plans in: a year back and forth, more where a certificate ended before. */
export function certificateTimeline(all: readonly CertificateSpan[], now: number): Markup | undefined {
	const spans = all.filter(({ from, to }) => Number.isFinite(from) && Number.isFinite(to)).slice(0, 40)
	if (spans.length === 0) return undefined
	const ends = Math.min(...spans.map(({ to }) => to))
	const scale = scaleOf(
		Math.max(now - 5 * 365 * day, Math.min(now - 365 * day, ends - 30 * day)),
		now + 400 * day,
	)
	const rows = spans.map(({ path, commonName, from, to }) => {
		const kind = to < now || from > now ? 'bad' : to - now < 120 * day ? 'warn' : 'good'
		const left = to < now ? `expired ${duration(now - to)} ago` : `${duration(to - now)} left`
		const hint = `${path}: ${commonName}, ${utcTime(from)} to ${utcTime(to)} UTC, ${left}`
		return row(`${shortPath(path)}, ${left}`, hint, scale, now, bar(kind, scale.x(from), scale.x(to)))
	})
	return timeline('Lives of the certificates', scale, rows)
}

/** The newest starts; a crash loop's window is its own, not the months before it. */
export function startTimeline(all: readonly StartSpan[], now: number): Markup | undefined {
	const spans = all.filter(({ began, last }) => Number.isFinite(began) && Number.isFinite(last)).slice(-25)
	const [first] = spans
	if (!first) return undefined
	const end = Math.max(...spans.map(({ last }) => last), Math.min(now, first.began + 400 * day))
	const scale = scaleOf(Math.min(...spans.map(({ began }) => began)), end)
	const rows = spans.map(({ began, last, ready, furthest, end: how, why }) => {
		const failed = how !== undefined && how !== 'stopped'
		const got = ready === undefined ? (furthest ?? 'nothing') : `ready after ${duration(ready - began)}`
		const hint = `${utcTime(began)} to ${utcTime(last)} UTC, got to: ${got}, ${how ?? 'runs'}${why ? `: ${why}` : ''}`
		return row(
			`${utcTime(began).slice(5)}, ${how ? `${how} after ${duration(last - began)}` : ready === undefined ? 'not ready yet' : 'runs'}`,
			hint,
			scale,
			now,
			bar(failed ? 'bad' : ready === undefined ? 'warn' : 'bar', scale.x(began), scale.x(last)),
			...(ready === undefined ? [] : [bar('good', scale.x(ready), scale.x(last), 3)]),
		)
	})
	return timeline('Starts of k3s', scale, rows)
}
