/** Puts lines into the journal of a healthy node, as its own k3s or systemd would have said them. */
import * as lines from '../scenes/lines.js'
import type { HealthyFiles } from './node.js'

const journalFile = (node: HealthyFiles) =>
	node.names().find(file => /^journal\/k3s(?:-agent)?\.log$/.test(file)) ?? 'journal/k3s.log'

/** `2026-11-21T04:10:00.000000+0000` */
function stamp(at: number): string {
	return new Date(at).toISOString().replace('Z', '000+0000')
}

interface Newest {
	lines: string[]
	/** Index of the line that begins the newest start, and of that with which it was ready. */
	begins: number
	ready: number
	speaker: string
	readyAt: number
}

function newest(node: HealthyFiles): Newest {
	const lines = node.text(journalFile(node)).trimEnd().split('\n')
	const begins = lines.findLastIndex(line => line.includes('msg="Starting k3s '))
	const ready = lines.findLastIndex(line => line.includes('is up and running"'))
	const [time = '', , who = ''] = (lines[ready] ?? '').split(' ')
	return {
		lines,
		begins,
		ready,
		speaker: who,
		readyAt: Date.parse(time.replace('+0000', '+00:00')),
	}
}

function put(node: HealthyFiles, lines: readonly string[]): void {
	node.put(journalFile(node), `${lines.join('\n')}\n`)
}

/** Said by k3s on the way of the newest start, before it was ready. */
export function whileStarting(node: HealthyFiles, bodies: readonly string[]): void {
	const { lines, ready, speaker } = newest(node)
	const time = (lines[ready - 1] ?? '').split(' ')[0] ?? ''
	const said = bodies.map(body => `${time} ${node.host} ${speaker} ${body}`)
	put(node, lines.toSpliced(ready, 0, ...said))
}

/** Said by k3s so many seconds before now, each time all of them. */
export function lately(node: HealthyFiles, bodies: readonly string[], secondsAgo: readonly number[]): void {
	const { lines, speaker } = newest(node)
	const said = secondsAgo.flatMap(seconds =>
		bodies.map(body => `${stamp(node.now - seconds * 1000)} ${node.host} ${speaker} ${body}`),
	)
	put(node, [...lines, ...said])
}

/** Said a little after the newest start was ready, while it settles. */
export function whileSettling(node: HealthyFiles, bodies: readonly string[]): void {
	const { lines, ready, speaker, readyAt } = newest(node)
	const said = bodies.map(body => `${stamp(readyAt + 500)} ${node.host} ${speaker} ${body}`)
	put(node, lines.toSpliced(ready + 1, 0, ...said))
}

/** An earlier start of k3s, hours before all others: `[who, body]`, `%u` is the unit. */
export function before(
	node: HealthyFiles,
	said: readonly (readonly [who: string, body: string])[],
	hours = 5,
): void {
	const { lines } = newest(node)
	const unit = journalFile(node).slice('journal/'.length).replace('.log', '.service')
	const at = node.now - hours * 3_600_000
	const old = said.map(([who, body], index) => {
		const speaker = who === 'systemd' ? 'systemd[1]:' : who === 'k3s' ? 'k3s[41]:' : `${who}:`
		return `${stamp(at + index * 1000)} ${node.host} ${speaker} ${body.replaceAll('%u', unit)}`
	})
	put(node, [...old, ...lines])
}

/** Anything else about the whole text. */
export function changeJournal(node: HealthyFiles, how: (text: string) => string): void {
	node.change(journalFile(node), how)
}

/** A line that another program than k3s wrote to the journal of the unit. */
export function foreign(node: HealthyFiles, speaker: string, body: string, secondsAgo: number): void {
	const { lines } = newest(node)
	put(node, [...lines, `${stamp(node.now - secondsAgo * 1000)} ${node.host} ${speaker}: ${body}`])
}

export const logrus = (level: string, text: string, more = '') =>
	lines.logrus(level, text, '2026-11-21T04:55:00Z', more)

export const klog = (text: string, level = 'E') =>
	lines.klog(text, { level, at: '1121 04:55:00.000000', pid: 56, place: 'kubelet.go:120' })

export const zap = (level: string, msg: string, fields: Record<string, string> = {}) =>
	lines.zap(level, msg, fields, { at: '2026-11-21T04:55:00.1Z', caller: 'etcdserver/util.go:170' })
