/** Whatever is pressed, pasted and told: nothing runs without a yes to exactly the plan that is shown. */
import { describe, expect, it } from 'vitest'
import { frameOf } from '../../src/app/frame.js'
import type { Key } from '../../src/app/keys/key.js'
import { textOf } from '../../src/app/line.js'
import type { Effect, Message } from '../../src/app/message.js'
import { type Mode, placeOf, type State, start } from '../../src/app/state.js'
import { update } from '../../src/app/update.js'
import type { Action, RunOutcome } from '../../src/model/action.js'
import { planOf as confirmedPlan, spend } from '../../src/model/confirmed.js'
import type { Plan } from '../../src/model/plan.js'
import type { Wish } from '../../src/model/wish.js'
import { anyMessage } from './key-monkey.js'
import { planOf } from './plans.js'
import { pick, randomOf, seedOfRun } from './random.js'
import { diagnosis, subject } from './subjects.js'

const seed = seedOfRun()
const messages = 100_000
const perApp = 2_000
const host = 'node-1'

const sick = subject([diagnosis('disk-full'), diagnosis('coredns-down', { severity: 'warning' })])
const healed = subject([diagnosis('coredns-down')])

/** A node that answers in its own time: late, wrongly, changed, refused. */
class Node {
	readonly wishes: Wish[] = []
	readonly given = new Set<Plan>()
	running: Plan | undefined

	plan(random: () => number): Plan {
		const chance = random()
		const plan = planOf({
			risk: pick(['safe', 'restart', 'destructive'], random),
			kind: pick(['remedy', 'undo', 'discard'], random),
			...(chance < 0.1 && { refusals: [{ kind: 'precondition', why: 'not met' }] }),
			...(chance > 0.95 && { onlyTells: true }),
			...(chance > 0.9 && chance < 0.95 && { node: { ...planOf().node, hostname: 'another' } }),
		})
		this.given.add(plan)
		return plan
	}

	says(random: () => number): Message {
		const wish = random() < 0.8 ? this.wishes.at(-1) : this.wishes[0]
		const chance = random()
		if (wish && chance < 0.5) {
			return random() < 0.1
				? { type: 'planned', wish, why: 'gone' }
				: { type: 'planned', wish, plan: this.plan(random) }
		}
		if (chance < 0.52) return { type: 'examined', subject: pick([sick, healed, sick], random) }
		if (chance < 0.57)
			return { type: 'past', past: { history: { actions: [done], torn: 0 }, backups: { a: 1 } } }
		if (chance < 0.59) return { type: 'notice', notice: { text: 'psst', tone: 'plain' } }
		const { running } = this
		if (!running || chance < 0.62) return { type: 'run-clock', seconds: 3 }
		if (chance < 0.8) return { type: 'ran-on', event: { kind: 'step', index: 0, at: 0 } }
		if (chance < 0.85) return { type: 'attend', text: 'do it' }
		this.running = undefined
		const outcome = pick<RunOutcome>(['done', 'failed', 'stopped', 'killed', 'changed', 'refused'], random)
		const plan = outcome === 'changed' && random() < 0.8 ? { plan: this.plan(random) } : {}
		const result = { outcome, id: 'a', done: 1, detail: 'x', undoable: random() < 0.5, ...plan }
		return { type: 'run-over', result, verifies: false }
	}
}

const done: Action = {
	number: 1,
	id: 'a',
	at: 0,
	kind: 'remedy',
	user: 'ann',
	uid: 0,
	node: host,
	cause: 'disk-full',
	title: 'Mend disk-full',
	risk: 'safe',
	fingerprint: 'x',
	folder: '/x/a',
	planned: ['x'],
	steps: [{ says: 'x', outcome: 'done' }],
	outcome: 'done',
}

const ways: readonly (readonly Key[])[] = [
	['x'],
	['x'],
	['r'],
	['enter'],
	['u'],
	['D'],
	['y'],
	['Y'],
	['n'],
	['x', 'y'],
	['x', 'y', 'enter'],
	['ctrl-c'],
	['s'],
	['k'],
	['1', '1'],
	['6'],
	['enter'],
	['j'],
	['tab'],
]

function onTheWay(state: State, random: () => number): readonly Key[] {
	const { prompt } = state
	if (prompt?.kind === 'confirm')
		return pick([['y'], ['y'], ['n'], ['enter'], [...host, 'enter'], [...host]], random)
	if (prompt) return pick([['esc'], ['s'], ['k']], random)
	return placeOf(state).kind === 'plan' ? ['x'] : pick([['1', '1'], ['r'], ['r'], ['6'], ['u']], random)
}

