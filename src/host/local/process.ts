/** One child process: started in a group of its own, and ended with all of the group when its time is up. */
import { constants } from 'node:os'
import { execa } from 'execa'
import type { Argv } from '../../model/remedy.js'
import { programEnvironment } from './environment.js'
import { killGroup } from './groups.js'

/** Between the request to end and the end by force. */
const graceMs = 400
/** How long output may still come when the program itself has ended but a child of it holds the pipe. */
const lateOutputMs = 500

export type Child = ReturnType<typeof startProcess>

export interface End {
	/** Exit status; 128 + signal number. Absent when the program never ran or never ended. */
	exit?: number
	/** Why it could not be started. */
	fault?: unknown
	/** It had to be ended because its time was up. */
	overdue: boolean
}

export function startProcess([program, ...args]: Argv) {
	return execa(program, args, {
		// A directory that is always there: the operator may stand in a deleted one, or on a dead mount.
		cwd: '/',
		env: programEnvironment(),
		extendEnv: false,
		stdin: 'ignore',
		buffer: false,
		encoding: 'buffer',
		stripFinalNewline: false,
		reject: false,
		detached: true,
	})
}

function exitOf(code: number | null | undefined, signal: string | null | undefined): number {
	if (typeof code === 'number') return code
	const number = Object.entries(constants.signals).find(([name]) => name === signal)?.[1]
	return 128 + (number ?? constants.signals.SIGKILL)
}

/** The program's end, brought about after `limitMs`. Never waits longer than that plus a second. */
export function endOf(child: Child, limitMs: number): Promise<End> {
	const { promise, resolve } = Promise.withResolvers<End>()
	const timers: NodeJS.Timeout[] = []
	const after = (ms: number, act: () => void) => timers.push(setTimeout(act, ms))
	let exit: number | undefined
	let overdue = false
	let over = false

	function finish(fault?: unknown): void {
		over = true
		for (const timer of timers) clearTimeout(timer)
		resolve({ overdue, ...(fault === undefined ? {} : { fault }), ...(exit === undefined ? {} : { exit }) })
	}

	after(limitMs, () => {
		if (exit !== undefined) return
		overdue = true
		endGroup(child, 'SIGTERM')
		after(graceMs, () => {
			endGroup(child, 'SIGKILL')
			// A process in uninterruptible sleep (dead disk, dead NFS) survives even this; it is left behind.
			after(100, finish)
		})
	})
	child.nodeChildProcess.once('exit', (code, signal) => {
		exit = exitOf(code, signal)
		if (over) return
		after(lateOutputMs, () => {
			endGroup(child, 'SIGKILL')
			finish()
		})
	})
	child.then(result => finish(exit === undefined && result.code !== undefined ? result : undefined), finish)
	return promise
}

export function endGroup(child: Child, signal: NodeJS.Signals): void {
	if (child.pid !== undefined) killGroup(child.pid, signal)
}

/** Lets go of a child that may still live or whose pipes are held by others, so that the doctor can end. */
export function letGo(child: Child): void {
	child.stdout?.destroy()
	child.stderr?.destroy()
	child.nodeChildProcess.unref()
}
