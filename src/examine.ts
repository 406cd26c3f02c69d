/** One examination: a bundle is read, judged by the rules, and becomes a report. Pure but for the clock. */
import { originOf } from './bundle/origin.js'
import { readEvidence } from './bundle/read.js'
import { diagnose } from './engine/diagnose.js'
import type { Action } from './model/action.js'
import { type Bundle, fileOf } from './model/bundle.js'
import type { Judgement } from './model/diagnosis.js'
import type { Evidence } from './model/evidence/index.js'
import type { Report } from './model/report.js'
import { readHistory } from './remedies/audit.js'
import { placesOf } from './remedies/places.js'
import { buildReport } from './report/build.js'
import type { Rule } from './rule.js'
import { sources } from './sources/index.js'
import type { Source } from './sources/source.js'
import { doctorVersion } from './version.js'

export interface Examination {
	bundle: Bundle
	evidence: Evidence
	judgement: Judgement
	report: Report
}

/**
 * `from` is how a person names the origin: `this host`, or a path. `askMs` is known for live hosts. While a host is
 * still being asked, `among` are the sources that are done: the others are neither read nor missed.
 */
export function examine(
	bundle: Bundle,
	rules: readonly Rule[],
	from: string,
	askMs?: number,
	among: readonly Source[] = sources,
): Examination {
	const began = performance.now()
	const { evidence, gaps } = readEvidence(bundle, among)
	const judgement = located(bundle, diagnose(rules, evidence, gaps))
	const judge = performance.now() - began
	const examined = sources.filter(({ name }) => evidence[name] !== undefined).map(({ title }) => title)
	const report = buildReport(bundle, evidence, judgement, {
		doctorVersion: doctorVersion(),
		from,
		examined,
		rules: rules.map(({ cause, title, severity, explain, docs }) => ({
			cause,
			title,
			severity,
			explain,
			docs,
		})),
		actions: actionsIn(bundle),
		ms: { judge, ...(askMs !== undefined && { ask: askMs }) },
	})
	return { bundle, evidence, judgement, report }
}

/** Of a translated bundle the findings point into the files that the reader has. */
function located(bundle: Bundle, judgement: Judgement): Judgement {
	if (!bundle.origins) return judgement
	const diagnoses = judgement.diagnoses.map(diagnosis => ({
		...diagnosis,
		findings: diagnosis.findings.map(finding =>
			finding.quote ? { ...finding, quote: originOf(bundle, finding.quote) } : finding,
		),
	}))
	return { ...judgement, diagnoses }
}

/** What the doctor's own logs in the bundle tell. */
function actionsIn({ node, files }: Bundle): Action[] {
	const texts = placesOf(node.dataDir).audits.map(path => files.get(fileOf(path)))
	return readHistory(texts.filter(text => text !== undefined)).actions
}
