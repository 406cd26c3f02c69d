import type { ConfigEvidence, Evidence } from '../../model/evidence/index.js'
import { type Change, changesBetween } from './compare.js'

interface Compared {
	changes: Change[]
	blind?: string
}

export function configurationChanges(a: Evidence, b: Evidence): Compared {
	if (!a.config || !b.config) return { changes: [], blind: 'One of the two has no configuration.' }
	const settings = changesBetween(settingsOf(a.config), settingsOf(b.config))
	const problems = changesBetween(problemsOf(a.config), problemsOf(b.config))
	return { changes: [...settings, ...problems] }
}

/** What k3s goes by, whatever file or flag it came from, and its environment. */
function settingsOf({ values, environment, files }: ConfigEvidence): Map<string, string> {
	const settings = new Map<string, string>()
	for (const [name, { values: given }] of values) settings.set(name, given.join(', ') || '(empty)')
	for (const [name, value] of environment) settings.set(`environment ${name}`, value || '(empty)')
	settings.set('files', files.join(', ') || 'none')
	return settings
}

function problemsOf({ problems }: ConfigEvidence): Map<string, string> {
	return new Map(
		problems.map(({ file, line, message }) => [`problem in ${file}`, `line ${line ?? '?'}: ${message}`]),
	)
}
