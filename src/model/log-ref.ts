/** Which log is meant, whoever holds it: the journal, a file of the node, a container's files, or a file of a bundle. */

export type LogRef =
	/** A file of the bundle in memory: `journal/k3s.log`. */
	| { kind: 'bundle'; file: string }
	/** A file of this host, by its absolute path; rotated and packed ones (`.gz`) too. */
	| { kind: 'file'; path: string }
	/** A unit of systemd: `k3s.service`. */
	| { kind: 'unit'; unit: string }
	| { kind: 'kernel' }
	| ContainerLog
	/** Several in one view, by time. */
	| { kind: 'merged'; of: readonly LogRef[] }

export interface ContainerLog {
	kind: 'container'
	namespace: string
	pod: string
	/** Distinguishes pods that had the same name one after the other. */
	uid?: string
	/** Absent: all containers of the pod, by time. */
	container?: string
	/** Number of restarts at that time: `0` is the first one's log. Default: the newest; `all`: one after the other. */
	instance?: number | 'previous' | 'all'
}

/** Where in a log to begin: at a 1-based line, at a time (epoch milliseconds), or at its end. */
export interface LogSpot {
	line?: number
	at?: number
}
