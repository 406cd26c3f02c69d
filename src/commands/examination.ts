/** Examines what the options name: a saved bundle, or this host. */
import { rules } from '../../rules/index.js'
import { type Examination, examine } from '../examine.js'
import type { Parsed } from './parse.js'
import { anonymisedAsTold, openAsTold } from './redaction.js'

export async function examineAsTold(parsed: Parsed): Promise<Examination> {
	const from = parsed.values.get('from')
	if (from !== undefined)
		return examine(await openAsTold(parsed, from), rules, from === '-' ? 'standard input' : from)
	// The hands are loaded only for a live node.
	const { askThisHost } = await import('./live.js')
	const { bundle, ms } = await askThisHost(parsed)
	return examine(anonymisedAsTold(parsed, bundle), rules, 'this host', ms)
}
