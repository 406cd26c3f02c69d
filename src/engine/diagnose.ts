/** The judgement: evidence and rules in, ranked diagnoses out. Pure. */
import type { CauseId } from '../model/causes.js'
import type { Crashed, Diagnosis, Judgement, Unexamined } from '../model/diagnosis.js'
import type { Evidence, EvidenceName, SourceName } from '../model/evidence/index.js'
import type { Gap } from '../model/gap.js'
import type { Rule } from '../rule.js'
import { confidenceOf } from './confidence.js'
import { fold } from './fold.js'
import { rank } from './rank.js'
import { look } from './signs.js'
import { unknownFatal } from './unknown.js'

const appliesHere = (rule: Rule, { node }: Evidence): boolean =>
	!rule.appliesTo || node.role === 'unknown' || rule.appliesTo.includes(node.role)

export function diagnose(rules: readonly Rule[], evidence: Evidence, gaps: readonly Gap[]): Judgement {
	const found: Diagnosis[] = []
	const unexamined: Unexamined[] = []
	const crashed: Crashed[] = []
	const crash = (rule: Rule, error: unknown) =>
		crashed.push({
			cause: rule.cause,
			error: error instanceof Error ? error.message : String(error),
		})
	for (const rule of rules) {
		if (!appliesHere(rule, evidence)) {
			unexamined.push(notLookedFor(rule, evidence.node.role))
			continue
		}
		try {
			const { findings, looked, missing } = look(rule, evidence)
			const elsewhere = findings.length === 0 ? rule.notFor?.(evidence) : undefined
			if (elsewhere !== undefined) unexamined.push(notLookedFor(rule, elsewhere))
			else if (looked === 0) unexamined.push(notExamined(rule, missing, gaps))
			else if (findings.length > 0) {
				const diagnosis = diagnosisOf(rule, findings, evidence)
				found.push(diagnosis)
				diagnosis.remedies = rule.remedies(evidence, diagnosis.findings)
			}
		} catch (error) {
			// A remedy that fails must not hide what was found.
			crash(rule, error)
		}
	}
	const unknown = unknownFatal(evidence, found)
	const consequences = new Map<CauseId, readonly CauseId[]>(
		rules.map(({ cause, leadsTo }) => [cause, leadsTo]),
	)
	return {
		diagnoses: rank(fold(unknown ? [...found, unknown] : found, consequences)),
		unexamined,
		crashed,
		gaps: [...gaps],
	}
}

const weights = { proof: 0, strong: 1, hint: 2 }

function diagnosisOf(rule: Rule, findings: Diagnosis['findings'], evidence: Evidence): Diagnosis {
	const sorted = [...findings].sort((a, b) => weights[a.weight] - weights[b.weight])
	const times = sorted.map(({ at }) => at ?? 0)
	const at = Math.max(...times)
	return {
		cause: rule.cause,
		title: rule.title,
		severity: rule.severityHere?.(evidence, sorted) ?? rule.severity,
		confidence: confidenceOf(sorted),
		...(rule.effect && { effect: rule.effect }),
		explain: rule.explain,
		docs: [...rule.docs],
		findings: sorted,
		explains: [],
		remedies: [],
		...(at > 0 && { at }),
	}
}

function notLookedFor({ cause, title }: Rule, kind: string): Unexamined {
	return { cause, title, missing: [], because: `not looked for on this kind of node (${kind})` }
}

const derived: ReadonlySet<EvidenceName> = new Set<EvidenceName>(['node', 'service'])

function notExamined(rule: Rule, missing: readonly EvidenceName[], gaps: readonly Gap[]): Unexamined {
	const sources = missing.filter((name): name is SourceName => !derived.has(name))
	const gap = gaps.find(({ source }) => sources.includes(source))
	return {
		cause: rule.cause,
		title: rule.title,
		missing: sources,
		because: gap ? gap.detail : `no answer about ${sources.join(', ')}`,
		...(gap && { askFor: gap.askFor }),
	}
}
