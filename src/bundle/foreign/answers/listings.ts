/** `ls -lah`, one directory or many (`-R`), as the listing that the doctor makes with find. */
import { bytesOf } from '../bytes.js'
import type { Placed } from '../draft.js'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const types: Readonly<Record<string, string>> = { '-': 'f', d: 'd', l: 'l', s: 's', p: 'p', b: 'b', c: 'c' }

/** `rwxr-x--T` -> octal. */
function modeOf(letters: string): string {
	const bits = [0, 3, 6].map(at => {
		const [r, w, x] = [letters[at], letters[at + 1], letters[at + 2] ?? '-']
		return (r === 'r' ? 4 : 0) + (w === 'w' ? 2 : 0) + (/[xst]/.test(x) ? 1 : 0)
	})
	const special =
		(/[sS]/.test(letters[2] ?? '') ? 4 : 0) +
		(/[sS]/.test(letters[5] ?? '') ? 2 : 0) +
		(/[tT]/.test(letters[8] ?? '') ? 1 : 0)
	return `${special || ''}${bits.join('')}`
}

/** `Nov 21 04:24` of the last months, `Nov 21  2025` before; as find writes it. */
function timeOf(month: string, day: string, last: string, now: number): string {
	const at = months.indexOf(month)
	if (at < 0) return '1970-01-01T00:00:00'
	const date = new Date(now)
	const clock = /^(\d\d):(\d\d)$/.exec(last)
	let year = clock ? date.getUTCFullYear() : Number(last)
	if (clock && Date.UTC(year, at, Number(day)) > now + 2 * 86_400_000) year -= 1
	const made = Date.UTC(year, at, Number(day), Number(clock?.[1] ?? 0), Number(clock?.[2] ?? 0))
	return Number.isNaN(made) ? '1970-01-01T00:00:00' : new Date(made).toISOString().slice(0, 19)
}

const row =
	/^([-dlspbc])([-rwxsStT]{9})[.+@]? +\d+ +(\S+) +(\S+) +(\S+) +([A-Z][a-z]{2}) +(\d{1,2}) +(\d\d:\d\d|\d{4}) (.+)$/

export interface Listed {
	lines: Placed[]
	/** Directories that were listed. */
	dirs: string[]
	/** What ls said about directories that it could not list. */
	complaints: string[]
}

/** `dir`: what was listed where the answer has no headings; `now`: the local time. */
export function readListing(answer: readonly Placed[], dir: string, now: number): Listed {
	const listed: Listed = { lines: [], dirs: [], complaints: [] }
	let here = dir
	for (const line of answer) {
		const { text } = line
		const heading = /^(\/.*):$/.exec(text)?.[1]
		if (heading !== undefined) {
			here = heading
			continue
		}
		if (/^ls: /.test(text)) {
			listed.complaints.push(text)
			continue
		}
		if (/^total /.test(text)) {
			listed.dirs.push(here)
			continue
		}
		const parts = row.exec(text)
		if (!parts) continue
		const [
			,
			kind = '',
			letters = '',
			owner = '',
			group = '',
			size = '',
			month = '',
			day = '',
			last = '',
			told = '',
		] = parts
		if (told === '..') continue
		const [name = '', target = ''] = kind === 'l' ? told.split(' -> ', 2) : [told]
		if (name.includes('\t')) continue
		const path = name === '.' ? here : `${here}/${name}`
		// Numbers of users are not told; all that matters is whether it is root's.
		const id = (who: string) => (who === 'root' ? '0' : /^\d+$/.test(who) ? who : '65534')
		const fields = [
			types[kind] ?? 'f',
			modeOf(letters),
			id(owner),
			id(group),
			String(bytesOf(size, 1) === undefined ? 0 : sizeOf(size)),
			timeOf(month, day, last, now),
			path,
			target,
		]
		listed.lines.push({ ...line, text: fields.join('\t') })
	}
	return listed
}

/** `4.0K` of ls is 4096. */
function sizeOf(size: string): number {
	const letter = size.at(-1) ?? ''
	return 'KMGTPE'.includes(letter) ? (bytesOf(`${size}i`) ?? 0) : (bytesOf(size) ?? 0)
}
