/** A stream of which nobody said what it is: an archive or a log, compressed or not, told by its content. */
import type { Bundle } from '../../model/bundle.js'
import { BundleError } from '../error.js'
import { translated } from '../foreign/index.js'
import { answersIn } from '../foreign/loose/transcript.js'
import { isTar, readArchive } from './archive.js'
import { assemble } from './assemble.js'
import { gatherer } from './gathered.js'
import { isExport } from './journal-export.js'
import { keep } from './keep.js'
import type { Limits } from './limits.js'
import { formOf } from './lines.js'
import { type BareLog, bundleOfLog, refuseOthers } from './log.js'
import { type Bytes, gunzip, isDamage, isGzip, peek } from './stream.js'
import { plainLog } from './terminal-log.js'
import { textOfCut } from './text.js'

export interface Unknown {
	bytes: Bytes
	/** What the operator calls it. */
	shown: string
	/** Epoch milliseconds. */
	modifiedAt: number
	limits: Limits
	/** The last bytes of the same, where it is so large that only they are kept if it is a plain log. */
	lastBytes?: () => Bytes
}

/** Enough for a tar header, and to tell a text from anything else. */
const firstLook = 4096

async function takeLog(bytes: Bytes, limits: Limits) {
	const taken = keep('tail', limits.file)
	const notes: string[] = []
	let passed = 0
	try {
		for await (const chunk of bytes) {
			taken.push(chunk)
			passed += chunk.length
			if (passed < limits.unpacked) continue
			notes.push(`The log is longer than ${Math.round(passed / 1024 / 1024)} MiB; its end was not read.`)
			break
		}
	} catch (error) {
		if (!isDamage(error)) throw error
		notes.push('The compressed log is damaged or cut off; what could be unpacked is used.')
	}
	return { ...taken.end(), notes }
}

type Taken = Omit<BareLog, 'name' | 'given' | 'plain'>

/** A log; or any other single answer, told by its content, where no line of it is one of a log. */
function bundleOfText(read: Taken, { shown, limits }: Unknown, tried: string): Bundle {
	const given = isExport(read.bytes) ? '' : textOfCut(read.bytes, read.cut)
	const plain = plainLog(given, read.modifiedAt)
	const name = shown.slice(shown.lastIndexOf('/') + 1) || 'standard input'
	// A log among the answers of several commands is one of them.
	if (given !== '' && (formOf(plain.text) === 'none' || answersIn(name, given).length > 1)) {
		const into = gatherer(limits)
		into.gathered.files.set(name, given)
		into.gathered.modifiedAt = read.modifiedAt
		const made = translated(into.gathered)
		if (made) return { ...made, notes: [...read.notes, ...made.notes] }
	}
	return bundleOfLog({ ...read, name, given, plain }, tried)
}

export async function openStream(unknown: Unknown): Promise<Bundle> {
	const { shown, modifiedAt, limits, lastBytes } = unknown
	const tried = `open ${shown}`
	const outer = await peek(unknown.bytes, 2)
	const packed = isGzip(outer.first)
	const { first, all } = await peek(packed ? gunzip(outer.all) : outer.all, firstLook)
	if (packed && first.length === 0) {
		const next = 'Copy or download it again, or ask for a new one.'
		throw new BundleError(tried, 'its compressed data is damaged from the start', next)
	}
	if (isTar(first)) {
		const gathered = await readArchive(all, limits)
		gathered.modifiedAt ||= modifiedAt
		return assemble(gathered, shown, 'archive')
	}
	refuseOthers(first, tried)
	if (!packed && lastBytes) {
		await all.return()
		return bundleOfText({ ...(await takeLog(lastBytes(), limits)), modifiedAt }, unknown, tried)
	}
	return bundleOfText({ ...(await takeLog(all, limits)), modifiedAt }, unknown, tried)
}
