import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Plan } from '../../src/model/plan.js'
import type { KubeAction, Step } from '../../src/model/remedy.js'
import { scriptOf } from '../../src/remedies/script.js'
import { planLines } from '../../src/report/plan-text.js'
import { carryOut, makeScratch, remedyOf, type Scratch, stateOf } from './scratch.js'

/** Each tries to make a file named `pwned` in the folder that `{}` stands for, or to do something to a terminal. */
const nasty = [
	'; touch {}/pwned',
	'$(touch {}/pwned)',
	'`touch {}/pwned`',
	'| touch {}/pwned',
	'&& touch {}/pwned',
	"' ; touch {}/pwned ; '",
	'" ; touch {}/pwned ; "',
	'\\"; touch {}/pwned; \\"',
	"a'b",
	'a"b',
	'a b  c',
	'*',
	'~root',
	'{a,b}',
	'$HOME',
	'%s%n',
	'-rf',
	'--force',
	'--kubeconfig=/tmp/evil',
	'-',
	'\n touch {}/pwned\n',
	'a\r\nb',
	'a\0b',
	'\u001b[2J\u001b]0;title\u0007',
	'\u009b31m',
	'\u202eevil',
	'../../../../etc/passwd',
	'a/../../b',
	'𝕏 ünïcode',
	'\ud800',
	'',
	'x'.repeat(5000),
]

let scratch: Scratch
beforeEach(() => {
	scratch = makeScratch()
})
afterEach(() => scratch.cleanup())

const filled = (text: string) => text.replaceAll('{}', scratch.root)

/** A call as the stand-in writes it down. */
const recorded = (argv: readonly string[]) =>
	`${argv[0]}${argv
		.slice(1)
		.map(word => ` [${word}]`)
		.join('')}`

async function planned(steps: Step[]): Promise<Plan | undefined> {
	return scratch.session([remedyOf(steps, { risk: 'safe' })]).plan('config-bad-value', 1)
}

/** Runs the plan if it may be run; whichever it was, nothing but the plan's own commands may have happened. */
async function runOrRefused(steps: Step[]): Promise<'run' | 'refused'> {
	const session = scratch.session([remedyOf(steps)])
	const plan = await session.plan('config-bad-value', 1)
	if (!plan) throw new Error('no plan')
	const before = scratch.calls().length
	const looks = /\[(show|get|-n)\]/
	if (plan.refusals.length === 0 && !plan.onlyTells) await carryOut(session, plan)
	const calls = scratch
		.calls()
		.slice(before)
		.filter(call => !looks.test(call))
	const wanted = plan.steps.flatMap(step => (step.kind === 'run' ? [recorded(step.argv)] : []))
	expect(calls).toEqual(plan.refusals.length === 0 ? wanted : [])
	expect(existsSync(scratch.at('pwned'))).toBe(false)
	return plan.refusals.length === 0 ? 'run' : 'refused'
}

