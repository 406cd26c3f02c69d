/** Opens a saved bundle for people to look at: nothing secret in it reaches a screen, a report or a clipboard. */
import type { Bundle } from '../../model/bundle.js'
import { type OpenOptions, openBundle } from '../open.js'
import { redactBundle } from './bundle.js'
import { redactor } from './redactor.js'

/** One that this doctor collected was masked when it was made, and says so. Throws what `openBundle` throws. */
export async function openRedacted(path: string, options: OpenOptions = {}): Promise<Bundle> {
	const bundle = await openBundle(path, options)
	return bundle.masked === undefined ? redactBundle(bundle, redactor()) : bundle
}
