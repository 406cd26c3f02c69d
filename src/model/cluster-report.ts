/** Several nodes side by side: what only shows when more than one is looked at. */
import type { Severity } from './diagnosis.js'
import type { Report } from './report.js'

export type ClusterFindingKind =
	| 'version-skew'
	| 'clock'
	| 'configuration'
	| 'authority'
	| 'duplicate-name'
	| 'duplicate-address'
	| 'mtu'
	| 'members'
	| 'reach'

/** What one node has or says. */
export interface Share {
	/** Its label: the host name, with the bundle's name where two share it. */
	node: string
	value: string
	/** File of that node's bundle, and 1-based line, where it stands in one. */
	file?: string
	line?: number
}

export interface ClusterFinding {
	kind: ClusterFindingKind
	severity: Severity
	/** One sentence with the facts in it. */
	says: string
	shares: Share[]
}

/** What one node tells of its way to another. */
export interface Reach {
	from: string
	to: string
	address: string
	port?: number
	result: 'open' | 'connected' | 'refused' | 'timeout' | 'unreachable' | 'unresolved' | 'failed'
	/** `probe`: a connect was tried; `connection`: one stood; `neighbour`: the link knows no such host. */
	by: 'probe' | 'connection' | 'neighbour'
}

/** Which members of etcd a node knows of. */
export interface MembersSeen {
	by: string
	/** Where that stands. */
	from: string
	members: string[]
}

export interface ClusterReport {
	nodes: { label: string; report: Report }[]
	findings: ClusterFinding[]
	reach: Reach[]
	members: MembersSeen[]
	/** Nodes that the cluster knows and no bundle is of. */
	absent: string[]
	/** Bundles that could not be opened, with the words for it. */
	unread: { from: string; why: string }[]
}
