/** In which state the k3s service is, drawn from the unit and the journal together. */
import type { Message, Start } from './journal.js'

export type ServiceState =
	/** No binary, no unit, no data directory. */
	| 'not-installed'
	/** The unit is inactive and nothing failed. */
	| 'stopped'
	/** Starting, and nothing speaks against it: young, no failed start before it. */
	| 'starting'
	/** Starts, fails, is started again. */
	| 'crash-looping'
	/** Started and never gets ready: it waits in a loop or says nothing. */
	| 'hanging'
	/** The unit failed and systemd no longer tries. */
	| 'failed'
	/** Ready and running. */
	| 'running'
	| 'unknown'

export interface ServiceEvidence {
	state: ServiceState
	/** Since when, epoch milliseconds, where known. */
	since?: number
	/** Seconds since the newest start began, by the node's own clock. */
	ageSeconds?: number
	/** How often systemd restarted the unit. */
	restarts: number
	/** The start whose end tells why k3s is not running: the newest one that failed and was not got past. */
	failedStart?: Start
	/** The last word of that start, or the reason of the wait loop. */
	lastWord?: Message
}
