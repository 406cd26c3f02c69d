/** From a remedy to the run and back, by keys: what is asked, what is shown, and what is wanted done. */
import { describe, expect, it } from 'vitest'
import type { Effect } from '../../src/app/message.js'
import { placeOf } from '../../src/app/state.js'
import type { Action } from '../../src/model/action.js'
import { planOf as confirmedPlan } from '../../src/model/confirmed.js'
import type { Plan } from '../../src/model/plan.js'
import { planOf } from './plans.js'
import { Driver, diagnosis, subject } from './subjects.js'

const wish = { kind: 'remedy', cause: 'disk-full', number: 1 } as const
const sick = (more = {}) => subject([diagnosis('disk-full', more)])

function onPlan(plan: Plan, more: ConstructorParameters<typeof Driver>[0] = {}): Driver {
	const app = new Driver({ size: { columns: 80, rows: 40 }, ...more }).examined(sick())
	return app.press('r').send({ type: 'planned', wish, plan })
}

const runs = (app: Driver) =>
	app.effects.filter((effect): effect is Extract<Effect, { kind: 'run' }> => effect.kind === 'run')

function running(plan = planOf()): Driver {
	return onPlan(plan).press('x').press('y')
}

describe('a plan', () => {
	it('is asked for once where it is looked at, and again after each examination', () => {
		const app = new Driver().examined(sick()).press('r')
		expect(app.effects).toEqual([{ kind: 'plan', wish }])
		expect(app.words()).toContain('Looking at the node for the exact plan')
		app.press('j', '4', '1')
		expect(app.effects).toHaveLength(1)
		app.send({ type: 'planned', wish, plan: planOf() }).examined(sick())
		expect(app.effects).toHaveLength(2)
		expect(app.words()).toContain('Looking at the node for the exact plan')
	})

	it('waits for the examination', () => {
		const app = new Driver().send({ type: 'found', subject: sick() }).press('r')
		expect(app.effects).toEqual([])
		expect(app.words()).toContain('still being examined')
		expect(app.examined(sick()).effects).toEqual([{ kind: 'plan', wish }])
	})

	it('is shown whole', () => {
		const app = onPlan(
			planOf({ undo: { says: ['Put it back'], not: ['the old logs'], commands: [], restores: [] } }),
		)
		for (const part of [
			'Mend disk-full (restarts something)',
			'Interrupts: the API for 20 s',
			'On node-1 (server), as root.',
			'✔ the doctor runs as root (it does)',
			'1. Edit /etc/rancher/k3s/config.yaml',
			'-a: 1',
			'+a: 2',
			'2. $ systemctl restart k3s',
			'/var/lib/rancher/k3s/doctor/backups/20261121T041000-000Z-disk-full',
			'Put it back',
			'What cannot be taken back',
			'the old logs',
			'units; then the rules judge again.',
		])
			expect(app.words()).toContain(part)
		app.press('j', 'j', 'j', 'c')
		expect(app.effects.at(-1)).toEqual({ kind: 'copy', text: 'systemctl restart k3s' })
	})

	it('that is refused says why, first of all, and is not run', () => {
		const refusals = [{ kind: 'precondition', why: 'Not met: etcd has a majority (2 of 3)' }] as const
		const app = onPlan(planOf({ refusals }))
		expect(app.words()).toContain('This is not run, because')
		expect(app.press('x').words()).toContain('This is not run: Not met: etcd has a majority (2 of 3).')
		app.press('y', 'enter')
		expect(app.kinds()).toEqual(['plan'])
	})

	it('in which there is nothing to run is for a person', () => {
		const steps = [
			{ kind: 'tell', says: 'Plug it in', text: 'Plug it in', commands: ['ssh other ls'] },
		] as const
		const app = onPlan(planOf({ steps, onlyTells: true }))
		expect(app.words()).toContain('For you to do: Plug it in $ ssh other ls')
		app.press('x').press('y')
		expect(app.kinds()).toEqual(['plan'])
		expect(app.press('x').words()).toContain('it is for you to do')
	})

	it('of a bundle, a recording or with --read-only is looked at and copied, not run', () => {
		for (const [first, words] of [
			[{ mode: 'bundle', from: 'x.tar.gz' }, 'This is a saved bundle'],
			[{ mode: 'demo', from: 'x' }, 'This is a recording'],
			[{ readOnly: true }, 'started with --read-only'],
		] as const) {
			const refusals = [{ kind: 'mode', why: 'no' }] as const
			const app = onPlan(planOf({ refusals }), first)
			expect(app.words()).toContain(words)
			app.press('x').press('y')
			expect(runs(app)).toEqual([])
			expect(app.press('G', 'c').effects.at(-1)).toEqual({
				kind: 'copy',
				text: 'sudo k3s-doctor fix disk-full',
			})
		}
	})

	it('cannot be told an answer of an older question', () => {
		const first = planOf()
		const app = onPlan(first)
		app.send({ type: 'planned', wish, plan: planOf({ title: 'Another' }) })
		expect(app.words()).toContain('Mend disk-full')
		expect(app.words()).not.toContain('Another')
	})
})

