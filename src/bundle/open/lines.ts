/** In which form a log text stands, and which of its lines are k3s's. */
import { capnslog } from '../../sources/journal/line.js'
import { anyYear, readPrefix } from '../../sources/journal/prefix.js'
import { bySystemd } from '../../sources/journal/starts.js'
import { jsonRecord } from './journal-json.js'

/**
 * `json`: journalctl -o json. `headed`: lines with time, host and program. `bare`: what k3s itself wrote.
 * `empty`: a journal without entries. `none`: no log.
 */
export type Form = 'json' | 'headed' | 'bare' | 'empty' | 'none'

/** Lines that are looked at for the form. A log may begin with anything, a stack trace for one. */
const sample = 2000
const sampleChars = 1024 * 1024

/** A line as k3s writes it: logrus, klog, or etcd's zap. */
const bareLine =
	/^(time="\d|level=\w+ msg=|[IWEF]\d{4} \d\d:\d\d:\d\d|\{"level":"|(INFO|WARN|ERRO|FATA|DEBU)\[\d)/

/** A last word, of which somebody kept nothing else; systemd's as well. */
const lastWord = /^(?:(?:Error: )?preparing server: |starting kubernetes: |panic: |fatal error: )/

/** What k3s wrote, and nothing before it. */
const isBare = (line: string) => bareLine.test(line) || capnslog.test(line)

export function formOf(text: string): Form {
	const counts = { headed: 0, bare: 0 }
	for (const line of text.slice(0, sampleChars).split('\n', sample)) {
		if (isBare(line) || lastWord.test(line) || bySystemd.test(line)) counts.bare += 1
		else if (line.includes('{') && jsonRecord(line)) return 'json'
		else {
			const { at, identifier, bodyAt } = readPrefix(line, anyYear)
			if (identifier !== '') counts.headed += 1
			else if (at !== undefined && bodyAt > 0 && isBare(line.slice(bodyAt))) counts.bare += 1
		}
	}
	if (counts.headed + counts.bare > 0) return counts.headed >= counts.bare ? 'headed' : 'bare'
	return /^-- (No entries|Journal begins|Logs begin)/m.test(text.slice(0, 1000)) ? 'empty' : 'none'
}

/** Programs that journalctl -u k3s never shows: where one of them speaks, the log is of the whole system. */
const foreign =
	/^(kernel|sshd(-session)?|CRON|cron|crond|sudo|su|dbus-daemon|systemd-logind|NetworkManager|rsyslogd)$/

/** Programs that speak in the journal of k3s's unit: itself, what its ExecStartPre runs, and systemd about it. */
function isOwn(identifier: string, line: string): boolean {
	if (/^\(?k3s/.test(identifier) || identifier === 'modprobe' || identifier === 'sh') return true
	return identifier === 'systemd' && line.includes('k3s')
}

/**
 * The lines of k3s out of a log of the whole system, and the kernel's. A log of k3s alone is left as it is, so that
 * its line numbers stay those of the operator's file.
 */
export function ownLines(text: string): { k3s: string; kernel: string; left: number } {
	const own: string[] = []
	const kernel: string[] = []
	let left = 0
	let foreigners = false
	let speaks = false
	let into: string[] | undefined = own
	for (const line of text.split('\n')) {
		const { identifier } = readPrefix(line, anyYear)
		// A line without a head goes on with what the line before it said.
		if (identifier !== '') {
			if (foreign.test(identifier)) foreigners = true
			if (/^k3s/.test(identifier)) speaks = true
			into = isOwn(identifier, line) ? own : identifier === 'kernel' ? kernel : undefined
		}
		if (into) into.push(line)
		else if (line !== '') left += 1
	}
	if (!foreigners || !speaks) return { k3s: text, kernel: '', left: 0 }
	return { k3s: `${own.join('\n')}\n`, kernel: kernel.length > 0 ? `${kernel.join('\n')}\n` : '', left }
}
