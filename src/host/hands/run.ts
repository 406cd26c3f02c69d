/**
 * Runs a command of a confirmed plan with its output live. Unlike a question it is not ended with the doctor: it has
 * a session of its own, so that a terminal that goes away does not take half a step with it.
 */
import { createHash } from 'node:crypto'
import { constants } from 'node:os'
import { StringDecoder } from 'node:string_decoder'
import type { Argv } from '../../model/remedy.js'
import { codeOf, messageOf, since } from '../answer.js'
import type { Ended, RunLive } from '../hands.js'
import { keep } from '../local/output.js'
import { type Child, endGroup, letGo, startProcess } from '../local/process.js'

/** A database that is told to end writes what it has. */
const graceMs = 5000
/** How long output may still come when the command has ended but something that it started holds the pipe. */
const lateOutputMs = 500
const tailBytes = 4096

export async function runLive(argv: Argv, limitSeconds: number, { kill, onOutput }: RunLive): Promise<Ended> {
	const started = performance.now()
	const digest = createHash('sha256')
	const tail = keep(tailBytes, 'tail')
	let overdue = false
	let killed = false
	let exit = 127
	let fault: string | undefined
	const timers: NodeJS.Timeout[] = []

	try {
		const child = startProcess(argv)
		for (const [stream, pipe] of [
			['out', child.stdout],
			['err', child.stderr],
		] as const) {
			const decoder = new StringDecoder('utf8')
			pipe.on('data', (piece: Buffer) => {
				digest.update(piece)
				tail.push(piece)
				onOutput?.(stream, decoder.write(piece))
			})
		}
		const stuck = Promise.withResolvers<number>()
		const end = () => {
			endGroup(child, 'SIGTERM')
			timers.push(
				setTimeout(() => endGroup(child, 'SIGKILL'), graceMs),
				// In uninterruptible sleep (a dead disk) it survives even that, and is left behind.
				setTimeout(() => stuck.resolve(137), graceMs + 1000),
			)
		}
		timers.push(
			setTimeout(() => {
				overdue = true
				end()
			}, limitSeconds * 1000),
		)
		const onKill = () => {
			killed = true
			end()
		}
		if (kill?.aborted) onKill()
		kill?.addEventListener('abort', onKill, { once: true })
		const ended = await endOf(child, argv, stuck.promise)
		kill?.removeEventListener('abort', onKill)
		if (typeof ended === 'number') exit = ended
		else fault = ended.fault
		letGo(child)
	} catch (error) {
		fault = faultOf(argv, error)
	}
	for (const timer of timers) clearTimeout(timer)
	return {
		exit,
		ms: since(started),
		digest: digest.digest('hex'),
		tail: tail.text(),
		overdue,
		killed,
		...(fault !== undefined && { fault }),
	}
}

/** The exit status once output is through, or why it could not be started. */
function endOf(child: Child, argv: Argv, stuck: Promise<number>): Promise<number | { fault: string }> {
	const { promise, resolve } = Promise.withResolvers<number | { fault: string }>()
	let exit: number | undefined
	child.nodeChildProcess.once('exit', (code, signal) => {
		exit = code ?? 128 + (signal ? constants.signals[signal] : 9)
		const ended = exit
		setTimeout(() => resolve(ended), lateOutputMs).unref()
	})
	const settled = (result: unknown) => resolve(exit ?? { fault: faultOf(argv, result) })
	child.then(settled, settled)
	return Promise.race([promise, stuck])
}

function faultOf([program]: Argv, error: unknown): string {
	const code = codeOf(error)
	if (code === 'ENOENT') return `${program} was not found`
	if (code === 'EACCES') return `${program} may not be run`
	return `${program} could not be started: ${code || messageOf(error)}`
}
