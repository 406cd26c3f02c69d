/**
 * Runs the app on a terminal: connects the pure loop with Ink, the clock, signals and the file system.
 * Ink and React are loaded only here.
 */
import { farewell } from '../app/farewell.js'
import { type Mode, start, type Tab } from '../app/state.js'
import type { SourceStep, Subject } from '../app/subject.js'
import type { Report } from '../model/report.js'
import { lookOf } from '../tui/look.js'
import { type ClusterHands, clusterView } from './cluster.js'
import { type Conductor, conductor } from './conductor.js'
import type { Deeds } from './deeds.js'
import { loadSuppressions, type Performer, perform } from './effects.js'
import { lateLogDesk } from './logs/late-desk.js'
import { type Loop, loop } from './loop.js'
import { type EndSignal, onEndSignals, type Streams, signalStatus, stopJob, terminal } from './terminal.js'

/** How an examination tells what it comes by while it runs. */
export interface Telling {
	/** A source waits, is asked, has answered or has not. The same source may be told many times. */
	source(step: SourceStep): void
	/** What can be said so far. Each time from everything that is known by then. */
	found(subject: Subject): void
	/** Aborted when the operator leaves: nothing needs to be asked any longer. */
	readonly signal: AbortSignal
}

export interface AppOptions {
	mode: Mode
	/** How a person names the origin: `this host`, or the path of the bundle. */
	from: string
	/**
	 * Looks at the node, once now and again for each `R`. A live node tells of its sources while they answer;
	 * a bundle may just return. What it throws is shown as the reason why there is no report.
	 */
	examine(tell: Telling): Promise<Subject>
	/** Makes plans and carries them out; loaded when the first plan is looked at. */
	deeds(): Promise<Deeds>
	/** The node whose cluster is followed while one looks at it; absent for what is recorded. */
	cluster?(): Promise<ClusterHands>
	/** Nothing may be changed: neither the node nor the file of suppressions. */
	readOnly?: boolean
	/** Where to begin. */
	tab?: Tab
	/** Opens this log, as soon as it is known; '' is that of k3s. */
	log?: string
	/** Of the cluster only what is in this namespace. */
	namespace?: string
	noColour?: boolean
	ascii?: boolean
	/** Where suppressions are kept; without it only as long as the app runs. Ignored for bundles and `readOnly`. */
	suppressionFile?: string
	/** The exit status for what was found. Default 0. */
	exitStatus?: (report: Report) => number
	/** Default: the process' own. */
	streams?: Streams
}

/**
 * Runs until the operator leaves. Then the terminal is as it was before, and the result stands on it in three
 * lines. Needs a terminal on both streams. The exit status; something may still be asked then, which nobody waits for.
 */
