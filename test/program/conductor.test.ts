/** What the conductor tells the app of a run: how it ended, also where the doctor itself fails, and one at a time. */
import { describe, expect, it } from 'vitest'
import type { Message } from '../../src/app/message.js'
import { confirm } from '../../src/model/confirmed.js'
import { conductor } from '../../src/program/conductor.js'
import type { LiveDeeds } from '../../src/program/deeds.js'
import { planOf } from '../app/plans.js'
import { subject } from '../app/subjects.js'

const past = { history: { actions: [], torn: 0 }, backups: {} }

function conducted(live: Partial<LiveDeeds>) {
	const told: Message[] = []
	const deeds: LiveDeeds = {
		run: async () => ({ outcome: 'done', done: 2, detail: 'all done', undoable: true, id: 'a' }),
		verify: async () => ({
			verified: { outcome: 'fixed', says: 'Fixed.', fresh: [], at: 0 },
			subject: subject([]),
		}),
		look: async () => subject([]),
		past: async () => past,
		...live,
	}
	const acting = conductor({ send: message => void told.push(message) }, async () => ({
		plan: async () => ({ why: 'none' }),
		live: deeds,
	}))
	return { told, acting, types: () => told.map(({ type }) => type) }
}

function yes() {
	const confirmation = confirm(planOf(), 'y', 'node-1')
	if (!confirmation.ok) throw new Error(confirmation.why)
	return confirmation.confirmed
}

/** Lets everything that is ready happen. */
const settle = () => new Promise(resolve => setImmediate(resolve))

describe('a run', () => {
	it('is looked at afterwards, and the history is read again', async () => {
		const { acting, types } = conducted({})
		await acting.run(yes())
		await settle()
		expect(types().sort()).toEqual(['past', 'past', 'run-over', 'verified'])
		expect(acting.running()).toBeUndefined()
	})

	it('that found the node changed is not looked at', async () => {
		const { acting, told } = conducted({
			run: async () => ({ outcome: 'changed', done: 0, detail: 'x', undoable: false }),
		})
		await acting.run(yes())
		await settle()
		expect(told[0]).toMatchObject({ type: 'run-over', verifies: false })
	})

	it('in which the doctor itself fails is not told as one in which nothing was run', async () => {
		const { acting, told } = conducted({
			run: async (_, { onEvent }) => {
				onEvent({ kind: 'step', index: 0, at: 0 })
				throw new TypeError('the roof fell in')
			},
		})
		await acting.run(yes())
		const over = told.find(({ type }) => type === 'run-over')
		expect(over).toMatchObject({
			result: { outcome: 'failed', detail: 'the doctor itself failed: the roof fell in' },
		})
	})

	it('that could not begin says why', async () => {
		const { acting, told } = conducted({
			run: async () => {
				throw new Error('no place for the log')
			},
		})
		await acting.run(yes())
		expect(told[0]).toMatchObject({ result: { outcome: 'refused', detail: 'no place for the log' } })
	})

	it('waits for a person; who stops it meanwhile need not answer', async () => {
		let answer: boolean | undefined
		const { acting, types } = conducted({
			run: async (_, { attend }) => {
				answer = await attend?.('do it')
				return { outcome: 'stopped', done: 0, detail: 'x', undoable: false }
			},
		})
		const run = acting.run(yes())
		await settle()
		expect(types()).toEqual(['attend'])
		acting.stop('after-step', 'x')
		await run
		expect(answer).toBe(false)
	})

	it('breaks off the look after the one before', async () => {
		let aborted = false
		const { acting, types } = conducted({
			verify: (_plan, _result, { signal }) =>
				new Promise((_, reject) =>
					signal.addEventListener('abort', () => {
						aborted = true
						reject(new Error('broken off'))
					}),
				),
		})
		await acting.run(yes())
		const second = acting.run(yes())
		await second
		expect(aborted).toBe(true)
		expect(types().filter(type => type === 'verified')).toEqual([])
		acting.close()
	})
})
