// A log of as many lines as are wanted, made of recorded ones with their times moved on; written where it is told.
import { closeSync, openSync, writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { openBundle } from '../../dist/src/bundle/open.js'

const recordings = ['healthy-server', 'disk-full-restart', 'agent-cert-expired']
const folder = fileURLToPath(new URL('../recordings/', import.meta.url))

/** Lines of recorded journals without their times. */
export async function recordedLines() {
	const lines = []
	for (const name of recordings) {
		const { files } = await openBundle(`${folder}${name}.tar.gz`)
		for (const [file, text] of files) {
			if (!/^journal\/k3s/.test(file)) continue
			for (const line of text.split('\n')) if (/^\d{4}-/.test(line)) lines.push(line.slice(line.indexOf(' ')))
		}
	}
	return lines
}

const stamp = at => `${new Date(at).toISOString().slice(0, 23)}000+0000`

/** Bytes written. About 50 lines a second, over some hours. */
export async function writeBigLog(path, count) {
	const lines = await recordedLines()
	const file = openSync(path, 'w', 0o600)
	let bytes = 0
	let piece = []
	const begin = Date.UTC(2026, 10, 20)
	for (let index = 0; index < count; index += 1) {
		piece.push(`${stamp(begin + index * 20)}${lines[index % lines.length]}\n`)
		if (piece.length < 5_000 && index + 1 < count) continue
		bytes += writeSync(file, piece.join(''))
		piece = []
	}
	closeSync(file)
	return bytes
}
