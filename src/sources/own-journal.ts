/** The k3s journal as text, for those who look for a word in it and not for its messages. */
import type { Bundle } from '../model/bundle.js'
import { answer } from '../model/bundle.js'

export function ownJournal(bundle: Bundle): string | undefined {
	const own = answer(bundle, `journal/${bundle.node.unit.replace(/\.service$/, '')}.log`)
	if (own !== undefined) return own
	// A bare log, or a node whose unit has another name than its record says.
	const other = [...bundle.files.keys()].find(file => /^journal\/k3s[^/]*\.log$/.test(file))
	return other === undefined ? undefined : answer(bundle, other)
}
