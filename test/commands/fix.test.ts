import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FixOptions, type FixWorld, fix } from '../../src/commands/fix.js'
import { showHistory } from '../../src/commands/history.js'
import type { Terminal } from '../../src/commands/terminal.js'
import { undo } from '../../src/commands/undo.js'
import type { Diagnosis, Judgement } from '../../src/model/diagnosis.js'
import type { Remedy } from '../../src/model/remedy.js'
import { openSession, type Session } from '../../src/remedies/session.js'
import { diagnosisOf, makeScratch, noJudgement, remedyOf, type Scratch } from '../remedies/scratch.js'

let scratch: Scratch
let path: string
beforeEach(() => {
	scratch = makeScratch()
	path = scratch.put('etc/config.yaml', 'a: 1\n')
})
afterEach(() => scratch.cleanup())

interface Screen extends Terminal {
	out: string[]
	err: string[]
	asked: string[]
}

/** Answers the questions in order; after the last one nobody is there. */
function screen(...answers: (string | undefined)[]): Screen {
	const out: string[] = []
	const err: string[] = []
	const asked: string[] = []
	return {
		out,
		err,
		asked,
		say: line => void out.push(line),
		warn: line => void err.push(line),
		ask: async question => {
			asked.push(question)
			return answers.shift()
		},
	}
}

function world(
	terminal: Terminal,
	remedies: Remedy[],
	after: Judgement = noJudgement,
	mode: 'live' | 'read-only' = 'live',
) {
	const diagnoses: Diagnosis[] = [diagnosisOf(remedies)]
	const before = { ...noJudgement, diagnoses }
	const session = openSession({
		machine: scratch.machine,
		node: scratch.node,
		places: scratch.places,
		who: { user: 'ada', uid: 1000 },
		mode,
		current: () => ({ evidence: scratch.evidence, judgement: before }),
		reexamine: async () => ({ judgement: after, starting: false }),
	})
	const made: FixWorld & { live: NonNullable<FixWorld['live']> } = {
		terminal,
		hostname: scratch.node.hostname,
		diagnoses,
		plan: ({ cause }, number) => session.plan(cause, number),
		live: {
			session,
			onSignals: () => () => undefined,
			verify: (plan, result) => session.verify(plan, result, before, {}),
		},
	}
	return made
}

const options: FixOptions = { dryRun: false, yes: false }
const edit = () => remedyOf([{ edit: path, set: { a: 2 } }])
const takeBack = (terminal: Terminal, session: Session, number?: number) =>
	undo(
		{ number, dryRun: false },
		{ yes: false, hostname: 'edge-7', terminal, session, onSignals: () => () => undefined },
	)

