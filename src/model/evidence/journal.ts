/**
 * The journal of the k3s unit, read into starts and distinct messages.
 * Times are epoch milliseconds, UTC.
 */

export type Level = 'trace' | 'debug' | 'info' | 'warning' | 'error' | 'fatal' | 'panic'

/** A place in the bundle: file, 1-based line, and the words that stand there. */
export interface Quote {
	file: string
	line?: number
	text: string
}

/** A line that was said once or many times; numbers, addresses and hashes in it may differ between times. */
export interface Message {
	/** What is equal between the repetitions: the text with its variable parts replaced. */
	key: string
	level: Level
	/** Who spoke: `k3s`, `systemd`, `kubelet`-like klog source file (`server.go`), `etcd`, `containerd`, `kernel`. */
	component: string
	/** The decoded message, structured error fields appended as `: error`. First occurrence. */
	text: string
	/** The same of the last occurrence. */
	lastText: string
	count: number
	firstAt: number
	lastAt: number
	/** First occurrence as it stands in the file. */
	quote: Quote
	/** Last occurrence as it stands in the file. */
	lastQuote: Quote
	/** Position among all lines of the journal (0-based) of the first and the last occurrence. */
	firstIndex: number
	lastIndex: number
}

export type Milestone =
	| 'starting'
	| 'datastore-configured'
	| 'bootstrap-reconciled'
	| 'certificates'
	| 'agent-config'
	| 'containerd'
	| 'kubelet'
	| 'etcd'
	| 'datastore-ready'
	| 'control-plane'
	| 'apiserver'
	| 'ready'
	| 'node-registered'
	| 'flannel'
	| 'tunnel'

export type EndKind =
	/** `level=fatal`: start-up code returned an error. */
	| 'fatal'
	/** `Shutdown request received: "…"`: a component died, k3s stopped gracefully. */
	| 'shutdown'
	/** A Go panic. */
	| 'panic'
	/** systemd could not execute the binary (203/EXEC). */
	| 'exec'
	/** Killed by a signal. */
	| 'killed'
	/** Ended with a failing status and no last word. */
	| 'failed'
	/** Stopped by the operator, or by a shutdown of the host. */
	| 'stopped'

export interface StartEnd {
	how: EndKind
	at: number
	/** The line that says why, if k3s said why. */
	lastWord?: Message
	/** systemd's result: `exit-code`, `signal`, `protocol`, `oom-kill`, … */
	result?: string
	/** `1/FAILURE`, `9/KILL`, `203/EXEC`, … as systemd's journal line says. */
	status?: string
}

/** One start of the k3s process, from its first line to its end. */
export interface Start {
	/** 0 is the oldest start that the journal still holds. */
	index: number
	beganAt: number
	/** Time of the last line of this start. */
	lastAt: number
	pid?: number
	/** `v1.36.2+k3s1`, from `Starting k3s …`. */
	version?: string
	role?: 'server' | 'agent'
	/** The oldest part of this start was cut off the journal. */
	truncated: boolean
	milestones: { name: Milestone; at: number; quote: Quote }[]
	/** The last milestone in the order of a start-up, `undefined` when not even the version was logged. */
	furthest?: Milestone
	readyAt?: number
	end?: StartEnd
	/** Distinct messages of this start, oldest first. */
	messages: Message[]
	/** The wait loop that this start is in: the reason that k3s repeats while it waits, for ever if need be. */
	waiting?: { message: Message; reason: string }
}

export interface JournalEvidence {
	file: string
	lines: number
	firstAt: number
	lastAt: number
	starts: Start[]
	/** The newest start, if the journal holds any. */
	newest?: Start
	/**
	 * The starts whose words count today: the newest one, and before it those that failed
	 * where no later start has got past. An error that a later start got past is history.
	 */
	current: Start[]
	/** Distinct messages of the current starts that are not noise, oldest first. */
	messages: Message[]
	/** Keys of messages that also stand in starts that went well: noise by definition. */
	noise: ReadonlySet<string>
	/** Lines that journald dropped because of its rate limit. */
	suppressed: number
	/** The clock went backwards between two lines. */
	clockWentBack: boolean
}

/** A log that is not cut into starts: containerd.log, the kernel's, a pod's. */
export interface LogEvidence {
	file: string
	lines: number
	firstAt: number
	lastAt: number
	/** Distinct messages, oldest first. */
	messages: Message[]
}
