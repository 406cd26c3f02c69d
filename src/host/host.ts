/**
 * The hands: the only way to the machine. Every question ends in an answer or in an `Unavailable`
 * that says why; nothing here throws, and nothing waits longer than its limit.
 */
import type { WhyNot } from '../model/bundle.js'
import type { Argv } from '../model/remedy.js'

export interface Unavailable {
	why: WhyNot
	/** What happened, in a sentence. */
	detail: string
	/** The command or path that was asked. */
	asked: string
	/** What a command had printed when its time was up. */
	partial?: CommandResult
}

export type Answer<T> =
	| { ok: true; value: T; ms: number }
	| { ok: false; unavailable: Unavailable; ms: number }

export interface RunOptions {
	/** Seconds after which the command's whole process group is killed. Default 10. */
	limitSeconds?: number
	/** Bytes of standard output that are kept. Default 8 MiB. */
	maxBytes?: number
	/** Which end is kept when there is more. Default `head`; logs keep their `tail`. */
	keep?: 'head' | 'tail'
}

export interface CommandResult {
	stdout: string
	/** The last 4 kB. */
	stderr: string
	/** Exit status; 128 + signal number when a signal ended it. */
	exit: number
	/** Output was cut: the oldest (`head`) or the newest part (`tail`) is missing. */
	truncated?: 'head' | 'tail'
}

export interface FileStat {
	type: 'file' | 'dir' | 'link' | 'socket' | 'other'
	mode: number
	uid: number
	gid: number
	size: number
	modifiedAt: number
}

export type DialResult = 'open' | 'refused' | 'timeout' | 'unreachable' | 'unresolved' | 'failed'

export interface HttpAnswer {
	/** 0: no answer came. */
	status: number
	body: string
	/** Like curl's exit status: 0, 6 unresolved, 7 refused, 28 timeout, 35 TLS, 52 empty, 60 certificate. */
	exit: number
}

export interface KubeAnswer {
	status: number
	body: string
	/** How long the server asks to be left alone (429, 503), milliseconds. */
	retryAfterMs?: number
}

/**
 * How a watch ended: `closed` by the server in good order, `refused` with a status other than 200, `failed` with the
 * connection or for want of an answer, `stopped` by ourselves.
 */
export type KubeEnd =
	| { how: 'closed' | 'stopped' }
	| { how: 'refused'; status: number; body: string; retryAfterMs?: number }
	| { how: 'failed'; detail: string }

export interface KubeWatchOptions {
	signal: AbortSignal
	/** The server has begun to answer with status 200. */
	onOpen(): void
	onLine(line: string): void
	/** Until the answer begins. Default 5000. */
	limitMs?: number
}

export interface Host {
	/** Runs a program by argv, never through a shell. A non-zero exit is an answer. */
	run(argv: Argv, options?: RunOptions): Promise<Answer<CommandResult>>
	/** Reads a file; of a larger one the newest `maxBytes` (default 2 MiB). Never blocks on FIFOs or devices. */
	read(path: string, options?: { maxBytes?: number }): Promise<Answer<{ text: string; truncated: boolean }>>
	/** Names in a directory. */
	list(path: string): Promise<Answer<string[]>>
	stat(path: string): Promise<Answer<FileStat>>
	/** Opens and closes a TCP connection. */
	dial(host: string, port: number, limitMs?: number): Promise<{ result: DialResult; ms: number }>
	/** The certificate chain (PEM, leaf first) that a TLS port shows; nothing is verified, no secret is sent. */
	tls(
		host: string,
		port: number,
		limitMs?: number,
	): Promise<{ certificates: string[]; error?: string; ms: number }>
	/** One GET without credentials; certificates are not verified, the body is capped at 64 KiB. */
	get(url: string, limitMs?: number): Promise<HttpAnswer & { ms: number }>
	/** The Kubernetes API with this node's own credentials. */
	kube(path: string, limitMs?: number): Promise<Answer<KubeAnswer>>
}

/** A host that can be watched. */
export interface LiveHost extends Host {
	/** A GET of the Kubernetes API whose answer goes on, line by line. Never throws. */
	watchKube(path: string, options: KubeWatchOptions): Promise<KubeEnd>
}
