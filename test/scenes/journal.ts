/** What a recorded node says in its journal. */
import type { HealthyFiles } from '../healthy/node.js'

export function logrus(at: string, level: string, text: string): string {
	return `time="${at}Z" level=${level} msg=${JSON.stringify(text)}`
}

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
				logrus(at.slice(0, 19), level, said),
			)
			lines.push(ofK3s(node, at, pid, text))
		}
	}
	node.append(file, lines.join(''))
}

/** A line of the kernel's log. */
export function kernelSays(node: HealthyFiles, ...said: string[]): void {
	const lines = said.map((text, index) => `2026-11-21T05:01:06.800${index}00+0000 s1 kernel: ${text}\n`)
	node.answer('journal/kernel.log', ['journalctl', '-k'], lines.join(''))
}

/** A line of the kubelet or another component, as klog writes it. */
export function klog(text: string, place = 'kubelet.go:3130'): string {
	return `E1121 05:40:00.000000      56 ${place}] ${text}`
}
