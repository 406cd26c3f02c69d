import { type ExtractEvents, extract } from 'tar-stream'
import { isForeign, isLoose } from '../foreign/index.js'
import { type Gathered, type Gatherer, gatherer } from './gathered.js'
import type { Limits } from './limits.js'
import { cleanName, isKnown, splitTop } from './name.js'
import type { Bytes } from './stream.js'

const block = 512

/** Whether `first` begins with the header of a tar archive: its checksum is right. */
export function isTar(first: Buffer): boolean {
	if (first.length < block) return false
	let sum = 0
	for (let at = 0; at < block; at++) sum += at >= 148 && at < 156 ? 32 : (first[at] ?? 0)
	return Number.parseInt(first.toString('latin1', 148, 156), 8) === sum
}

/** A file of a layout, at the archive's top or below one directory. */
function isWanted(name: string): boolean {
	return isKnown(name) || isKnown(splitTop(name)?.[1] ?? '') || isForeign(name)
}

type Entry = ExtractEvents['entry'][1]

async function takeEntry(entry: Entry, into: Gatherer): Promise<void> {
	const { gathered } = into
	const { notes } = gathered
	const { name: given, type, size, mtime } = entry.header
	const name = cleanName(given)
	const skip = () => void entry.resume()
	if (type === 'directory') return skip()
	if (name === undefined) {
		notes.about('Refused because of its name', given)
		return skip()
	}
	if (type !== 'file' && type !== 'contiguous-file') {
		notes.about(
			type === 'link' || type === 'symlink' ? 'Links are not followed' : 'Not a file, skipped',
			name,
		)
		return skip()
	}
	const spare = !isWanted(name)
	if (spare && !isLoose(name)) return skip()
	if (gathered.files.has(name)) {
		notes.about('There twice, the first one counts', name)
		return skip()
	}
	const room = into.room(name, size, spare)
	if (!room) return skip()
	try {
		for await (const chunk of entry) if (chunk instanceof Uint8Array) room.push(chunk)
	} catch (error) {
		room.giveUp('unreadable')
		throw error
	}
	room.file()
	const modifiedAt = mtime.getTime()
	if (modifiedAt > gathered.modifiedAt && modifiedAt <= Date.now()) gathered.modifiedAt = modifiedAt
}

/** What went wrong, completing "The archive …", from the words of zlib and tar-stream. */
function howBroken(error: unknown): string {
	const code = (error as NodeJS.ErrnoException).code ?? ''
	if (code === 'Z_BUF_ERROR') return 'ends too early (its compressed data is cut off)'
	if (code.startsWith('Z_')) return 'is damaged (its compressed data does not unpack)'
	const message = error instanceof Error ? error.message : ''
	if (message === 'Unexpected end of data') return 'ends too early (in the middle of a file)'
	if (code !== '') return `could not be read to its end (${code})`
	return 'is damaged (a header in it makes no sense)'
}

/** Reads a tar stream, unpacked already, to its end or to a limit. Never throws; damage is in `broken`. */
export async function readArchive(source: Bytes, limits: Limits): Promise<Gathered> {
	const into = gatherer(limits)
	const { gathered } = into
	const tar = extract()
	let broken: string | undefined
	let limited = false
	let unmarked = false
	let goOn = () => {}
	tar.on('drain', () => goOn())
	tar.on('close', () => goOn())

	const pump = async () => {
		let passed = 0
		let zeros = 0
		try {
			for await (const chunk of source) {
				if (tar.destroyed) return
				passed += chunk.length
				let at = chunk.length
				while (at > 0 && chunk.length - at < 2 * block && chunk[at - 1] === 0) at--
				zeros = at === 0 ? zeros + chunk.length : chunk.length - at
				if (!tar.write(chunk) && !tar.destroyed) {
					await new Promise<void>(resolve => {
						goOn = resolve
					})
				}
				if (passed < limits.unpacked) continue
				limited = true
				break
			}
			unmarked = zeros < block
		} catch (error) {
			broken = howBroken(error)
		}
		// Ended, not destroyed: what has been unpacked is still to be read.
		tar.end(null)
	}

	const pumped = pump()
	try {
		for await (const entry of tar) {
			gathered.seen += 1
			if (gathered.seen > limits.entries) {
				limited = true
				break
			}
			await takeEntry(entry, into)
		}
	} catch (error) {
		if (!limited) broken ??= howBroken(error)
	} finally {
		tar.destroy()
		await pumped
	}
	gathered.partial = limited || broken !== undefined
	if (gathered.seen > limits.entries) {
		gathered.notes.say(`The archive holds more than ${limits.entries} files; the rest was not read.`)
	} else if (limited) {
		gathered.notes.say(
			`The archive unpacks to more than ${Math.round(limits.unpacked / 1024 / 1024)} MiB; the rest was not read.`,
		)
	}
	if (unmarked) broken ??= 'ends too early (its end mark is missing)'
	if (broken !== undefined && !limited) gathered.broken = broken
	return gathered
}
