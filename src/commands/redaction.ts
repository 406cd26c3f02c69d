/** What the options say about masking. */
import { readFile } from 'node:fs/promises'
import { anonymise } from '../bundle/anonymise/index.js'
import { openRedacted } from '../bundle/redact/open.js'
import { type Redactor, redactor } from '../bundle/redact/redactor.js'
import { parseRules } from '../bundle/redact/rules.js'
import type { Bundle } from '../model/bundle.js'
import { type Parsed, UsageError } from './parse.js'

/** With the operator's own rules, where there are any. */
export async function redactorOf({ values }: Parsed): Promise<Redactor> {
	const path = values.get('redact')
	if (path === undefined) return redactor()
	const text = await readFile(path, 'utf8').catch(() => undefined)
	if (text === undefined)
		throw new UsageError(`${path} cannot be read: it should hold rules of what to mask.`)
	return redactor(parseRules(text, path))
}

/**
 * For all that one session looks at: one key, so that equal secrets get equal marks whenever they are asked for, and
 * what was found to be secret once stays known. Each that is given counts from zero.
 */
export function sessionRedactor(parsed: Parsed): () => Promise<Redactor> {
	let first: Promise<Redactor> | undefined
	return async () => {
		first ??= redactorOf(parsed).catch((error: unknown) => {
			first = undefined
			throw error
		})
		return (await first).anew()
	}
}

/** A saved bundle, masked as the options say. */
export async function openAsTold(parsed: Parsed, path: string): Promise<Bundle> {
	return anonymisedAsTold(parsed, await openRedacted(path, { redact: await redactorOf(parsed) }))
}

export function anonymisedAsTold({ switches }: Parsed, bundle: Bundle): Bundle {
	return switches.has('anonymise') ? anonymise(bundle) : bundle
}
