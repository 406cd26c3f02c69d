import type { CauseId } from './causes.js'
import type { Quote, SourceName } from './evidence/index.js'
import type { Gap } from './gap.js'
import type { Remedy } from './remedy.js'

/** How much a finding weighs: proof decides, strong makes it likely, a hint only with others. */
export type Weight = 'proof' | 'strong' | 'hint'

export type Severity = 'critical' | 'warning' | 'info'

export type Confidence = 'certain' | 'likely' | 'possible'

export interface Finding {
	/** One sentence with the facts in it. */
	says: string
	weight: Weight
	source: SourceName
	quote?: Quote
	/** When it was seen last, epoch milliseconds. */
	at?: number
	/** When it was seen first, where it was seen more than once. */
	since?: number
	count?: number
}

/** `unknown-fatal` is no cause of the taxonomy: a fatal line that no rule knows. */
export type DiagnosisCause = CauseId | 'unknown-fatal'

export interface Diagnosis {
	cause: DiagnosisCause
	title: string
	severity: Severity
	confidence: Confidence
	/** State of the node when this is at least likely. Default: by severity. */
	effect?: 'down' | 'degraded' | 'at-risk'
	/** What it means, for an operator who has never met it. */
	explain: string
	docs: string[]
	findings: Finding[]
	/** Diagnoses of this report that follow from this one, nearest first. */
	explains: DiagnosisCause[]
	/** The root cause under which this one folds. */
	explainedBy?: DiagnosisCause
	remedies: Remedy[]
	/** Newest time among the findings. */
	at?: number
}

/** A cause none of whose signs could look. */
export interface Unexamined {
	cause: CauseId
	title: string
	/** The sources that gave no answer. */
	missing: SourceName[]
	/** Does this kind of node not have what the rule looks at? Then it is told, but it is no gap. */
	because: string
	/** The command that would settle it. */
	askFor?: string
}

/** A rule that failed on this evidence: the doctor's own illness, never shown as the patient's. */
export interface Crashed {
	cause: CauseId
	error: string
}

export interface Judgement {
	/** In rank order: roots first, each followed by what it explains. */
	diagnoses: Diagnosis[]
	unexamined: Unexamined[]
	crashed: Crashed[]
	gaps: Gap[]
}
