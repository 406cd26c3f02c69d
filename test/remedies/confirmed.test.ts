import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Confirmed } from '../../src/model/confirmed.js'
import { answerWanted, confirm, planOf } from '../../src/model/confirmed.js'
import { NotConfirmed } from '../../src/model/hands-error.js'
import type { Plan } from '../../src/model/plan.js'
import { runPlan } from '../../src/remedies/run.js'
import { makeStop } from '../../src/remedies/stop.js'
import { makeScratch, remedyOf, type Scratch, yesTo } from './scratch.js'

let scratch: Scratch
let path: string
beforeEach(() => {
	scratch = makeScratch()
	path = scratch.put('etc/config.yaml', 'a: 1\n')
})
afterEach(() => scratch.cleanup())

async function planned(more: Parameters<typeof remedyOf>[1] = {}): Promise<Plan> {
	const session = scratch.session([remedyOf([{ edit: path, set: { a: 2 } }], more)])
	const plan = await session.plan('config-bad-value', 1)
	if (!plan) throw new Error('no plan')
	return plan
}

const context = (plan: Plan) => ({
	...scratch.machine,
	who: { user: 'ada', uid: 1000 },
	audits: scratch.places.audits,
	replan: async () => plan,
	onEvent: () => undefined,
	stop: makeStop(),
})

describe('confirm', () => {
	it('wants a y for what is safe or restarts, and the name of the node for what destroys', async () => {
		for (const risk of ['safe', 'restart', 'destructive'] as const) {
			const plan = await planned({ risk })
			const wanted = risk === 'destructive' ? 'edge-7' : 'y'
			expect(answerWanted(plan)).toBe(wanted)
			for (const answer of [
				'',
				' ',
				'n',
				'no',
				'N',
				'yy',
				'ja',
				'\n',
				'edge-7 ',
				'y',
				'yes',
				'Y',
				'edge-70',
			]) {
				const yes = risk === 'destructive' ? answer.trim() === 'edge-7' : /^(y|yes)$/i.test(answer)
				expect(confirm(plan, answer, 'edge-7').ok, `${risk} ${JSON.stringify(answer)}`).toBe(yes)
			}
		}
	})

	it('is for the node that the operator looks at', async () => {
		const plan = await planned()
		expect(confirm(plan, 'y', 'edge-8')).toEqual({ ok: false, why: 'the plan is for edge-7' })
		expect(confirm(plan, 'y', '')).toMatchObject({ ok: false })
	})

	it('is not given to a plan that is refused, or in which there is nothing to run', async () => {
		const refused = await planned({ preconditions: [{ says: 'x', holds: false, why: 'y' }] })
		expect(confirm(refused, 'y', 'edge-7')).toMatchObject({ ok: false, why: 'Not met: x (y)' })
		const session = scratch.session([remedyOf([{ tell: 'Do it yourself', commands: ['ls'] }])])
		const told = await session.plan('config-bad-value', 1)
		expect(told && confirm(told, 'y', 'edge-7')).toMatchObject({ ok: false })
	})

	it('binds the very plan, which nobody can change any more', async () => {
		const plan = await planned()
		const confirmed = yesTo(plan)
		expect(planOf(confirmed)).toBe(plan)
		expect(() => Object.assign(plan.steps[0] ?? {}, { content: 'evil' })).toThrow(TypeError)
		expect(() => (plan.steps as unknown[]).push({})).toThrow(TypeError)
	})
})

describe('the hands', () => {
	it('open for nothing but a confirmation', async () => {
		const plan = await planned()
		const genuine = yesTo(plan)
		const { hands } = scratch.machine
		const copies: unknown[] = [
			undefined,
			null,
			true,
			'y',
			{},
			{ fingerprint: plan.fingerprint },
			{ ...genuine },
			structuredClone(genuine),
			Object.create(genuine),
			new Proxy(genuine, {}),
			plan,
		]
		for (const copy of copies) expect(() => hands.open(copy as Confirmed)).toThrow(NotConfirmed)
		expect(hands.open(genuine).plan).toBe(plan)
		// Once.
		expect(() => hands.open(genuine)).toThrow(NotConfirmed)
		expect(scratch.text('etc/config.yaml')).toBe('a: 1\n')
	})

	it('do no step but those of the plan that was confirmed', async () => {
		const plan = await planned()
		const other = await planned({ title: 'another' })
		const opened = scratch.machine.hands.open(yesTo(plan))
		await opened.begin()
		const [step] = plan.steps
		const [foreign] = other.steps
		if (!step || !foreign) throw new Error('no step')
		const evil = {
			kind: 'run',
			argv: ['touch', scratch.at('evil')],
			says: 'x',
			limitSeconds: 1,
			exits: [0],
		} as const
		for (const wrong of [foreign, { ...step }, structuredClone(step), evil])
			await expect(opened.perform(wrong, {})).rejects.toThrow(NotConfirmed)
		expect(scratch.text('etc/config.yaml')).toBe('a: 1\n')
		await opened.perform(step, {})
		expect(scratch.text('etc/config.yaml')).toBe('a: 2\n')
	})

	it('refuse by type what is not confirmed', async () => {
		const plan = await planned()
		const { hands } = scratch.machine
		// @ts-expect-error A plan is no confirmation.
		expect(() => hands.open(plan)).toThrow(NotConfirmed)
		// @ts-expect-error Neither is what looks like one.
		expect(() => hands.open({ fingerprint: plan.fingerprint })).toThrow(NotConfirmed)
		// @ts-expect-error Nor the answer that was not a yes.
		await expect(runPlan(confirm(plan, 'n', 'edge-7'), context(plan))).rejects.toThrow(NotConfirmed)
		// @ts-expect-error Nothing at all is none.
		await expect(runPlan(undefined, context(plan))).rejects.toThrow(NotConfirmed)
	})
})

describe('runPlan', () => {
	it('refuses a confirmation that was used', async () => {
		const plan = await planned()
		const confirmed = yesTo(plan)
		expect((await runPlan(confirmed, context(plan))).outcome).toBe('done')
		await expect(runPlan(confirmed, context(plan))).rejects.toThrow(NotConfirmed)
	})

	it('refuses one that went stale, and it stays so', async () => {
		const plan = await planned()
		const confirmed = yesTo(plan)
		scratch.put('etc/config.yaml', 'a: 1\nb: 2\n')
		const now = await planned()
		const result = await runPlan(confirmed, context(now))
		expect(result).toMatchObject({ outcome: 'changed', plan: now })
		await expect(runPlan(confirmed, context(plan))).rejects.toThrow(NotConfirmed)
		expect(scratch.text('etc/config.yaml')).toBe('a: 1\nb: 2\n')
	})

	it('refuses when the remedy is gone', async () => {
		const plan = await planned()
		const result = await runPlan(yesTo(plan), { ...context(plan), replan: async () => undefined })
		expect(result).toMatchObject({ outcome: 'changed', done: 0 })
		expect(scratch.text('etc/config.yaml')).toBe('a: 1\n')
	})
})