describe('values full of quotes, blanks, line breaks and escapes', () => {
	it('are one argument of a command, or the command is refused', async () => {
		for (const value of nasty.map(filled)) {
			const control = /[\u0000-\u001f\u007f-\u009f\u202e]/.test(value) || !value.isWellFormed()
			const how = await runOrRefused([{ run: ['systemctl', 'reset-failed', value] }])
			expect(how, JSON.stringify(value)).toBe(control ? 'refused' : 'run')
		}
	})

	it('are the same one argument when the printed script is run by a shell', async () => {
		for (const value of nasty.map(filled)) {
			const plan = await planned([{ run: ['systemctl', 'reset-failed', value] }])
			if (!plan || plan.refusals.length > 0) continue
			const before = scratch.calls().length
			const script = scratch.at('script.sh')
			writeFileSync(script, scriptOf(plan))
			execFileSync('sh', [script], { env: { PATH: process.env.PATH ?? '' } })
			expect(scratch.calls().slice(before), value).toEqual([recorded(['systemctl', 'reset-failed', value])])
			expect(existsSync(scratch.at('pwned'))).toBe(false)
		}
	})

	it('are no name of a node, a pod, a namespace, a kind or a key', async () => {
		const actions = (value: string): KubeAction[] => [
			{ uncordon: value },
			{ cordon: value },
			{ deletePod: { namespace: 'a', name: value } },
			{ deletePod: { namespace: value, name: 'a' } },
			{ delete: { kind: value, name: 'a' } },
			{ scale: { kind: 'deployment', namespace: value, name: 'a' }, replicas: 1 },
			{ restart: { kind: 'deployment', name: value } },
			{ untaint: 'n', key: value, effect: 'NoSchedule' },
			{ annotate: { kind: 'node', name: 'n' }, key: value, value: 'x' },
			{ label: { kind: 'node', name: 'n' }, key: 'k', value },
			{ patch: { kind: 'node', name: value }, type: 'merge', with: {} },
		]
		for (const value of nasty.map(filled)) {
			for (const action of actions(value)) {
				// An empty label is a label.
				if ('label' in action && value === '') continue
				expect(await runOrRefused([{ kube: action }]), JSON.stringify(action)).toBe('refused')
			}
		}
	})

	it('in a patch or an annotation stay what they are', async () => {
		scratch.setObject({ metadata: { name: 'n' } })
		for (const value of nasty.map(filled)) {
			await runOrRefused([
				{ kube: { annotate: { kind: 'node', name: 'n' }, key: 'k', value } },
				{
					kube: {
						patch: { kind: 'node', name: 'n' },
						type: 'merge',
						with: { metadata: { labels: { k: value } } },
					},
				},
			])
		}
	})

	it('are no path', async () => {
		const steps = (path: string): Step[] => [
			{ write: path, content: 'x' },
			{ edit: path, set: { a: 'b' } },
			{ editEnv: path, set: { a: 'b' } },
			{ editLines: path, changes: [{ becomes: ['x'] }] },
			{ remove: path },
			{ move: path, to: scratch.at('to') },
			{ move: scratch.at('from'), to: path },
			{ setMode: path, mode: 0o777 },
			{ backup: path },
			{ waitFor: { pathExists: path }, limitSeconds: 1 },
		]
		scratch.put('from', 'x')
		const before = readdirSync(scratch.root).sort()
		for (const value of nasty.map(filled)) {
			const relative = steps(value)
			const below = steps(`${scratch.root}/${value}`)
			for (const step of [
				...relative,
				...(/[;$`'"|&\\*{}\u0000-\u001f\u007f-\uffff]|\.\./.test(value) ? below : []),
			])
				expect(await runOrRefused([step]), JSON.stringify(step)).toBe('refused')
		}
		expect(
			readdirSync(scratch.root)
				.sort()
				.filter(name => !/^(run|var|state)$/.test(name)),
		).toEqual(before.filter(name => !/^(run|var|state)$/.test(name)))
	})

	it('are no unit, node, host or port to wait for', async () => {
		for (const value of nasty.map(filled)) {
			for (const waitFor of [
				{ unitActive: value },
				{ unitActive: `${value}.service` },
				{ unitInactive: value },
				{ nodeReady: value },
				{ portOpen: { host: value, port: 1 } },
				{ portOpen: { host: 'a', port: Number(value) } },
			])
				expect(await runOrRefused([{ waitFor, limitSeconds: 0.01 }]), JSON.stringify(waitFor)).toBe('refused')
		}
	})

	it('as configuration values are that value and nothing else, or refused', async () => {
		const { parse } = await import('yaml')
		for (const value of nasty.map(filled)) {
			const path = scratch.put('etc/config.yaml', 'keep: 1 # c\n')
			const before = stateOf(path)
			const how = await runOrRefused([{ edit: path, set: { key: value } }])
			if (how === 'refused') expect(stateOf(path)).toEqual(before)
			else
				expect(parse(scratch.text('etc/config.yaml')), JSON.stringify(value)).toEqual({ keep: 1, key: value })
		}
	})

	it('never reach the terminal as they are', async () => {
		for (const value of nasty.map(filled)) {
			const plan = await planned([
				{ tell: value, commands: [value] },
				{ run: ['systemctl', 'reset-failed', value] },
				{ write: scratch.at('new-file'), content: `${value}\n` },
			])
			if (!plan) throw new Error('no plan')
			expect(planLines(plan).join('\n')).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/)
			expect(scriptOf(plan)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/)
		}
	})
})
