/** Asks a node again, only what is named, and judges the whole anew: after a remedy. */
import { collect } from './bundle/collect.js'
import { madeBy, redactorFor } from './bundle/redact/maker.js'
import { type Examination, examine } from './examine.js'
import type { Host } from './host/host.js'
import type { Bundle, NodeFacts } from './model/bundle.js'
import type { SourceName } from './model/evidence/index.js'
import { placesOf } from './remedies/places.js'
import type { Rule } from './rule.js'
import { sources } from './sources/index.js'

/** Whether k3s runs is told by these, whatever else is asked. */
const always: readonly SourceName[] = ['units', 'journal']

/** Without names everything is asked again; with `since` (epoch milliseconds) logs only from then on. */
export function reexaminer(host: Host, node: NodeFacts, rules: readonly Rule[]) {
	return async (last: Examination, names: readonly SourceName[], since?: number): Promise<Examination> => {
		const asked =
			names.length === 0 ? sources : sources.filter(({ name }) => [...always, ...names].includes(name))
		const redact = redactorFor(last.bundle)
		const fresh = await collect(host, node, asked, {
			redact,
			// What was just done stands there.
			also: placesOf(node.dataDir).audits,
			...(since !== undefined && { since: `@${Math.floor(since / 1000)}` }),
		})
		const bundle = names.length === 0 ? fresh : madeBy(redact, merged(last.bundle, fresh))
		return examine(bundle, rules, last.report.from)
	}
}

/** Answers of `fresh` in place of the older ones; a question that has no answer any more loses the old one. */
export function merged(old: Bundle, fresh: Bundle): Bundle {
	const asked = new Set(fresh.entries.map(({ file }) => file))
	const files = new Map([...old.files].filter(([file]) => !asked.has(file)))
	for (const [file, text] of fresh.files) files.set(file, text)
	const entries = [...old.entries.filter(({ file }) => !asked.has(file)), ...fresh.entries]
	const kept = (old.masked ?? []).filter(({ file }) => !asked.has(file))
	const masked = [...kept, ...(fresh.masked ?? [])]
	const stopped = new Map([...(old.live?.stopped ?? []), ...(fresh.live?.stopped ?? [])])
	const notes = [...old.notes, ...fresh.notes]
	return { ...fresh, entries, files, notes, masked, ...(fresh.live && { live: { stopped } }) }
}