describe('fix', () => {
	it('shows the plan, asks, runs it, looks whether it helped; history tells; undo takes it back', async () => {
		const terminal = screen('y')
		const there = world(terminal, [edit()])
		expect(await fix(options, there)).toBe(0)
		expect(terminal.asked).toEqual(['Run this? [y/N] '])
		const text = terminal.out.join('\n')
		for (const part of [
			'Mend it',
			'Risk        safe',
			'Preconditions',
			'-a: 1',
			'+a: 2',
			'[1/1] Edit',
			'done after',
			'Fixed: its signs are gone.',
		])
			expect(text).toContain(part)
		expect(scratch.text('etc/config.yaml')).toBe('a: 2\n')

		const later = screen('y')
		showHistory(await there.live.session.history(), later)
		expect(later.out.join('\n')).toMatch(
			/1\. Mend it\n.*ada {2}config-bad-value\n.*Edit .*: done .*\n {3}done: the one step was carried out.*\n {3}Fixed/,
		)
		expect(await takeBack(later, there.live.session)).toBe(0)
		expect(scratch.text('etc/config.yaml')).toBe('a: 1\n')
		expect(await takeBack(later, there.live.session)).toBe(0)
		expect(later.out.at(-1)).toBe('There is nothing to take back.')
		await expect(takeBack(later, there.live.session, 9)).rejects.toThrow('There is no action 9')
	})

	it('takes anything but y for a no, also where nobody is there', async () => {
		for (const answer of ['', 'n', 'yep', undefined]) {
			const terminal = screen(answer)
			expect(await fix(options, world(terminal, [edit()]))).toBe(3)
			expect(terminal.err.at(-1)).toMatch(/^Nothing was run/)
		}
		expect(scratch.text('etc/config.yaml')).toBe('a: 1\n')
	})

	it('--yes covers what is safe or restarts, never what destroys', async () => {
		const yes = { ...options, yes: true }
		const safe = screen()
		expect(await fix(yes, world(safe, [edit()]))).toBe(0)
		expect(safe.asked).toEqual([])
		scratch.put('etc/config.yaml', 'a: 1\n')
		const destructive = remedyOf([{ edit: path, set: { a: 2 } }], { risk: 'destructive' })
		for (const answer of [undefined, 'y', 'yes', 'edge-8']) {
			expect(await fix(yes, world(screen(answer), [destructive])), answer).toBe(3)
			expect(scratch.text('etc/config.yaml')).toBe('a: 1\n')
		}
		const named = screen('edge-7')
		expect(await fix(yes, world(named, [destructive]))).toBe(0)
		expect(named.asked).toEqual(['Type the name of the node (edge-7) to run this: '])
	})

	it('--dry-run prints a script and nothing else, and runs nothing', async () => {
		const terminal = screen('y')
		expect(await fix({ ...options, dryRun: true }, world(terminal, [edit()]))).toBe(0)
		expect(terminal.out.join('\n')).toMatch(/^#!\/bin\/sh\n/)
		expect(terminal.asked).toEqual([])
		expect(scratch.text('etc/config.yaml')).toBe('a: 1\n')
	})

	it('shows what is refused, and runs nothing', async () => {
		const refused = remedyOf([{ edit: path, set: { a: 2 } }], {
			preconditions: [{ says: 'the sun shines', holds: false, why: 'it rains' }],
		})
		const terminal = screen('y')
		expect(await fix(options, world(terminal, [refused]))).toBe(3)
		expect(terminal.out.join('\n')).toContain('[NOT MET] the sun shines (it rains)')
		expect(terminal.asked).toEqual([])
		const readOnly = screen('y')
		expect(await fix({ ...options, yes: true }, world(readOnly, [edit()], noJudgement, 'read-only'))).toBe(3)
		expect(readOnly.out.join('\n')).toContain('--read-only')
		expect(scratch.text('etc/config.yaml')).toBe('a: 1\n')
	})

	it('shows the plan of a bundle without hands', async () => {
		const terminal = screen('y')
		const { live, ...offline } = world(terminal, [edit()])
		expect(await fix({ ...options, yes: true }, offline)).toBe(3)
		expect(terminal.asked).toEqual([])
		expect(scratch.text('etc/config.yaml')).toBe('a: 1\n')
	})

	it('shows it again when the node changed while the operator was thinking', async () => {
		const terminal = screen('y', 'y')
		const ask = terminal.ask
		terminal.ask = async question => {
			if (terminal.asked.length === 0) scratch.put('etc/config.yaml', 'a: 1\nb: 1\n')
			return ask(question)
		}
		expect(await fix(options, world(terminal, [edit()]))).toBe(0)
		expect(terminal.asked).toHaveLength(2)
		expect(terminal.err).toContain(
			'The node changed since this was shown. Nothing was run. This is how it would be now:',
		)
		expect(scratch.text('etc/config.yaml')).toBe('a: 2\nb: 1\n')
	})

	it('offers to take back what was done before a step that failed', async () => {
		const failing = remedyOf([{ edit: path, set: { a: 2 } }, { run: ['systemctl', 'daemon-reload'] }])
		for (const [answer, left] of [
			['n', 'a: 2\n'],
			['y', 'a: 1\n'],
		] as const) {
			scratch.put('etc/config.yaml', 'a: 1\n')
			scratch.failOn('daemon-reload')
			const terminal = screen('y', answer)
			expect(await fix(options, world(terminal, [failing]))).toBe(3)
			expect(terminal.out.join('\n')).toContain('FAILED after')
			expect(terminal.asked).toHaveLength(2)
			expect(scratch.text('etc/config.yaml')).toBe(left)
		}
	})

	it('no longer offers first what failed twice', async () => {
		const second = remedyOf([{ edit: path, set: { a: 3 } }], { title: 'The other way' })
		const after = { ...noJudgement, diagnoses: [diagnosisOf([])] }
		for (const round of [1, 2]) {
			scratch.put('etc/config.yaml', 'a: 1\n')
			const terminal = screen('y')
			expect(await fix(options, world(terminal, [edit(), second], after)), `${round}`).toBe(3)
			expect(terminal.out.join('\n')).toContain('Not fixed')
		}
		scratch.put('etc/config.yaml', 'a: 1\n')
		const third = screen('y')
		expect(await fix(options, world(third, [edit(), second], noJudgement))).toBe(0)
		expect(scratch.text('etc/config.yaml')).toBe('a: 3\n')
		expect(third.out.join('\n')).toMatch(/--remedy 1 .*failed 2 times here/)
	})

	it('tells that something new appeared', async () => {
		const after = { ...noJudgement, diagnoses: [diagnosisOf([], 'disk-full')] }
		const terminal = screen('y')
		expect(await fix(options, world(terminal, [edit()], after))).toBe(4)
		expect(terminal.out.at(-1)).toContain('New: A test')
	})

	it('names what was found when something else was asked for', async () => {
		await expect(fix({ ...options, cause: 'disk-full' }, world(screen(), [edit()]))).rejects.toThrow(
			'Found: config-bad-value',
		)
		await expect(fix({ ...options, remedy: 3 }, world(screen(), [edit()]))).rejects.toThrow('one of 1 to 1')
		expect(await fix(options, { ...world(screen(), []), diagnoses: [] })).toBe(0)
	})

	it('has nothing to run where only a person can act', async () => {
		const terminal = screen('y')
		const told = remedyOf([
			{ tell: 'On the other server:', commands: ['cat /var/lib/rancher/k3s/server/token'] },
		])
		expect(await fix({ ...options, yes: true }, world(terminal, [told]))).toBe(3)
		expect(terminal.out.join('\n')).toContain('cat /var/lib/rancher/k3s/server/token')
		expect(terminal.err.at(-1)).toContain('it is for you to do')
	})
})
