import {
	appendFileSync,
	chmodSync,
	existsSync,
	lstatSync,
	mkdirSync,
	readFileSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readHistory } from '../../src/remedies/audit.js'
import { carryOut, makeScratch, remedyOf, type Scratch } from './scratch.js'

let scratch: Scratch
beforeEach(() => {
	scratch = makeScratch()
})
afterEach(() => scratch.cleanup())

async function act() {
	const path = scratch.put('etc/config.yaml', 'a: 1\n')
	const session = scratch.session([
		remedyOf([{ edit: path, set: { a: 2 } }, { run: ['k3s', 'token', 'rotate', '--token', 'hush'] }], {
			risk: 'restart',
		}),
	])
	const plan = await session.plan('config-bad-value', 1)
	if (!plan) throw new Error('no plan')
	const { result } = await carryOut(session, plan)
	await session.verify(plan, result, { diagnoses: [], unexamined: [], crashed: [], gaps: [] }, {})
	return session
}

describe('the audit log', () => {
	it('tells who did what to which node, when, how it ended and whether it helped', async () => {
		const session = await act()
		const { actions, torn } = await session.history()
		expect(torn).toBe(0)
		expect(actions).toMatchObject([
			{
				number: 1,
				kind: 'remedy',
				user: 'ada',
				uid: 1000,
				tty: 'pts/3',
				ssh: '10.0.0.9',
				node: 'edge-7',
				cause: 'config-bad-value',
				title: 'Mend it',
				risk: 'restart',
				fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
				outcome: 'done',
				steps: [
					{ outcome: 'done', ms: expect.any(Number) },
					{
						argv: expect.arrayContaining(['rotate']),
						exit: 0,
						output: expect.stringMatching(/^[0-9a-f]{64}$/),
					},
				],
				verified: { outcome: 'fixed', says: expect.any(String), fresh: [] },
			},
		])
		const [log = ''] = scratch.places.audits
		const text = readFileSync(log, 'utf8')
		expect(text).not.toContain('hush')
		for (const line of text.trimEnd().split('\n')) expect(JSON.parse(line)).toMatchObject({ audit: 1 })
		expect(lstatSync(log).mode & 0o777).toBe(0o600)
		expect(lstatSync(dirname(log)).mode & 0o777).toBe(0o700)
	})

	it('only grows, and ends a line that a power cut tore', async () => {
		await act()
		const [log = ''] = scratch.places.audits
		chmodSync(log, 0o644)
		appendFileSync(log, '{"audit":1,"at":"2026-11-21T04:1')
		const before = readFileSync(log, 'utf8')
		const session = await act()
		expect(readFileSync(log, 'utf8').startsWith(`${before}\n`)).toBe(true)
		expect(lstatSync(log).mode & 0o777).toBe(0o600)
		const { actions, torn } = await session.history()
		expect(actions.map(({ outcome }) => outcome)).toEqual(['done', 'done'])
		expect(torn).toBe(1)
	})

	it('goes elsewhere when its place takes nothing, and is read from both', async () => {
		await act()
		const [log = '', other = ''] = scratch.places.audits
		writeFileSync(`${log}.old`, readFileSync(log))
		const { rmSync } = await import('node:fs')
		rmSync(dirname(log), { recursive: true })
		writeFileSync(dirname(log), 'a file where the folder should be')
		const session = await act()
		expect(existsSync(other)).toBe(true)
		expect((await session.history()).actions).toHaveLength(1)
	})

	it('is not written through a link, and without a log nothing is run', async () => {
		for (const log of scratch.places.audits) {
			mkdirSync(dirname(log), { recursive: true })
			symlinkSync(scratch.at('elsewhere'), log)
		}
		const path = scratch.put('etc/config.yaml', 'a: 1\n')
		const session = scratch.session([remedyOf([{ edit: path, set: { a: 2 } }])])
		const { result } = await carryOut(session, await session.plan('config-bad-value', 1))
		expect(result).toMatchObject({ outcome: 'refused', detail: expect.stringContaining('audit log') })
		expect(scratch.text('etc/config.yaml')).toBe('a: 1\n')
		expect(existsSync(scratch.at('elsewhere'))).toBe(false)
	})
})

describe('readHistory', () => {
	it('takes any text for what it is', () => {
		const whole =
			'{"audit":1,"id":"x","at":"2026-11-21T04:10:00.000Z","event":"begun","who":null,"planned":7,"fresh":{}}'
		const cases: [string, number, number][] = [
			['', 0, 0],
			['\u0000\u0000\u0000', 0, 1],
			['null\n[]\n7\n"x"\n{}\n', 0, 5],
			[whole, 1, 0],
			[whole.slice(0, 40), 0, 1],
			[`${whole}\n{"audit":1,"id":"x","at":"no time","event":"ended"}`, 1, 1],
			[`${whole}\n{"audit":1,"id":"__proto__","at":"2026-11-21T04:10:00.000Z","event":"ended"}`, 1, 1],
			[`${whole}\n{"audit":1,"id":"x","at":"2026-11-21T04:10:00.000Z","event":"step-end"}`, 1, 0],
		]
		for (const [text, actions, torn] of cases) {
			const history = readHistory([text])
			expect([history.actions.length, history.torn], text).toEqual([actions, torn])
		}
	})

	it('keeps an action that did not end as one', () => {
		const lines = [
			'{"audit":1,"id":"x","at":"2026-11-21T04:10:00.000Z","event":"begun","planned":["a","b"]}',
			'{"audit":1,"id":"x","at":"2026-11-21T04:10:01.000Z","event":"step","step":0,"says":"a"}',
		]
		const [action] = readHistory([lines.join('\n')]).actions
		expect(action?.outcome).toBeUndefined()
		expect(action?.steps).toEqual([{ says: 'a' }])
	})
})
