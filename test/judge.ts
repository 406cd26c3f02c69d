/** Raw evidence in, judgement out: what the tests of rules go through. */
import { rules } from '../rules/index.js'
import { type Examination, examine } from '../src/examine.js'
import type { Bundle, Entry, NodeFacts } from '../src/model/bundle.js'
import type { DiagnosisCause } from '../src/model/diagnosis.js'
import { bundleOf } from './bundle-of.js'
import { openRecording } from './recording.js'

export function judge(bundle: Bundle): Examination {
	return examine(bundle, rules, 'test')
}

/** Judges a bundle made of these files. */
export function judgeFiles(
	files: Record<string, string>,
	node: Partial<NodeFacts> = {},
	entries: Entry[] = [],
): Examination {
	return judge(bundleOf(files, node, entries))
}

/** How a file of a recording is changed: replaced, rewritten, or (`null`) taken away. */
export type Patch = Record<string, string | null | ((text: string) => string)>

/** Judges a recorded node with some of its files changed: other names, other values, one oddity more. */
export async function judgeRecording(name: string, patch: Patch = {}): Promise<Examination> {
	const bundle = await openRecording(name)
	const files = new Map(bundle.files)
	for (const [file, change] of Object.entries(patch)) {
		if (change === null) files.delete(file)
		else files.set(file, typeof change === 'string' ? change : change(files.get(file) ?? ''))
	}
	return judge({ ...bundle, files })
}

/** The root causes that are at least likely, in rank order. */
export function rootsOf({ report }: Examination): DiagnosisCause[] {
	return report.diagnoses
		.filter(({ explainedBy, confidence }) => !explainedBy && confidence !== 'possible')
		.map(({ cause }) => cause)
}

/** All causes found, with their confidence. */
export function causesOf({ report }: Examination): Partial<Record<DiagnosisCause, string>> {
	return Object.fromEntries(report.diagnoses.map(({ cause, confidence }) => [cause, confidence]))
}
