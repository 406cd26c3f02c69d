import type { WhyNot } from '../../model/bundle.js'
import { type Keep, keep } from './keep.js'
import type { Limits } from './limits.js'
import { worthOf } from './name.js'
import { type Notes, notebook } from './notes.js'
import { textOfCut } from './text.js'

/** What a folder or an archive held, before it is a bundle. Names are clean; they may still have a top directory. */
export interface Gathered {
	files: Map<string, string>
	/** Files that are there and could not be taken in. */
	lost: Map<string, WhyNot>
	/** Files that were taken in part: the end that is missing. */
	cuts: Map<string, 'head' | 'tail'>
	notes: Notes
	/** Newest modification time that was seen, epoch milliseconds; 0 when none. */
	modifiedAt: number
	/** The archive broke off or is damaged: what happened, completing "The archive …". */
	broken?: string
	/** How many names were looked at. */
	seen: number
	/** Reading ended early: a file that is missing may have been there. */
	partial: boolean
}

/** Room for one file: take its bytes, then file them, or give the room back. */
export interface Room {
	readonly push: Keep['push']
	file(): void
	giveUp(why: WhyNot): void
}

/** Takes files into a `Gathered` within the limits that they share. */
export interface Gatherer {
	readonly gathered: Gathered
	/**
	 * Room for one more file that claims to have `size` bytes, or `undefined` when the total is reached; then the
	 * file is noted as lost. `spare`: it is of no layout, and may only take what the others hardly need.
	 */
	room(name: string, size: number, spare?: boolean): Room | undefined
}

function isManifest(name: string): boolean {
	return name === 'bundle.json' || /^[^/]+\/bundle\.json$/.test(name)
}

function shownSize(bytes: number): string {
	return bytes >= 1024 * 1024 ? `${Math.round(bytes / 1024 / 1024)} MiB` : `${bytes} bytes`
}

export function gatherer(limits: Limits): Gatherer {
	const notes = notebook()
	const gathered: Gathered = {
		files: new Map(),
		lost: new Map(),
		cuts: new Map(),
		notes,
		modifiedAt: 0,
		seen: 0,
		partial: false,
	}
	let left = limits.total
	let spareLeft = limits.total / 4
	return {
		gathered,
		room(name, size, spare = false) {
			if (spare && size > spareLeft) return undefined
			if (spare) spareLeft -= size
			// Without bundle.json nothing is known of the node: it is read however much came before it.
			const most = isManifest(name) ? limits.file : Math.min(limits.file, left)
			if (most <= 0) {
				notes.about(`Only the first ${shownSize(limits.total)} were read, not read were`, name)
				gathered.lost.set(name, 'unreadable')
				return undefined
			}
			const reserved = Math.min(size, most)
			left -= reserved
			const taken = keep(worthOf(name), most)
			return {
				push: taken.push,
				file() {
					const { bytes, cut } = taken.end()
					left += reserved - bytes.length
					gathered.files.set(name, textOfCut(bytes, cut))
					if (!cut) return
					gathered.cuts.set(name, cut)
					const part = cut === 'head' ? 'last' : 'first'
					notes.about(`Of a large file only the ${part} ${shownSize(bytes.length)} were read`, name)
				},
				giveUp(why) {
					left += reserved
					gathered.lost.set(name, why)
				},
			}
		},
	}
}
