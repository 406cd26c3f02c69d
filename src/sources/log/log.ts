/** A log that is not cut into starts, read into its distinct messages. */
import type { LogEvidence } from '../../model/evidence/index.js'
import { DistinctMessages } from '../journal/distinct.js'

export interface LogLine {
	/** Epoch milliseconds; `undefined` when the line carries no time: then the one before it counts. */
	at: number | undefined
	body: string
}

/** `read` gives `undefined` for lines that say nothing (headers, blanks). `undefined` when no line says anything. */
export function readLog(
	file: string,
	content: string,
	speaker: string,
	read: (line: string) => LogLine | undefined,
): LogEvidence | undefined {
	const distinct = new DistinctMessages(file)
	let index = 0
	let said = 0
	let firstAt = 0
	let lastAt = 0
	for (let from = 0; from < content.length; index += 1) {
		const newline = content.indexOf('\n', from)
		const end = newline < 0 ? content.length : newline
		const line = end > from ? read(content.slice(from, end)) : undefined
		from = end + 1
		if (!line?.body) continue
		if (line.at !== undefined) lastAt = line.at
		if (firstAt === 0) firstAt = lastAt
		said += 1
		distinct.add(line.body, index, lastAt, speaker)
	}
	if (!said) return undefined
	const messages = distinct.messages()
	// logrus does not say whose it is, so the decoder takes it for k3s.
	for (const message of messages) if (message.component === 'k3s') message.component = speaker
	return { file, lines: index, firstAt, lastAt, messages }
}
