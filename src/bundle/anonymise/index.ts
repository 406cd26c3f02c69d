/**
 * A bundle that does not say whose it is: addresses, names of hosts, namespaces, workloads and people are replaced,
 * each always by the same, so that what belongs together still does and the diagnoses hold. Secrets are masked before.
 */
import { randomBytes } from 'node:crypto'
import type { Bundle, Entry, Run } from '../../model/bundle.js'
import { withReasons } from '../redact/bundle.js'
import { addressesWith } from './addresses.js'
import { certificateMasker } from './certificates.js'
import { identitiesOf } from './identities.js'
import { renamerOf } from './names.js'
import { scrambleWith } from './scramble.js'

/** PEM and long runs of base64: a name that stands in them by chance is none. */
const opaque =
	/-----BEGIN [A-Z ]{1,40}-----[A-Za-z0-9+/=\s\\]{1,100000}-----END [A-Z ]{1,40}-----|[A-Za-z0-9+/]{60,}={0,2}/g

export function anonymise(bundle: Bundle, key: Uint8Array = randomBytes(32)): Bundle {
	const scramble = scrambleWith(key)
	const identities = identitiesOf(bundle)
	const rename = renamerOf(identities, scramble)
	const addresses = addressesWith(scramble)
	const certificates = certificateMasker(rename, addresses)

	const words = (text: string) => addresses.text(rename(text))
	const text = (given: string) => outside(certificates(given), words)
	const file = (name: string, given: string) =>
		/^files\/proc\/net\/(?:tcp6?|udp6?|route)$/.test(name)
			? words(hexAddresses(given, addresses.hex))
			: text(given)
	const entry = (given: Entry): Entry => ({
		...given,
		file: words(given.file),
		...(given.path !== undefined && { path: words(given.path) }),
		...(given.argv && { argv: given.argv.map(words) }),
		...(given.stderr !== undefined && { stderr: text(given.stderr) }),
		...(given.detail !== undefined && { detail: words(given.detail) }),
		...(given.instead !== undefined && { instead: words(given.instead) }),
	})
	const origin = ([name, runs]: [string, readonly Run[]]): [string, Run[]] => [
		words(name),
		runs.map(run => ({ ...run, file: words(run.file) })),
	]

	const files = new Map([...bundle.files].map(([name, given]) => [words(name), file(name, given)]))
	const notes = bundle.notes.map(words)
	if (identities.common.size > 0) {
		const kept = [...identities.common].sort().slice(0, 10).join(', ')
		notes.push(`Names that are common words were not replaced: ${kept}.`)
	}
	return {
		...bundle,
		node: {
			...bundle.node,
			hostname: words(bundle.node.hostname),
			unit: words(bundle.node.unit),
			dataDir: words(bundle.node.dataDir),
		},
		entries: bundle.entries.map(entry),
		files,
		notes,
		...(bundle.live && { live: withReasons(bundle.live, words) }),
		...(bundle.origins && { origins: new Map([...bundle.origins].map(origin)) }),
		...(bundle.masked && { masked: bundle.masked.map(each => ({ ...each, file: words(each.file) })) }),
	}
}

/** Applies `change` to all but the opaque parts. */
function outside(text: string, change: (text: string) => string): string {
	const parts: string[] = []
	let from = 0
	for (const { 0: whole, index } of text.matchAll(opaque)) {
		parts.push(change(text.slice(from, index)), whole)
		from = index + whole.length
	}
	return parts.join('') + change(text.slice(from))
}

/** Columns of /proc/net: `0101A8C0:1770`, and bare numbers in the table of routes. */
function hexAddresses(text: string, hex: (number: string) => string): string {
	return text
		.replace(/(?<![0-9A-F])([0-9A-F]{8}|[0-9A-F]{32})(?=:[0-9A-F]{4}\b)/g, hex)
		.replace(
			/^(\S+\t)([0-9A-F]{8})(\t)([0-9A-F]{8})(?=\t)/gm,
			(_, name: string, to: string, tab: string, by: string) => name + hex(to) + tab + hex(by),
		)
}