function anything(node: Node, state: State, random: () => number): Message {
	const chance = random()
	// Somebody who knows the way, so that the walk comes by what matters.
	if (random() < 0.3) return { type: 'keys', keys: [...onTheWay(state, random)] }
	if (random() < 0.005) return { type: 'keys', keys: ['x', ...host, 'enter'] }
	if (chance < 0.3) return node.says(random)
	if (chance < 0.32) return { type: 'paste', text: pick(['y', host, `${host}\n`, 'xy'], random) }
	if (chance < 0.93) return { type: 'keys', keys: pick(ways, random) }
	return anyMessage(random)
}

/** What an operator would have to have seen and done before this may run. */
function expectYes(
	before: State,
	message: Message,
	effect: Extract<Effect, { kind: 'run' }>,
	node: Node,
): void {
	const plan = confirmedPlan(effect.confirmed)
	if (!plan) throw new Error('there is no plan in it')
	expect(node.given.has(plan)).toBe(true)
	expect(before.readOnly).toBe(false)
	expect(before.mode).toBe('live')
	expect(plan.refusals).toEqual([])
	expect(plan.onlyTells).toBe(false)
	expect(plan.node.hostname).toBe(host)
	expect(before.prompt?.plan).toBe(plan)
	expect(before.run?.phase).not.toBe('running')
	expect(placeOf(before).kind).toBe('plan')
	const screen = frameOf(before).lines.map(textOf).join('\n')
	if (before.size.rows > 2 && before.size.columns >= 60)
		expect(screen).toMatch(plan.risk === 'destructive' ? /Type node-1/ : /y\/N/)
	if (message.type !== 'keys') throw new Error(`${message.type} is no yes`)
	const [first] = message.keys
	if (plan.risk !== 'destructive') expect(['y', 'Y']).toContain(first)
	else {
		expect(message.keys).toContain('enter')
		const typed = before.prompt?.text.join('') ?? ''
		const until = message.keys.slice(0, message.keys.indexOf('enter'))
		// Words before the name, or a name that is cut, are no yes; editing keys are left to other tests.
		if (until.every(key => key.length === 1) && before.prompt?.cursor === typed.length)
			expect((typed + until.join('')).trim()).toBe(host)
	}
}

describe('nothing runs without a yes', () => {
	it('by type: only a confirmation makes what a run takes', () => {
		// @ts-expect-error What looks like a confirmation is none.
		const forged: Effect = { kind: 'run', confirmed: { fingerprint: 'print 1' } }
		expect(forged.kind === 'run' && confirmedPlan(forged.confirmed)).toBeUndefined()
	})

	it(`over ${messages} random messages (SEED=${seed})`, { timeout: 300_000 }, () => {
		const random = randomOf(seed)
		const seen = { safe: 0, restart: 0, destructive: 0 }
		let [tried, refused] = [0, 0]
		for (let sent = 0; sent < messages; ) {
			const mode = pick<Mode>(['live', 'live', 'live', 'bundle', 'demo'], random)
			const readOnly = random() < 0.15
			let state = start({ mode, from: 'x', readOnly, size: { columns: 80, rows: 24 } })
			;[state] = update(state, { type: 'examined', subject: sick })
			const node = new Node()
			for (let index = 0; index < perApp; index += 1, sent += 1) {
				const message = anything(node, state, random)
				// Older plans do not follow from what is known now.
				if (message.type === 'examined') node.given.clear()
				const before = state
				const [next, effects] = update(state, message)
				state = next
				for (const effect of effects) {
					if (effect.kind === 'plan') node.wishes.push(effect.wish)
					if (effect.kind !== 'run') continue
					expectYes(before, message, effect, node)
					const plan = spend(effect.confirmed)
					if (plan) seen[plan.risk] += 1
					node.running = plan
				}
				if (before.prompt?.kind === 'confirm') {
					tried += 1
					if (state.prompt === undefined && !effects.some(({ kind }) => kind === 'run')) refused += 1
				}
			}
		}
		// The walk has to have come by: yeses of each kind, and questions that were not answered so.
		expect(Math.min(seen.safe, seen.restart, seen.destructive), JSON.stringify(seen)).toBeGreaterThan(20)
		expect(refused, `${refused} of ${tried}`).toBeGreaterThan(200)
	})
})
