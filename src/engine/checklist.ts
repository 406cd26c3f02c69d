/** Evidence and checks in, an outcome for each check out. Pure. */
import type { Check } from '../check.js'
import type { ChecklistReport, CheckOutcome, CheckResult, CheckStatus } from '../model/checklist.js'
import type { Judgement } from '../model/diagnosis.js'
import type { Evidence, EvidenceName } from '../model/evidence/index.js'
import type { Gap } from '../model/gap.js'

/** The worst first. */
const order: readonly CheckStatus[] = ['fail', 'warn', 'not-examined', 'pass']

export function worst(statuses: readonly CheckStatus[]): CheckStatus {
	return order.find(status => statuses.includes(status)) ?? 'not-examined'
}

export function runChecks(
	checks: readonly Check[],
	evidence: Evidence,
	judgement: Pick<Judgement, 'diagnoses' | 'gaps' | 'unexamined'>,
): Pick<ChecklistReport, 'checks' | 'left' | 'verdict'> {
	const outcomes: CheckOutcome[] = []
	const left: { id: string; title: string; because: string }[] = []
	for (const check of checks) {
		const { id, title, matters, explain, docs } = check
		const { role } = evidence.node
		if (check.appliesTo && role !== 'unknown' && !check.appliesTo.includes(role)) {
			left.push({
				id,
				title,
				because: role === 'agent' ? 'only a server has or sees it' : `not on a ${role}`,
			})
			continue
		}
		const found = resultsOf(check, evidence, judgement)
		if ('because' in found) {
			left.push({ id, title, because: found.because })
			continue
		}
		const status = worst(found.map(result => result.status))
		outcomes.push({ id, title, status, matters, explain, docs, results: found })
	}
	return { checks: outcomes, left, verdict: verdictOf(outcomes) }
}

/** What could not be seen weighs only where it matters: there is always something. */
function verdictOf(outcomes: readonly CheckOutcome[]): CheckStatus {
	const statuses = outcomes.map(({ status }) => status)
	if (statuses.includes('fail')) return 'fail'
	if (outcomes.some(({ status, matters }) => matters && status === 'not-examined')) return 'not-examined'
	return statuses.includes('warn') ? 'warn' : 'pass'
}

function resultsOf(
	check: Check,
	evidence: Evidence,
	{ diagnoses, unexamined, gaps }: Pick<Judgement, 'diagnoses' | 'gaps' | 'unexamined'>,
): CheckResult[] | { because: string } {
	const missing = check.needs.filter(name => evidence[name] === undefined)
	if (missing.length > 0) return [notSeen(missing, gaps)]
	try {
		const found = check.look(evidence, { more: evidence, diagnoses, unexamined })
		if ('because' in found) return found
		return found.length > 0
			? found
			: [{ status: 'not-examined', says: 'There is nothing to tell it by.', advice: [] }]
	} catch (error) {
		const words = error instanceof Error ? error.message : String(error)
		return [{ status: 'not-examined', says: `This check itself failed: ${words.slice(0, 300)}`, advice: [] }]
	}
}

function notSeen(missing: readonly EvidenceName[], gaps: readonly Gap[]): CheckResult {
	const names: ReadonlySet<string> = new Set(missing)
	const relevant = gaps.filter(({ source }) => names.has(source))
	const [gap] = relevant
	const commands = [...new Set(relevant.map(({ askFor }) => askFor).filter(Boolean))].slice(0, 3)
	return {
		status: 'not-examined',
		says: gap ? gap.detail : `There is no answer about ${missing.join(', ')}.`,
		...(gap && { source: gap.source }),
		advice: commands.length > 0 ? [{ tell: 'This would settle it:', commands }] : [],
	}
}