describe('the yes', () => {
	it('is asked for; anything but y is a no', () => {
		for (const key of ['n', 'enter', 'esc', ' ', 'x', 'j', 'q', 'tab']) {
			const app = onPlan(planOf()).press('x')
			expect(app.words()).toContain('Run this on node-1 as root? y/N')
			app.press(key)
			expect(runs(app), key).toEqual([])
			expect(app.words()).toContain('Nothing was run')
			expect(app.state.prompt).toBeUndefined()
		}
	})

	it('runs exactly the plan that is shown', () => {
		const plan = planOf()
		const app = running(plan)
		const [effect] = runs(app)
		expect(confirmedPlan(effect?.confirmed)).toBe(plan)
		expect(placeOf(app.state).kind).toBe('run')
	})

	it('to what destroys is the name of the node, typed', () => {
		const plan = planOf({ risk: 'destructive' })
		const app = onPlan(plan).press('x')
		expect(app.words()).toContain('Type node-1 and Enter to run this')
		expect(runs(app.type('y').press('enter'))).toEqual([])
		expect(app.words()).toContain('Nothing was run')
		expect(runs(app.press('x').type('node-2').press('enter'))).toEqual([])
		expect(runs(app.press('x').type('node-1').press('esc'))).toEqual([])
		const [effect] = runs(app.press('x').type('node-1').press('enter'))
		expect(confirmedPlan(effect?.confirmed)).toBe(plan)
	})

	it('is never a paste', () => {
		for (const risk of ['restart', 'destructive'] as const) {
			const app = onPlan(planOf({ risk })).press('x')
			app.send({ type: 'paste', text: risk === 'restart' ? 'y' : 'node-1' }).press('enter')
			expect(runs(app)).toEqual([])
		}
	})

	it('is not taken from keys that were pressed before the question stood there', () => {
		const app = onPlan(planOf()).press('x', 'y', 'y')
		expect(runs(app)).toEqual([])
		expect(app.state.prompt?.kind).toBe('confirm')
		expect(runs(app.press('y'))).toHaveLength(1)
	})

	it('is void when the node was looked at again meanwhile', () => {
		const app = onPlan(planOf()).press('x').examined(sick())
		expect(app.state.prompt).toBeUndefined()
		expect(app.words()).toContain('Look at the plan once more')
		expect(runs(app.press('y'))).toEqual([])
	})

	it('is not given while another action runs', () => {
		const app = running()
		app.press('1', '1', 'r').send({ type: 'planned', wish, plan: planOf() }).press('x')
		expect(app.words()).toContain('one at a time')
		expect(app.state.prompt).toBeUndefined()
	})

	it('ends with Ctrl-C in leaving, and nothing was run', () => {
		const app = onPlan(planOf()).press('x').press('ctrl-c')
		expect(runs(app)).toEqual([])
	})
})

