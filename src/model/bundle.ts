/**
 * The bundle: what a node looks like on paper. Raw answers by file name, exactly as the node gave them,
 * plus a record of every question that was asked. Layout: schema 1.
 */

import type { SourceName } from './evidence/index.js'

/** The host's name where nobody told it. */
export const unnamed = 'unknown'

export type Role = 'server' | 'agent' | 'unknown'
export type Init = 'systemd' | 'openrc' | 'none'

/** Who the patient is. Everything here is known before the first question is asked. */
export interface NodeFacts {
	hostname: string
	role: Role
	/** The k3s unit of this node, e.g. `k3s.service`, `k3s-agent.service`, `k3s-edge.service`. */
	unit: string
	init: Init
	/** k3s's data directory without a trailing slash, usually `/var/lib/rancher/k3s`. */
	dataDir: string
	/** Whether the questions were asked with root's rights. */
	root: boolean
}

/** Why there is no (complete) answer to a question. */
export type WhyNot = 'absent' | 'denied' | 'timeout' | 'unreadable' | 'failed'

/** One question of the bundle: a command that ran, a file that was read, or a request that was made. */
export interface Entry {
	/** The bundle file that holds the answer, e.g. `commands/df.txt`. */
	file: string
	argv?: readonly string[]
	/** Absolute path on the node, for files. */
	path?: string
	/** Exit status of the command. Not zero with an output is an answer, not a failure. */
	exit?: number
	ms?: number
	why?: WhyNot
	stderr?: string
	/** `head`: the oldest part was cut off. */
	truncated?: 'head' | 'tail'
	/** Why there is no answer, in a sentence, where `why` says too little: another collector never asked. */
	detail?: string
	/** The bundle file that answers the same question in another form. */
	instead?: string
}

/**
 * A stretch of a file that was made of another collector's: from its line `at` on (1-based), line `at + n` stands
 * in `file` as line `line + n`. `line` 0: somewhere in that file.
 */
export interface Run {
	at: number
	file: string
	line: number
}

/** So many secrets of a kind were replaced in a file. */
export interface Masked {
	/** `k3s token`, `password in an address`, … */
	kind: string
	/** Bundle file, or `bundle.json` for what stands in its record of questions. */
	file: string
	count: number
}

/** How far a living host was asked, where not to the end. */
export interface Asked {
	/** Source -> why it did not ask all its questions: `the time was up`. */
	stopped: ReadonlyMap<SourceName, string>
}

export interface Bundle {
	schema: 1
	node: NodeFacts
	/** ISO 8601, UTC. */
	takenAt: string
	entries: readonly Entry[]
	/** Bundle file name -> text. A Map, because names from an archive may be anything, `__proto__` too. */
	files: ReadonlyMap<string, string>
	/** What the reader had to say about the bundle itself: truncated archive, unreadable file. */
	notes: readonly string[]
	/** What was masked. Absent: nobody kept count. */
	masked?: readonly Masked[]
	/** Whose layout it had before it was translated, e.g. `Rancher's logs-collector`. Absent: our own. */
	collector?: string
	/** Of a living host, asked just now. Absent: opened from paper, which knows only what was written. */
	live?: Asked
	/** Where the files of a translated bundle come from, sorted by `at`. The files named there are in `files`, too. */
	origins?: ReadonlyMap<string, readonly Run[]>
}

/** The bundle file name of an absolute path on the node. */
export function fileOf(path: string): string {
	return `files${path.startsWith('/') ? path : `/${path}`}`
}

/** An answer in the bundle: its text, unless the question went unanswered. */
export function answer(bundle: Bundle, file: string): string | undefined {
	return bundle.files.get(file)
}

/** The entry that records how the question behind `file` went. */
export function entryOf(bundle: Bundle, file: string): Entry | undefined {
	return bundle.entries.find(entry => entry.file === file)
}
