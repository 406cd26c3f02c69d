/** Saves what is shown of a log, with its secrets masked as in a bundle. */
import { open, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Message } from '../../app/message.js'
import { redactorFor } from '../../bundle/redact/maker.js'
import type { Bundle } from '../../model/bundle.js'
import { plainLine } from '../../model/plain-text.js'
import type { LogSession } from './session.js'
import type { ShownLine } from './shown.js'

/** Masked together: a key of many lines must not fall apart between two pieces. */
const together = 20_000

export function textOf(rows: readonly ShownLine[]): string {
	return rows
		.map(({ text, times }) => `${times === undefined ? '' : `(×${times}) `}${plainLine(text)}\n`)
		.join('')
}

async function* piecesOf(session: LogSession, signal: AbortSignal): AsyncGenerator<string, void, undefined> {
	let lines: string[] = []
	let count = 0
	for await (const rows of session.shown.lines(signal)) {
		lines.push(textOf(rows))
		count += rows.length
		if (count < together) continue
		yield lines.join('')
		lines = []
		count = 0
	}
	if (lines.length > 0) yield lines.join('')
}

export async function saveLog(
	session: LogSession,
	path: string,
	send: (message: Message) => void,
	bundle?: Bundle,
): Promise<void> {
	const say = (text: string, tone: 'good' | 'bad' | 'plain') =>
		send({ type: 'notice', notice: { text, tone } })
	const { signal } = new AbortController()
	// What was found secret anywhere in the bundle is masked here as well, with the same marks.
	const masks = redactorFor(bundle)
	const full = resolve(path)
	try {
		// Made before anything else: whether it can be written is known at once.
		const file = await open(full, 'wx', 0o600)
		try {
			say(`Saving ${full} …`, 'plain')
			// A secret may be told by a line far below its first use: all is looked at before anything is written.
			for await (const piece of piecesOf(session, signal)) masks.text('journal/k3s.log', piece)
			let lines = 0
			for await (const piece of piecesOf(session, signal)) {
				await file.write(masks.text('journal/k3s.log', piece))
				for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', at + 1)) lines += 1
			}
			await file.sync()
			const masked = masks.masked().reduce((sum, { count }) => sum + count, 0)
			const hidden = masked === 0 ? 'no secret was found in it' : 'its secrets are masked'
			say(`${lines === 1 ? '1 line is' : `${lines} lines are`} in ${full}; ${hidden}.`, 'good')
		} catch (error) {
			await rm(full, { force: true }).catch(() => {})
			throw error
		} finally {
			await file.close()
		}
	} catch (error) {
		const { code } = error as { code?: string }
		const words =
			code === 'EEXIST'
				? `${full} exists already. S again, with another name.`
				: `${full} could not be written: ${error instanceof Error ? error.message : String(error)}`
		say(words, 'bad')
	}
}
