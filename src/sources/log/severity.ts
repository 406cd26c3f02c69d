/** How bad a line is, by the marks that programs on a k3s node put on theirs. */
import type { Level } from '../../model/evidence/index.js'

/** syslog's priorities: 0 emergency … 7 debug. */
const byPriority: readonly Level[] = ['panic', 'fatal', 'fatal', 'error', 'warning', 'info', 'info', 'debug']

export function levelOfPriority(priority: number): Level {
	return byPriority[priority] ?? 'info'
}

const errorWords =
	/^\[?(?:ERROR|ERR|FATAL|CRITICAL|PANIC)\b|\[(?:ERROR|error|FATAL|fatal|crit|emerg)\]|\b(?:ERROR|FATAL|CRITICAL|SEVERE)\b|^(?:error|fatal): |\bTraceback \(most recent call last\)|\b[Uu]ncaught exception\b/
const warningWords = /^\[?WARN(?:ING)?\b|\[(?:WARNING|warning|WARN|warn)\]|\bWARN(?:ING)?\b|^[Ww]arning: /
/** systemd about a unit that ended badly. */
const unitErrors =
	/: Failed with result '|^Failed to start |: Main process exited, code=(?:killed|dumped)|: Main process exited, code=exited, status=[1-9]|: Failed at step /
const kernelErrors =
	/\bOut of memory\b|\boom-kill:|\bI\/O error\b|\bsegfault at\b|\bBUG: |\bkernel panic\b|\bEXT4-fs error\b|\bXFS .*(?:corruption|shut down)|\bCall Trace:|\bhung_task|\bblocked for more than \d+ seconds|\bRemounting filesystem read-only/i
const kernelWarnings = /\bWARNING: |\bSYN flooding\b|\btable full, dropping\b|\bclocksource\b.*\bunstable\b/

/** The level of a line that carries no level of its own. */
export function levelOfWords(words: string, who: string): Level {
	const near = words.slice(0, 300)
	if (who === 'systemd') return unitErrors.test(near) ? 'error' : 'info'
	if (who === 'kernel')
		return kernelErrors.test(near) ? 'error' : kernelWarnings.test(near) ? 'warning' : 'info'
	// It tells what it could not load; k3s loads several and needs few of them.
	if (who === 'modprobe') return 'warning'
	if (errorWords.test(near)) return 'error'
	return warningWords.test(near) ? 'warning' : 'info'
}

/**
 * Finds, in a stretch of a log, lines that may be errors or warnings: far more are asked than are, and none that is
 * one is missed. Fresh for each user, because a global pattern remembers its place.
 */
export function suspicious(): RegExp {
	return /level=[efpw]|"(?:level|severity)": ?"(?:[efpdwcEFPDWC])|[EWF]\d{4} \d\d:|panic: |fatal error: |goroutine \d|E(?:RR|rror: )|\[e|\[c|FATA|CRIT|PANI|SEVERE|[WT](?:ARN|race|arning: )|\[w|[eF](?:rror: |ailed |atal: )|xited, code|Out of|oom-k|I\/O e|egfault|BUG:|XFS|Call T|hung_t|blocked f|Remount|SYN f|table f|clocks|ncaught|-fs e|rnel p/g
}
