/** Examines what the options name: a saved bundle, or this host. */
import { rules } from '../../rules/index.js'
import { type Examination, examine } from '../examine.js'
import type { Parsed } from './parse.js'
import { anonymisedAsTold, openAsTold } from './redaction.js'

/** The path of a bundle mostly names the node: whoever asks not to be known does not tell it either. */
function originOf({ switches }: Parsed, from: string): string {
	if (switches.has('anonymise')) return 'a saved bundle'
	return from === '-' ? 'standard input' : from
}

export async function examineAsTold(parsed: Parsed): Promise<Examination> {
	const from = parsed.values.get('from')
	if (from !== undefined) return examine(await openAsTold(parsed, from), rules, originOf(parsed, from))
	// The hands are loaded only for a live node.
	const { askThisHost } = await import('./live.js')
	const { bundle, ms } = await askThisHost(parsed)
	return examine(anonymisedAsTold(parsed, bundle), rules, 'this host', ms)
}
