/**
 * Carries out what the app was told to: makes plans, runs a confirmed one while the app goes on, looks whether it
 * helped. One run at a time; whoever ends the app waits for it here.
 */
import type { RunResult } from '../model/action.js'
import { type Confirmed, planOf } from '../model/confirmed.js'
import type { Plan } from '../model/plan.js'
import type { Wish } from '../model/wish.js'
import { makeStop, type Stop, type StopHow } from '../remedies/stop.js'
import type { Deeds, LiveDeeds } from './deeds.js'
import type { Loop } from './loop.js'

export interface Conductor {
	plan(wish: Wish): Promise<void>
	run(confirmed: Confirmed): Promise<void>
	stop(how: StopHow, why: string): void
	/** What only a person can do was done. */
	attended(): void
	past(): Promise<void>
	/** Something is being changed: resolves when it has come to an end that is written down. */
	running(): Promise<void> | undefined
	/** Stops looking whether it helped. */
	close(): void
}

export function conductor(app: Pick<Loop, 'send'>, open: () => Promise<Deeds>): Conductor {
	let stop: Stop | undefined
	let answer: ((goOn: boolean) => void) | undefined
	let running: Promise<void> | undefined
	/** A step of the run has begun. */
	let begun = false
	let looking: { abort: AbortController; done: Promise<void> } | undefined

	async function plan(wish: Wish): Promise<void> {
		const said = await open()
			.then(deeds => deeds.plan(wish))
			.then(made => ('steps' in made ? { plan: made } : made))
			.catch((error: unknown) => ({ why: `It could not be planned: ${words(error)}` }))
		app.send({ type: 'planned', wish, ...said })
	}

	async function run(confirmed: Confirmed): Promise<void> {
		if (running) return
		const over = Promise.withResolvers<void>()
		running = over.promise
		const plan = planOf(confirmed)
		const ticking = clock(app)
		try {
			looking?.abort.abort()
			await looking?.done
			const { live } = await open()
			if (!plan || !live) throw new Error('there is no node to run it on')
			const result = await carriedOut(live, confirmed)
			const looks = result.outcome !== 'changed' && result.outcome !== 'refused' && plan.kind !== 'discard'
			app.send({ type: 'run-over', result, verifies: looks })
			if (looks) look(live, plan, result, ticking)
			else ticking.end()
			void past()
		} catch (error) {
			ticking.end()
			// What the log tells of it can be taken back from Actions.
			const outcome = begun ? 'failed' : 'refused'
			const detail = begun ? `the doctor itself failed: ${words(error)}` : words(error)
			app.send({ type: 'run-over', result: { outcome, done: 0, detail, undoable: false }, verifies: false })
			void past()
		} finally {
			stop = undefined
			answer = undefined
			running = undefined
			over.resolve()
		}
	}

	async function carriedOut(live: LiveDeeds, confirmed: Confirmed): Promise<RunResult> {
		stop = makeStop()
		begun = false
		return live.run(confirmed, {
			stop,
			onEvent: event => {
				begun = true
				app.send({ type: 'ran-on', event })
			},
			attend: text =>
				new Promise(resolve => {
					// Who is asked to stop while a person is waited for need not answer any more.
					if (stop?.asked) return resolve(false)
					answer = goOn => {
						answer = undefined
						resolve(goOn)
					}
					app.send({ type: 'attend', text })
				}),
		})
	}

	function look(live: LiveDeeds, plan: Plan, result: RunResult, ticking: Ticking): void {
		const abort = new AbortController()
		const done = (async () => {
			try {
				if (plan.kind === 'remedy' && result.outcome === 'done') {
					const onProgress = (says: string) => app.send({ type: 'verifying', says })
					const { verified, subject } = await live.verify(plan, result, { signal: abort.signal, onProgress })
					if (!abort.signal.aborted) app.send({ type: 'verified', verified, subject })
				} else {
					const subject = await live.look(abort.signal)
					if (!abort.signal.aborted) app.send({ type: 'verified', subject })
				}
			} catch (error) {
				const why = `The node could not be looked at again: ${words(error)}`
				if (!abort.signal.aborted) app.send({ type: 'verified', why })
			} finally {
				ticking.end()
				looking = undefined
				if (!abort.signal.aborted) void past()
			}
		})()
		looking = { abort, done }
	}

	async function past(): Promise<void> {
		try {
			const { live } = await open()
			if (live) app.send({ type: 'past', past: await live.past() })
		} catch (error) {
			const history = { actions: [], torn: 0 }
			const why = `What was done here could not be read: ${words(error)}`
			app.send({ type: 'past', past: { history, backups: {}, why } })
		}
	}

	return {
		plan,
		run,
		past,
		stop(how, why) {
			stop?.ask(how, why)
			// Nobody is waited for any more.
			if (stop?.asked) answer?.(false)
		},
		attended: () => answer?.(true),
		running: () => running,
		close: () => looking?.abort.abort(),
	}
}

interface Ticking {
	end(): void
}

/** Tells the seconds while something goes on. */
function clock(app: Pick<Loop, 'send'>): Ticking {
	const began = performance.now()
	const timer = setInterval(() => {
		app.send({ type: 'run-clock', seconds: Math.round((performance.now() - began) / 1000) })
	}, 1000)
	timer.unref()
	return { end: () => clearInterval(timer) }
}

const words = (error: unknown) => (error instanceof Error ? error.message : String(error))
