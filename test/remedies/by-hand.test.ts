import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Remedy } from '../../src/model/remedy.js'
import { compared } from '../../src/remedies/verify.js'
import { carryOut, makeScratch, noJudgement, remedyOf, type Scratch, takeBack } from './scratch.js'

let scratch: Scratch
beforeEach(() => {
	scratch = makeScratch()
	scratch.setObject({ metadata: { name: 'edge-7' }, spec: {} })
})
afterEach(() => scratch.cleanup())

const cordon: Remedy = remedyOf([{ kube: { cordon: 'edge-7' } }], { title: 'Cordon edge-7' })

describe('what the operator wants without a diagnosis', () => {
	it('is planned, confirmed, run, written down and taken back like any remedy', async () => {
		const session = scratch.session([])
		const plan = await session.planOwn(cordon)
		expect(plan).toMatchObject({ cause: 'by-hand', title: 'Cordon edge-7', refusals: [] })
		const { result } = await carryOut(session, plan)
		expect(result).toMatchObject({ outcome: 'done', undoable: true })
		expect(scratch.calls().at(-1)).toContain('[kubectl] [cordon]')
		expect((await session.history()).actions).toMatchObject([{ cause: 'by-hand', title: 'Cordon edge-7' }])
		await takeBack(session)
		expect(scratch.calls().some(call => call.includes('[kubectl] [uncordon]'))).toBe(true)
	})

	it('is held to what the doctor never does, and to the grammar of names', async () => {
		const session = scratch.session([])
		for (const steps of [
			[{ run: ['sh', '-c', 'true'] as const }],
			[{ kube: { deletePod: { namespace: 'shop', name: '-x; reboot' } } }],
		])
			expect((await session.planOwn(remedyOf(steps)))?.refusals).toHaveLength(1)
	})

	it('is shown again when the node changed since', async () => {
		const path = scratch.put('etc/config.yaml', 'a: 1\n')
		const session = scratch.session([])
		const plan = await session.planOwn(remedyOf([{ edit: path, set: { a: 2 } }]))
		scratch.put('etc/config.yaml', 'a: 1\nb: 2\n')
		const { result } = await carryOut(session, plan)
		expect(result.outcome).toBe('changed')
		expect(result.plan?.steps[0]).toMatchObject({ content: 'a: 2\nb: 2\n' })
		expect(scratch.text('etc/config.yaml')).toBe('a: 1\nb: 2\n')
	})

	it('is done when it is done; what is new is told', () => {
		expect(compared('by-hand', noJudgement, noJudgement).says).toBe('Done; nothing new is wrong.')
	})
})