describe('a run', () => {
	it('shows each step with its output, its time and its end', () => {
		const app = running()
		app.send(
			{ type: 'ran-on', event: { kind: 'step', index: 0, at: 0 } },
			{ type: 'ran-on', event: { kind: 'step-end', index: 0, outcome: 'done', ms: 12 } },
			{ type: 'ran-on', event: { kind: 'step', index: 1, at: 0 } },
			{ type: 'ran-on', event: { kind: 'output', index: 1, stream: 'out', text: 'one\r\ntw' } },
			{ type: 'ran-on', event: { kind: 'output', index: 1, stream: 'err', text: 'o\u001b[31m\n10 %\r20 %' } },
			{ type: 'run-clock', seconds: 65 },
		)
		expect(app.words()).toContain('running step 2/2 1:05')
		expect(app.words()).toContain('✔ Edit /etc/rancher/k3s/config.yaml done in 12 ms')
		expect(app.words()).toContain('▶ Run systemctl restart k3s for 1:05 │ one │ two │ 20 %')
		app.press('4')
		expect(app.rows()[0]).toContain('running step 2/2 1:05')
	})

	it('marks what failed, and offers to take back what was done, and other remedies', () => {
		const other = {
			title: 'Another way',
			why: 'It helps, too.',
			risk: 'safe',
			interrupts: 'nothing',
			steps: [],
			recheck: [],
		} as const
		const [own] = diagnosis('disk-full').remedies
		if (!own) throw new Error('no remedy')
		const remedies = [own, { ...other, steps: [], recheck: [] }]
		const app = running()
		app.examined(sick({ remedies }))
		app.send(
			{ type: 'ran-on', event: { kind: 'step', index: 0, at: 0 } },
			{ type: 'ran-on', event: { kind: 'step-end', index: 0, outcome: 'done', ms: 12 } },
			{ type: 'ran-on', event: { kind: 'step', index: 1, at: 0 } },
			{
				type: 'ran-on',
				event: { kind: 'step-end', index: 1, outcome: 'failed', ms: 99, exit: 1, detail: 'exit 1: no' },
			},
			{
				type: 'run-over',
				verifies: true,
				result: {
					outcome: 'failed',
					id: 'the-id',
					failedAt: 1,
					done: 1,
					detail: 'Step 2 failed: exit 1: no',
					undoable: true,
				},
			},
			{ type: 'verified', subject: sick({ remedies }) },
		)
		expect(app.words()).toContain('✖ Run systemctl restart k3s FAILED after 99 ms: exit 1: no')
		expect(app.words()).toContain('It did not end well: Step 2 failed')
		expect(app.words()).toContain('Take back what was done')
		expect(app.words()).toContain('Instead: Another way')
		app.press('u')
		expect(app.effects.at(-1)).toEqual({ kind: 'plan', wish: { kind: 'undo', action: 'the-id' } })
	})

	it('that found the node changed goes back to the plan, to be shown again', () => {
		const app = running()
		const now = planOf({ title: 'Mend it now' })
		const result = { outcome: 'changed', done: 0, detail: 'x', undoable: false, plan: now } as const
		app.send({ type: 'run-over', result, verifies: false })
		expect(placeOf(app.state).kind).toBe('plan')
		expect(app.words()).toContain('The node changed since this was shown')
		expect(runs(app.press('y'))).toHaveLength(1)
		app.press('x').press('y')
		expect(confirmedPlan(runs(app)[1]?.confirmed)).toBe(now)
	})

	it('tells whether it helped, and what is new', () => {
		const app = running()
		const result = {
			outcome: 'done',
			id: 'i',
			done: 2,
			detail: 'all 2 steps were carried out',
			undoable: true,
		} as const
		app.send({ type: 'run-over', result, verifies: true }, { type: 'verifying', says: 'k3s is starting' })
		expect(app.words()).toContain('Looking whether it helped … k3s is starting')
		const now = subject([diagnosis('dns-loop')])
		app.send({
			type: 'verified',
			verified: {
				outcome: 'fixed-but-new',
				says: 'Fixed: its signs are gone. New: Title of dns-loop.',
				fresh: ['dns-loop'],
				at: 0,
			},
			subject: now,
		})
		expect(app.words()).toContain('FIXED, BUT THIS IS NEW')
		expect(app.words()).toContain('New: Title of dns-loop')
		expect(app.state.subject).toBe(now)
		expect(app.state.change?.fresh).toEqual(['dns-loop'])
	})

	it('does not begin before its plan is complete: that is said', () => {
		const app = new Driver({ mode: 'live' }).examined(sick()).press('r', 'x')
		expect(app.words()).toContain('The plan is still being made')
		app.send({ type: 'planned', wish, plan: planOf() }).press('x')
		expect(app.words()).not.toContain('still being made')
		expect(app.state.prompt?.kind).toBe('confirm')
	})

	it('of what only the operator wanted is done, not fixed', () => {
		const app = running(planOf({ cause: 'by-hand' }))
		const result = {
			outcome: 'done',
			id: 'i',
			done: 1,
			detail: 'the one step was carried out',
			undoable: true,
		} as const
		app.send({ type: 'run-over', result, verifies: true })
		expect(app.words()).toContain('Looking at the node again')
		const verified = { outcome: 'fixed', says: 'Done; nothing new is wrong.', at: 0 } as const
		app.send({ type: 'verified', verified: { ...verified, fresh: [] }, subject: subject([]) })
		expect(app.words()).toMatch(/│ DONE\b/)
		expect(app.words()).not.toContain('FIXED')
	})

	it('is stopped by Ctrl-C after asking how; it is never left alone', () => {
		const app = running().press('ctrl-c')
		expect(app.words()).toContain('Stop it? s after this step, k kills it now')
		app.press('j')
		expect(app.kinds()).not.toContain('stop')
		expect(app.words()).toContain('It goes on')
		app.press('ctrl-c').press('s')
		expect(app.effects.at(-1)).toEqual({ kind: 'stop', how: 'after-step' })
		app.press('ctrl-c').press('k')
		expect(app.effects.at(-1)).toEqual({ kind: 'stop', how: 'kill' })
		app.press('q', 'q', 'q', 'q').press('ctrl-z').press(':').type('q').press('enter')
		expect(app.kinds()).not.toContain('leave')
		expect(app.kinds()).not.toContain('suspend')
		app.press('esc')
		const result = { outcome: 'killed', done: 1, detail: 'x', undoable: false } as const
		app.send({ type: 'run-over', result, verifies: false })
		expect(app.press('ctrl-c').effects.at(-1)).toEqual({ kind: 'leave', interrupted: true })
	})

	it('waits for a person where only a person can do it', () => {
		const steps = [
			{ kind: 'tell', says: 'Plug it in', text: 'Plug it in', commands: ['ssh other ls'] },
			...planOf().steps,
		] as const
		const app = running(planOf({ steps })).press('4')
		app.send({ type: 'attend', text: 'Plug it in' })
		expect(app.words()).toContain('waits for you')
		app.press('y')
		expect(app.kinds()).not.toContain('attended')
		app.press('1')
		expect(app.words()).toContain('$ ssh other ls This is for you to do')
		app.press('y')
		expect(app.effects.at(-1)).toEqual({ kind: 'attended' })
	})

	it('lets the other tabs be used', () => {
		const app = running()
		for (const tab of ['2', '3', '4', '5', '6', '7']) app.press(tab)
		expect(app.state.tab).toBe('evidence')
		app.press('6')
		expect(app.cursorRow()).toContain('Mend disk-full')
		expect(placeOf(app.press('enter').state).kind).toBe('run')
		expect(app.press('R').words()).toContain('An action is under way')
	})
})

