/** What must be so before a remedy may run. Data, so that a plan can show each with its state and the reason. */
export type Precondition =
	/** Bytes free on the file system that holds `path`. */
	| { freeSpace: { path: string; bytes: number } }
	/** The other etcd members that are Ready make a majority without this node. */
	| { etcdQuorumWithoutThis: true }
	| { pathExists: string }
	| { pathAbsent: string }
	/** systemd knows the unit. */
	| { unitExists: string }
	/** The program is in PATH or in one of the usual directories. */
	| { programExists: string }
	/** The API server answers `/readyz` with ok. */
	| { apiReady: true }
	/** Another condition that the rule has judged from the evidence already; `undefined`: it could not tell. */
	| { says: string; holds: boolean | undefined; why: string }

/** `unknown`: the question had no answer; told, and refused where the remedy is destructive. */
export type PreconditionState = 'met' | 'not-met' | 'unknown'

export interface CheckedPrecondition {
	/** The condition in a sentence: `/var/lib/rancher has 120 MB free`. */
	says: string
	state: PreconditionState
	/** What was seen: `2.1 GB free on /dev/sda1`. */
	why: string
}
