/** Answers of `getent ahosts NAME`. */
import type { Bundle, Entry } from '../../model/bundle.js'
import { linesOf, wordsOf } from '../lines.js'

/** `getent` says so when the name is not known; 1 is a wrong call, 127 no getent. */
const unknownName = 2

export function lookupFile(name: string): string {
	return `commands/getent-${name}.txt`
}

function nameOf({ argv }: Entry): string | undefined {
	const [program, database, name] = argv ?? []
	const asks = (database === 'ahosts' || database === 'hosts') && /(?:^|\/)getent$/.test(program ?? '')
	return asks && name !== undefined && name !== '' ? name : undefined
}

function addressesIn(text: string | undefined): string[] {
	const addresses = new Set<string>()
	for (const line of linesOf(text)) {
		const address = wordsOf(line.text)[0] ?? ''
		if (/^[0-9a-f.:]{2,45}(?:%\S{1,20})?$/i.test(address)) addresses.add(address)
	}
	return [...addresses]
}

/** Name -> its addresses; an empty list where the resolver said that there is no such name. */
export function lookupsOf(bundle: Bundle): ReadonlyMap<string, string[]> {
	const lookups = new Map<string, string[]>()
	for (const entry of bundle.entries) {
		const name = entry.file.startsWith('commands/getent-') ? nameOf(entry) : undefined
		if (name === undefined || (entry.why !== undefined && entry.why !== 'failed')) continue
		const addresses = addressesIn(bundle.files.get(entry.file))
		if (entry.exit === unknownName || addresses.length > 0) lookups.set(name, addresses)
	}
	return lookups
}

/** glibc gives a server up after 5 s: whoever says "unknown" later than that has heard nothing. */
const patienceMs = 4_500

/** Where the clock and the addresses of the host were not told in time either, the host is slow, not its resolver. */
function isSlow({ entries }: Bundle): boolean {
	return entries.some(
		({ file, why }) => why === 'timeout' && /^commands\/(?:date|uname|hostname|ip-)/.test(file),
	)
}

/** Names for which no server answered: the question ran into its limit, or ended in vain after a long wait. */
export function unansweredOf(bundle: Bundle): string[] {
	if (isSlow(bundle)) return []
	return bundle.entries.flatMap(entry => {
		const name = entry.file.startsWith('commands/getent-') ? nameOf(entry) : undefined
		const late = entry.exit === unknownName && (entry.ms ?? 0) > patienceMs
		return name !== undefined && (entry.why === 'timeout' || late) ? [name] : []
	})
}
