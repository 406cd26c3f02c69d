/** `diff A B`: what changed between two bundles. */
import { rules } from '../../rules/index.js'
import { openRedacted } from '../bundle/redact/open.js'
import type { Redactor } from '../bundle/redact/redactor.js'
import { examine } from '../examine.js'
import { compare, type Side } from '../report/diff/compare.js'
import { diffJson, diffMarkdown, diffText } from '../report/diff/show.js'
import { exitStatus } from './exit.js'
import { lookOf } from './options.js'
import { writeOut } from './outlet.js'
import type { Parsed } from './parse.js'
import { redactorOf } from './redaction.js'

export async function diffCommand(parsed: Parsed): Promise<number> {
	const { positionals, values, switches } = parsed
	const [a = '', b = ''] = positionals
	const format = values.get('format') ?? 'text'
	// One key for both: a secret that is the same on both sides has the same mark.
	const redact = await redactorOf(parsed)
	const comparison = compare(await sideOf(a, redact), await sideOf(b, redact.anew()))
	const output = values.get('output')
	const text =
		format === 'json'
			? diffJson(comparison)
			: format === 'markdown'
				? diffMarkdown(comparison)
				: diffText(comparison, lookOf(parsed, output !== undefined && output !== '-'))
	await writeOut(text, output, switches.has('force'))
	return exitStatus.fine
}

async function sideOf(path: string, redact: Redactor): Promise<Side> {
	return examine(await openRedacted(path, { redact }), rules, path)
}
