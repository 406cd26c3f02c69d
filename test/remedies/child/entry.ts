/**
 * A doctor of its own process, to be killed: runs the one remedy that argv[2] (JSON) describes, on real files with the
 * real hands. `killAt` counts file-system operations; at that one the process kills itself, before it, after it, or
 * with half of what was to be written.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import type { NodeFacts } from '../../../src/model/bundle.js'
import type { Remedy } from '../../../src/model/remedy.js'
import type { Places } from '../../../src/remedies/places.js'

export interface Task {
	node: NodeFacts
	places: Places
	remedy: Remedy
	/** Take the last action back instead. */
	undo?: boolean
	killAt?: number
	how?: 'before' | 'after' | 'half'
	/** Count operations and print how many there were. */
	count?: boolean
	/** Listen for the signals of a terminal, as the fix command does. */
	signals?: boolean
}

const task: Task = JSON.parse(process.argv[2] ?? '{}')
let operations = 0

function die(): never {
	process.kill(process.pid, 'SIGKILL')
	// The signal is on its way; nothing more may happen.
	for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

type Operation = (...args: unknown[]) => Promise<unknown>

function watched(operation: Operation, halve?: (args: unknown[]) => unknown[] | undefined): Operation {
	return async function (this: unknown, ...args) {
		operations += 1
		const mine = operations === task.killAt
		if (mine && task.how === 'before') die()
		if (mine && task.how === 'half') {
			const half = halve?.(args)
			if (half) await operation.apply(this, half)
			die()
		}
		const result = await operation.apply(this, args)
		if (mine) die()
		return result
	}
}

const changing = [
	'rename',
	'unlink',
	'mkdir',
	'rmdir',
	'symlink',
	'copyFile',
	'chown',
	'lchown',
	'rm',
	'writeFile',
] as const
const halfOf = ([data, ...rest]: unknown[]) =>
	typeof data === 'string' || data instanceof Uint8Array
		? [data.slice(0, data.length >> 1), ...rest]
		: undefined

async function watch(): Promise<void> {
	const promises = fs.promises as unknown as Record<string, Operation>
	for (const name of changing) {
		const original = promises[name]
		if (original) promises[name] = watched(original)
	}
	const handle = await fs.promises.open('/dev/null')
	const prototype = Object.getPrototypeOf(handle) as Record<string, Operation>
	await handle.close()
	for (const name of ['write', 'writeFile']) prototype[name] = watched(prototype[name] as Operation, halfOf)
	for (const name of ['sync', 'chown', 'chmod', 'utimes'])
		prototype[name] = watched(prototype[name] as Operation)
	syncBuiltinESMExports()
}

await watch()
const { runTask } = await import('./run-task.js')
await runTask(task)
if (task.count) process.stdout.write(`operations ${operations}\n`)
process.exit(0)