const action = (number: number, more: Partial<Action> = {}): Action => ({
	number,
	id: `id-${number}`,
	at: Date.parse('2026-11-21T04:10:00Z') + number * 60_000,
	kind: 'remedy',
	user: 'ann',
	uid: 1000,
	tty: 'pts/1',
	ssh: '10.0.0.9',
	node: 'node-1',
	cause: 'disk-full',
	title: 'Mend disk-full',
	risk: 'restart',
	fingerprint: 'x',
	folder: `/var/lib/rancher/k3s/doctor/backups/id-${number}`,
	planned: ['Edit a file', 'Run systemctl restart k3s'],
	steps: [
		{ says: 'Edit a file', outcome: 'done', ms: 3 },
		{
			says: 'Run systemctl restart k3s',
			argv: ['systemctl', 'restart', 'k3s'],
			outcome: 'done',
			exit: 0,
			ms: 900,
			output: 'ab'.repeat(32),
		},
	],
	outcome: 'done',
	...more,
})

describe('the history', () => {
	const past = (...actions: Action[]) => ({
		type: 'past' as const,
		past: {
			history: { actions, torn: 1 },
			backups: Object.fromEntries(actions.map(({ id }) => [id, 2048])),
		},
	})

	it('is read when Actions is opened, newest first, with who, when and how it ended', () => {
		const app = new Driver({ size: { columns: 100, rows: 40 } }).examined(sick()).press('6')
		expect(app.effects).toEqual([{ kind: 'past' }])
		const verified = {
			outcome: 'not-fixed',
			says: 'Not fixed: it is there.',
			fresh: [] as never[],
			at: 0,
		} as const
		app.send(past(action(1, { undoneBy: 'id-9' }), action(2, { verified })))
		expect(app.words()).toContain('the backups of 2 actions take 4.0 kB')
		expect(app.words()).toMatch(/2\. Mend disk-full not fixed .*1\. Mend disk-full taken back/)
		expect(app.words()).toContain('2026-11-21 04:12:00 UTC ann from 10.0.0.9 on pts/1 disk-full')
		expect(app.words()).toContain('1 line of the audit log could not be read')
		const wanted = { cause: 'by-hand', verified: { ...verified, outcome: 'fixed' } } as const
		app.send(past(action(1, wanted), action(2, { verified: wanted.verified })))
		expect(app.words()).toMatch(/2\. Mend disk-full fixed .*1\. Mend disk-full done/)
	})

	it('shows one action whole, and opens its undo and the deletion of its backup', () => {
		const app = new Driver({ size: { columns: 100, rows: 40 } }).examined(sick()).press('6')
		app
			.send(past(action(1)))
			.press('g')
			.press('enter')
		expect(app.words()).toContain('What was done, 2 of 2 steps')
		expect(app.words()).toContain(
			'✔ $ systemctl restart k3s done, exit 0, 900 ms, output sha256 abababababab…',
		)
		app.press('u')
		expect(app.effects.at(-1)).toEqual({ kind: 'plan', wish: { kind: 'undo', action: 'id-1' } })
		app.press('esc', 'D')
		expect(app.effects.at(-1)).toEqual({ kind: 'plan', wish: { kind: 'discard', action: 'id-1' } })
	})

	it('offers neither where there is nothing left', () => {
		const app = new Driver().examined(sick()).press('6')
		const gone = past(action(1, { discarded: true }))
		app.send({ ...gone, past: { ...gone.past, backups: {} } }).press('u', 'D')
		expect(app.kinds()).toEqual(['past'])
	})

	it('puts a remedy that failed twice behind the others', () => {
		const [own] = diagnosis('disk-full').remedies
		if (!own) throw new Error('no remedy')
		const remedies = [own, { ...own, title: 'Another way' }]
		const failed = { verified: { outcome: 'not-fixed', says: 'no', fresh: [] as never[], at: 0 } } as const
		const app = new Driver({ size: { columns: 100, rows: 60 } }).examined(sick({ remedies })).press('6')
		app.send(past(action(1, failed), action(2, failed))).press('1', 'enter')
		expect(app.words()).toMatch(
			/What to do ─+ Another way .*Or ─+ Mend disk-full .* It was tried here twice and did not help/,
		)
		app.press('r')
		expect(app.effects.at(-1)).toEqual({ kind: 'plan', wish: { ...wish, number: 2 } })
	})
})

describe('on a small window', () => {
	it('the question keeps its answer in sight', () => {
		for (const [columns, rows] of [
			[60, 15],
			[40, 8],
			[24, 6],
		] as const) {
			const app = onPlan(planOf(), { size: { columns, rows } }).press('x')
			expect(app.rows().at(-1)).toContain('y/N')
			const typed = onPlan(planOf({ risk: 'destructive' }), { size: { columns, rows } }).press('x')
			expect(typed.type('node').rows().at(-1)).toMatch(/Type node-1.*: *node/)
		}
	})
})