export async function runApp(options: AppOptions): Promise<number> {
	// React's development build is twice as slow, and Ink takes CI for a place without a terminal.
	process.env.NODE_ENV ??= 'production'
	const { mount } = await import('../tui/mount.js')
	const { mode, from, readOnly = false, tab, namespace } = options
	const streams = options.streams ?? { input: process.stdin, output: process.stdout }
	const { input, output } = streams
	const look = lookOf(process.env, {
		noColour: options.noColour ?? false,
		ascii: options.ascii ?? false,
	})
	const keeps = mode === 'live' && !readOnly
	const ending = Promise.withResolvers<{ status: number; failure?: unknown }>()
	const abort = new AbortController()
	const screen = terminal(streams)

	const acting = conductor({ send: message => app.send(message) }, () => options.deeds())
	// While the pager has the terminal, Ctrl-C is meant for it.
	let lent = false
	const logs = lateLogDesk({
		send: message => app.send(message),
		state: () => app.state(),
		environment: process.env,
		lend: work =>
			mounted.lend(async () => {
				screen.giveBack()
				lent = true
				await work()
				lent = false
				screen.borrow()
			}),
	})
	const performer: Performer = {
		examine: () => void examine(app, options, abort.signal),
		conductor: acting,
		logs,
		leave: interrupted => {
			const report = app.state().subject?.report
			const status = report && options.exitStatus ? options.exitStatus(report) : 0
			ending.resolve({ status: interrupted ? signalStatus.SIGINT : status })
		},
		redraw: () => mounted.redraw(),
		suspend: () => void suspend(),
		write: text => output.write(text),
		suppressionFile: keeps ? options.suppressionFile : undefined,
		environment: process.env,
		ascii: look.ascii,
	}
	const size = { columns: output.columns || 80, rows: output.rows || 24 }
	const app: Loop = loop(
		start({ mode, from, readOnly, size, ...(tab && { tab }), ...(namespace !== undefined && { namespace }) }),
		(effect, state) => perform(effect, state, app, performer),
	)

	screen.borrow()
	const mounted = mount({ program: app, look, ...streams })

	let unopened = options.log
	const untidy = app.subscribe(() => {
		const state = app.state()
		logs.tidy(state)
		const known = mode === 'live' ? (state.logSources?.length ?? 0) > 0 : state.subject !== undefined
		if (unopened === undefined || !known) return
		const words = unopened
		unopened = undefined
		// Who has gone elsewhere meanwhile is not taken back.
		if (state.tab === 'logs' && state.places.logs.length === 1) app.send({ type: 'open-log', words })
	})

	let suspended = false
	async function suspend(): Promise<void> {
		if (suspended) return
		suspended = true
		await mounted.lend(async () => {
			screen.giveBack()
			process.off('SIGTSTP', onStop)
			await stopJob()
			process.on('SIGTSTP', onStop)
			screen.borrow()
		})
		suspended = false
	}
	// Stopped from outside: leave the screen first. Stopped hard and continued: the shell has changed the terminal.
	const onStop = () => {
		// A doctor that stands still would not hear what it runs.
		if (!acting.running()) void suspend()
	}
	const onContinue = () => {
		if (suspended || !input.isTTY) return
		input.setRawMode(false)
		input.setRawMode(true)
		performer.redraw()
	}
	process.on('SIGTSTP', onStop)
	process.on('SIGCONT', onContinue)
	const offSignals = onEndSignals(signal => {
		if (lent && signal === 'SIGINT') return
		acting.stop(signal === 'SIGINT' ? 'kill' : 'after-stretch', endWords[signal])
		ending.resolve({ status: signalStatus[signal] })
	})
	const crash = (failure: unknown) => ending.resolve({ status: 1, failure })
	process.on('uncaughtException', crash)
	process.on('unhandledRejection', crash)
	mounted.ended.then(() => ending.resolve({ status: 0 }), crash)

	await mounted.painted()
	const { cluster } = options
	if (cluster) performer.cluster = clusterView(app, cluster)
	performer.examine()
	if (performer.suppressionFile !== undefined) void loadSuppressions(performer.suppressionFile, app)

	const { status, failure } = await ending.promise
	abort.abort()
	acting.close()
	void performer.cluster?.stop()
	untidy()
	logs.close()
	process.off('SIGTSTP', onStop)
	process.off('SIGCONT', onContinue)
	mounted.unmount()
	screen.giveBack()
	await untilOver(acting)
	offSignals()
	process.off('uncaughtException', crash)
	process.off('unhandledRejection', crash)
	if (failure !== undefined) {
		const words = failure instanceof Error ? (failure.stack ?? failure.message) : String(failure)
		process.stderr.write(`k3s-doctor failed: ${words}\n`)
	}
	for (const line of farewell(app.state())) output.write(`${line}\n`)
	return status
}

/** What runs is brought to an end that is known and written down; only then the doctor leaves. */
async function untilOver(acting: Conductor): Promise<void> {
	const running = acting.running()
	if (!running) return
	acting.stop('after-stretch', 'the doctor came to an end')
	process.stderr.write(
		'k3s-doctor: an action is running; it is brought to an end first. Ctrl-C kills its step.\n',
	)
	await running
}

/** Why a run was stopped, as the audit log will have it. */
const endWords: Readonly<Record<EndSignal, string>> = {
	SIGHUP: 'the terminal went away',
	SIGINT: 'the doctor was interrupted',
	SIGQUIT: 'the doctor was told to quit',
	SIGTERM: 'the doctor was told to end',
}

/** After this long the first look at the result is painted, and the next key is still to come. */
const idleMs = 500

/** One examination, its news sent on as messages. A clock runs only meanwhile. */
async function examine(app: Loop, options: AppOptions, signal: AbortSignal): Promise<void> {
	const began = performance.now()
	const clock = setInterval(() => {
		app.send({ type: 'clock', seconds: Math.round((performance.now() - began) / 1000) })
	}, 1000)
	clock.unref()
	const { setEngine, tidyUp } = await import('./engine.js')
	setEngine()
	try {
		const subject = await options.examine({
			source: step => app.send({ type: 'source', step }),
			found: subject => app.send({ type: 'found', subject }),
			signal,
		})
		app.send({ type: 'examined', subject })
	} catch (error) {
		app.send({ type: 'not-examined', error: error instanceof Error ? error.message : String(error) })
	} finally {
		clearInterval(clock)
		setTimeout(tidyUp, idleMs).unref()
	}
}
