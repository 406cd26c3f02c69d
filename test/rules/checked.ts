/** Raw evidence in, the outcome of one check out: what the tests of checks go through. */
import { expect, it } from 'vitest'
import { checklistOf } from '../../src/commands/checklist.js'
import type { Entry, NodeFacts } from '../../src/model/bundle.js'
import type { ChecklistName, CheckOutcome, CheckStatus } from '../../src/model/checklist.js'
import type { Patch } from '../judge.js'
import { openRecording } from '../recording.js'

export interface Case {
	/** What it is about, where a check has several of a kind. */
	what?: string
	is: CheckStatus | 'left'
	/** Of the result that decides. */
	says?: RegExp
	/** A command among the advice. */
	run?: RegExp
	files?: Patch
	/** Nothing was asked at all. */
	bare?: boolean
	node?: Partial<NodeFacts>
	/** How a question went, where that is not as recorded. */
	entry?: Entry
	/** Default: that of the list. */
	on?: string
}

/** The recorded node that the cases of a list change. */
const usual: Record<ChecklistName, string> = { preflight: 'not-installed', verify: 'healthy-server' }

export async function checked(
	list: ChecklistName,
	id: string,
	{ files = {}, bare = false, node = {}, entry, on = usual[list] }: Case,
): Promise<CheckOutcome | { status: 'left'; because: string; results: [] }> {
	const bundle = await openRecording(on)
	const texts = new Map(bare ? [] : bundle.files)
	const entries = [
		...(entry ? [entry] : []),
		...(bare ? [] : bundle.entries).filter(({ file }) => files[file] !== null && file !== entry?.file),
	]
	for (const [file, change] of Object.entries(files)) {
		if (change === null) texts.delete(file)
		else texts.set(file, typeof change === 'string' ? change : change(texts.get(file) ?? ''))
	}
	const report = checklistOf(
		list,
		{ ...bundle, node: { ...bundle.node, ...node }, entries, files: texts },
		'test',
	)
	const left = report.left.find(one => one.id === id)
	if (left) return { status: 'left', because: left.because, results: [] }
	const found = report.checks.find(check => check.id === id)
	if (!found) throw new Error(`There is no check ${id} in ${list}`)
	return found
}

/** A test for each case of a check. */
export function holdsItsCases(list: ChecklistName, id: string, cases: readonly Case[]): void {
	it.each(cases.map(one => [`${one.is} ${one.what ?? String(one.says ?? '')}`, one] as const))(
		'%s',
		async (_name, one) => {
			const found = await checked(list, id, one)
			expect(found.status, JSON.stringify(found, null, 1)).toBe(one.is)
			const deciding = found.results.filter(({ status }) => status === one.is)
			if (one.says) expect(deciding.map(({ says }) => says).join('\n')).toMatch(one.says)
			if (one.run) expect(JSON.stringify(deciding.map(({ advice }) => advice))).toMatch(one.run)
			// Whoever is told that something is wrong is told what to do, or why it is so.
			for (const { says } of found.results) expect(says.length).toBeGreaterThan(0)
		},
	)
}
