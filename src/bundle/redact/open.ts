/** Opens a saved bundle for people to look at: nothing secret in it reaches a screen, a report or a clipboard. */
import type { Bundle } from '../../model/bundle.js'
import { type OpenOptions, openBundle } from '../open.js'
import { redactBundle } from './bundle.js'
import { type Redactor, redactor } from './redactor.js'

export interface RedactedOptions extends OpenOptions {
	/** With the operator's own rules. */
	redact?: Redactor
}

/**
 * Also a bundle that says it was masked when it was made: somebody may have put files into it since. What is masked
 * stays as it is. Throws what `openBundle` throws.
 */
export async function openRedacted(path: string, options: RedactedOptions = {}): Promise<Bundle> {
	return redactBundle(await openBundle(path, options), options.redact ?? redactor())
}
