import type { Action } from './action.js'
import type { Masked, NodeFacts } from './bundle.js'
import type { CauseId } from './causes.js'
import type { Crashed, Diagnosis, Severity, Unexamined } from './diagnosis.js'
import type { EndKind, Milestone, ServiceState } from './evidence/index.js'
import type { Gap } from './gap.js'

/** The state of the node in one word. */
export type Verdict = 'down' | 'degraded' | 'at-risk' | 'healthy' | 'starting' | 'not-examined'

export interface ReportNode extends NodeFacts {
	k3sVersion?: string
	os?: string
	kernel?: string
	arch?: string
	uptimeSeconds?: number
	datastore?: string
	addresses: string[]
}

/** A certificate as a stretch of time, epoch milliseconds. */
export interface CertificateSpan {
	/** Path on the node, or `tls://host:port`. */
	path: string
	commonName: string
	ca: boolean
	from: number
	to: number
}

/** One start of k3s as a stretch of time, epoch milliseconds. */
export interface StartSpan {
	began: number
	/** Its last line. */
	last: number
	ready?: number
	furthest?: Milestone
	/** Absent: it has not ended. */
	end?: EndKind
	/** Its last words. */
	why?: string
}

/** A rule that judged: what it looks for. */
export interface ReportRule {
	cause: CauseId
	title: string
	severity: Severity
	explain: string
	docs: readonly string[]
}

export interface Report {
	schema: 1
	doctor: { version: string }
	takenAt: string
	/** Where the evidence came from: `this host`, or the path of the bundle. */
	from: string
	node: ReportNode
	verdict: Verdict
	/** The verdict in a sentence. */
	summary: string
	service: ServiceState
	diagnoses: Diagnosis[]
	gaps: Gap[]
	unexamined: Unexamined[]
	crashed: Crashed[]
	/** What was looked at: the sources that answered. */
	examined: string[]
	/** Remarks on the bundle itself: truncated, unreadable parts. */
	notes: string[]
	/** Newest last. */
	starts?: StartSpan[]
	/** The next to expire first. */
	certificates?: CertificateSpan[]
	/** What the doctor did on this node, oldest first. */
	actions?: Action[]
	/** What was masked in the evidence. */
	masked?: readonly Masked[]
	/** Every rule that was asked, in their order. */
	rules?: readonly ReportRule[]
	/** How long asking took (live only) and reading plus judging, in milliseconds. */
	ms: { ask?: number; judge: number }
}
