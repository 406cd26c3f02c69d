/** Examines what the options name: a saved bundle, or this host. */
import { rules } from '../../rules/index.js'
import { openBundle } from '../bundle/open.js'
import { type Examination, examine } from '../examine.js'
import type { Parsed } from './parse.js'

export async function examineAsTold(parsed: Parsed): Promise<Examination> {
	const from = parsed.values.get('from')
	if (from !== undefined)
		return examine(await openBundle(from), rules, from === '-' ? 'standard input' : from)
	// The hands are loaded only for a live node.
	const { askThisHost } = await import('./live.js')
	const { bundle, ms } = await askThisHost(parsed)
	return examine(bundle, rules, 'this host', ms)
}
