import type { NodeFacts } from './bundle.js'
import type { Crashed, Diagnosis, Unexamined } from './diagnosis.js'
import type { ServiceState } from './evidence/index.js'
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
	/** How long asking took (live only) and reading plus judging, in milliseconds. */
	ms: { ask?: number; judge: number }
}
