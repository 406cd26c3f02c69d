/** What a recorded node says in its journal. */
import type { HealthyFiles } from '../healthy/node.js'
import { klog as klogAt, logrus } from './lines.js'

const ofK3s = (node: HealthyFiles, at: string, pid: string, text: string) =>
	`${at.replace('Z', '.118340+0000')} ${node.host} k3s[${pid}]: ${text}\n`

/** k3s said this so many times in one second of the past, which is given to `text`. */
export function saidOnce(
	node: HealthyFiles,
	secondsAgo: number,
	times: number,
	text: (at: string) => string,
): void {
	const at = node.ago(secondsAgo)
	node.append('journal/k3s.log', ofK3s(node, at, '56', text(at)).repeat(times))
}

/** k3s says these lines every so many seconds until now: `error …` or a line as it stands. */
export function keepsSaying(node: HealthyFiles, words: readonly string[], every = 10, during = 300): void {
	const file = node.names().find(name => /^journal\/k3s(?:-agent)?\.log$/.test(name)) ?? 'journal/k3s.log'
	const [, pid = '56'] = /k3s\[(\d+)\]: [^\n]*\n?$/.exec(node.text(file)) ?? []
	const lines: string[] = []
	for (let seconds = during; seconds > 0; seconds -= every) {
		const at = node.ago(seconds)
		for (const word of words) {
			const text = word.replace(/^(?<level>info|warning|error|fatal) (?<text>.*)$/s, (_all, level, said) =>
				logrus(level, said, at),
			)
			lines.push(ofK3s(node, at, pid, text))
		}
	}
	node.append(file, lines.join(''))
}

/** The kernel's log gets a line. */
export function kernelSays(node: HealthyFiles, secondsAgo: number, text: string): void {
	const at = new Date(node.now - secondsAgo * 1000).toISOString().replace('Z', '000+0000')
	const file = 'journal/kernel.log'
	const line = `${at} ${node.host} kernel: ${text}\n`
	if (node.text(file)) node.append(file, line)
	else node.answer(file, ['journalctl', '-k', '-o', 'short-iso-precise'], line)
}

/** A line of the kubelet or another component, as klog writes it. */
export function klog(text: string, place = 'kubelet.go:3130'): string {
	return klogAt(text, { at: '1121 05:40:00.000000', pid: 56, place })
}
