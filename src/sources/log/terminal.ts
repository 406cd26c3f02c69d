/** What programs with logrus write where a terminal is: `INFO[0005] words   key=value`, seconds since they began. */
import type { Level } from '../../model/evidence/index.js'

export interface TerminalLine {
	level: Level
	/** Seconds, or a time: what stands in the brackets. */
	told: string
	/** What was said, without the blanks behind it. */
	says: string
}

const levels: Readonly<Record<string, Level>> = {
	TRAC: 'trace',
	DEBU: 'debug',
	INFO: 'info',
	WARN: 'warning',
	ERRO: 'error',
	FATA: 'fatal',
	PANI: 'panic',
}

const head = /^(TRAC|DEBU|INFO|WARN|ERRO|FATA|PANI)\[([^\]\s]{1,40})\] ?/

export function terminalLine(line: string): TerminalLine | undefined {
	const parts = head.exec(line)
	if (!parts) return undefined
	return {
		level: levels[parts[1] ?? ''] ?? 'info',
		told: parts[2] ?? '',
		says: line.slice(parts[0].length).trimEnd(),
	}
}
