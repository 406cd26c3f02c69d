/** Replaces names in texts, word by word: no pattern grows with the number of names. */
import type { Identities } from './identities.js'
import type { Scramble } from './scramble.js'
import { standsAsUser } from './users.js'

const token = /[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?/g

/** What controllers put before the name that they work for; rules know jobs and pods by it. */
const generated =
	/^(?:helm-(?:install|delete)|helper-pod(?:-(?:create|delete))?|svclb|chart-(?:content|values))-(?=.)/

/** So many words are remembered, and no more: a bundle may be large, the host small. */
const mostOthers = 100_000

export type Rename = (text: string) => string

export function renamerOf({ anywhere, inPlaces, users }: Identities, scramble: Scramble): Rename {
	const firsts = new Set([...anywhere, ...inPlaces, ...users].map(name => name.split(/[._-]/, 1)[0] ?? ''))
	const made = new Map<string, string>()
	// A pod keeps the name of its workload in its own: `web` -> `qzk`, `web-5f56-x` -> `qzk-5f56-x`.
	const parts = new Set([...anywhere, ...inPlaces])

	function replacement(name: string): string {
		const known = made.get(name)
		if (known !== undefined) return known
		const lower = name.toLowerCase()
		const given = generated.exec(lower)?.[0] ?? ''
		const prefix = [...prefixesOf(lower)].find(each => parts.has(each))
		const text = users.has(lower)
			? scramble.word(name)
			: lower.includes('.')
				? name
						.split('.')
						.map((label, index, all) => (keptLabel(label, index, all) ? label : replacement(label)))
						.join('.')
				: prefix !== undefined && prefix.length >= given.length
					? `${replacement(name.slice(0, prefix.length))}${name.slice(prefix.length)}`
					: given !== ''
						? `${given}${replacement(name.slice(given.length))}`
						: scramble.word(name)
		made.set(name, text)
		return text
	}

	// Most words of a log come again and again, and hold no name.
	const others = new Set<string>()

	function renamed(whole: string, at: number, text: string): string {
		if (others.has(whole)) return whole
		const pieces = whole.split(/([._-]+)/)
		if (!pieces.some((piece, index) => index % 2 === 0 && firsts.has(piece.toLowerCase()))) {
			if (others.size < mostOthers) others.add(whole)
			return whole
		}
		const out: string[] = []
		let position = at
		for (let from = 0; from < pieces.length; ) {
			const piece = pieces[from] ?? ''
			const length =
				from % 2 === 0 && firsts.has(piece.toLowerCase()) ? longest(pieces, from, position, text) : 0
			if (length === 0) {
				out.push(piece)
				position += piece.length
				from += 1
				continue
			}
			const name = pieces.slice(from, from + length).join('')
			out.push(replacement(name))
			position += name.length
			from += length
		}
		return out.join('')
	}

	/** How many pieces from `from` on are a name; 0: none. */
	function longest(pieces: readonly string[], from: number, position: number, text: string): number {
		const most = Math.min(pieces.length - from, 31)
		for (let length = most % 2 === 0 ? most - 1 : most; length > 0; length -= 2) {
			const name = pieces
				.slice(from, from + length)
				.join('')
				.toLowerCase()
			if (anywhere.has(name)) return length
			if (users.has(name) && standsAsUser(text, position, name.length)) return length
			if (inPlaces.has(name) && standsAsName(text, position, name.length)) return length
		}
		return 0
	}

	return text => text.replace(token, (whole, at: number) => renamed(whole, at, text))
}

/** `web-5f56-x` -> `web-5f56`, `web`. */
function* prefixesOf(name: string): Generator<string> {
	for (let at = name.lastIndexOf('-'); at > 0; at = name.lastIndexOf('-', at - 1)) yield name.slice(0, at)
}

/** The last label of a domain says nothing of the house, and neither do Kubernetes' own. */
function keptLabel(label: string, index: number, all: readonly string[]): boolean {
	return (
		(all.length > 1 && index === all.length - 1) ||
		/^(?:svc|cluster|local|pod|node-password|k3s)$/.test(label)
	)
}

/** Whether a plain word stands where names stand: quoted, in `namespace/name`, behind `=` or `_`. */
function standsAsName(text: string, at: number, length: number): boolean {
	const before = text[at - 1] ?? '\n'
	const after = text[at + length] ?? '\n'
	if (before === '-' || after === '-') return true
	if (before === '"' || before === "'") return /["'/_:.]/.test(after)
	if (before === '/' || before === '_' || before === '=') return /[\s"'/_:,;)&\]}.]/.test(after)
	return (before === ' ' || before === '(') && after === '/'
}
