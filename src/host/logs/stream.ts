/** A program whose output is read piece by piece, at our pace, and which ends when it is no longer wanted. */
import type { Argv } from '../../model/remedy.js'
import { forgetGroup, watchGroup } from '../local/groups.js'
import { keep } from '../local/output.js'
import { type Child, endGroup, letGo, startProcess } from '../local/process.js'

export interface Stream {
	pause(): void
	resume(): void
	/** Ends the program and all that it started. */
	close(): void
	/** What it said on standard error. */
	said(): string
	/** It could not be started, or ended with a failing status of its own. */
	failed(): boolean
}

export function startStream(
	argv: Argv,
	on: { data(piece: Buffer): void; piece?(): void; end(): void },
): Stream {
	const group = watchGroup()
	const stderr = keep(2048, 'tail')
	let child: Child | undefined
	let fault: string | undefined
	let failed = false
	let over = false

	function end(): void {
		if (over) return
		over = true
		forgetGroup(group)
		on.end()
	}

	function close(): void {
		if (!child || over) return
		endGroup(child, 'SIGKILL')
		letGo(child)
		end()
	}

	try {
		child = startProcess(argv)
		if (child.pid !== undefined) group.leader = child.pid
		child.stdout.on('data', (piece: Buffer) => {
			if (over) return
			on.data(piece)
			on.piece?.()
		})
		child.stderr.on('data', (piece: Buffer) => stderr.push(piece))
		child.then(
			result => {
				failed = result.failed
				if (result.failed && result.exitCode === undefined && !over) fault = `${argv[0]} could not be run`
				end()
			},
			() => end(),
		)
	} catch {
		failed = true
		fault = `${argv[0]} could not be run`
		queueMicrotask(end)
	}
	return {
		pause: () => child?.stdout.pause(),
		resume: () => child?.stdout.resume(),
		close,
		said: () => fault ?? stderr.text().trim(),
		failed: () => failed,
	}
}
