/** A checklist: what is to be so before k3s is installed (`preflight`) or after it (`verify`), item by item. */
import type { Quote, SourceName } from './evidence/index.js'
import type { Step } from './remedy.js'
import type { ReportNode } from './report.js'

export type ChecklistName = 'preflight' | 'verify'

export type CheckStatus = 'fail' | 'warn' | 'not-examined' | 'pass'

/** One thing that a check saw, or could not see. */
export interface CheckResult {
	status: CheckStatus
	/** One sentence with the facts in it; of `not-examined`, why. */
	says: string
	source?: SourceName
	quote?: Quote
	/** What to do about it; of `not-examined`, what would settle it. */
	advice: readonly Step[]
}

export interface CheckOutcome {
	id: string
	title: string
	/** The worst of its results. What could not be seen is worse than a pass. */
	status: CheckStatus
	/** Where it could not look, nothing is known of the host's fitness. */
	matters: boolean
	explain: string
	docs: readonly string[]
	results: readonly CheckResult[]
}

export interface ChecklistReport {
	schema: 1
	doctor: { version: string }
	checklist: ChecklistName
	takenAt: string
	/** `this host`, or the path of the bundle. */
	from: string
	node: ReportNode
	/** `not-examined`: nothing speaks against it, but what matters could not be looked at. */
	verdict: CheckStatus
	checks: readonly CheckOutcome[]
	/** What does not apply to this kind of node, by title. */
	left: readonly { id: string; title: string; because: string }[]
	/** What was written and removed while looking. */
	wrote: readonly string[]
	ms: { ask?: number; judge: number }
}
