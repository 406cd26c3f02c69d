/** Reads the listing: type, octal mode, uid, gid, size, time, path, link target; parted by tabs. */
import type { FileType, ListedFile } from '../../model/evidence/index.js'
import { listing } from './question.js'

export interface Listing {
	listed: Map<string, ListedFile>
	/** Told in the listing itself, where it was made by hand. */
	missing: string[]
	notEntered: string[]
	/** It was made by hand, and is complete but for what it says itself. */
	byHand: boolean
}

const types: Readonly<Record<string, FileType>> = { f: 'file', d: 'dir', l: 'link', s: 'socket' }

/** find prints the node's local time without its zone. */
function timeOf(text: string, offsetMinutes: number): number {
	if (text.startsWith('@')) {
		const at = Number(text.slice(1)) * 1000
		return Number.isFinite(at) ? Math.floor(at) : 0
	}
	const at = Date.parse(`${text.slice(0, 23)}Z`)
	return Number.isNaN(at) ? 0 : at - offsetMinutes * 60_000
}

function whole(text: string): number {
	return /^\d{1,15}$/.test(text) ? Number(text) : 0
}

export function readListing(text: string, offsetMinutes: number): Listing {
	const read: Listing = { listed: new Map(), missing: [], notEntered: [], byHand: false }
	for (const [index, line] of text.split('\n').entries()) {
		const [type = '', mode = '', uid = '', gid = '', size = '', time = '', path = '', target = '', more] =
			line.split('\t', 9)
		// A name with a tab in it cannot be told from a link's target.
		if (!path.startsWith('/') || more !== undefined) continue
		if (type === 'N') read.missing.push(path)
		else if (type === '?') read.notEntered.push(path)
		else if (/^[a-zA-Z]$/.test(type)) {
			read.byHand ||= time.startsWith('@')
			read.listed.set(path, {
				path,
				type: types[type] ?? 'other',
				mode: /^[0-7]{1,4}$/.test(mode) ? Number.parseInt(mode, 8) : 0,
				uid: whole(uid),
				gid: whole(gid),
				size: whole(size),
				modifiedAt: timeOf(time, offsetMinutes),
				...(target !== '' && { target }),
				quote: { file: listing, line: index + 1, text: line.slice(0, 500) },
			})
		}
	}
	return read
}
