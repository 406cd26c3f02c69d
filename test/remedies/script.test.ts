import { execFileSync } from 'node:child_process'
import { chownSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Plan } from '../../src/model/plan.js'
import type { Step } from '../../src/model/remedy.js'
import { scriptOf } from '../../src/remedies/script.js'
import { carryOut, makeScratch, remedyOf, type Scratch, stateOf } from './scratch.js'

let scratch: Scratch
beforeEach(() => {
	scratch = makeScratch()
})
afterEach(() => scratch.cleanup())

function runScript(plan: Plan): string {
	const script = scratch.at('script.sh')
	writeFileSync(script, scriptOf(plan))
	return execFileSync('sh', [script], {
		env: { PATH: process.env.PATH ?? '' },
		encoding: 'utf8',
		stdio: 'pipe',
	})
}

describe('scriptOf', () => {
	it('does to the files what the doctor does, byte for byte', async () => {
		const lines = Array.from(
			{ length: 40 },
			(_, index) => `key${index}: "v ${index}" # it's $HOME \`x\` %d \\n`,
		)
		const cases: [string, string, Step[]][] = [
			[
				'middle',
				`${lines.join('\n')}\n`,
				[{ edit: '{}', set: { key3: 'x', key20: 'y', key39: 'z', fresh: "it's %s" } }],
			],
			['first and last', 'a: 1\nb: 2\nc: 3', [{ edit: '{}', set: { a: 9, c: 8 } }]],
			['removal', 'a: 1\nb: 2\nc: 3\n', [{ edit: '{}', remove: ['a', 'c'] }]],
			[
				'no line break at the end',
				'a: 1\nb: 2',
				[{ editLines: '{}', changes: [{ line: 'a: 1', becomes: [] }] }],
			],
			['a line break comes', 'a: 1', [{ edit: '{}', set: { b: 2 } }]],
			[
				'carriage returns and tabs',
				'a\r\n\tb\r\n',
				[{ editLines: '{}', changes: [{ line: '\tb', becomes: ['\tc', '100%'] }] }],
			],
			['all of it', 'old\n', [{ write: '{}', content: "new\n'quoted'\n\\n%s\n" }]],
			['to nothing', 'old\n', [{ write: '{}', content: '' }]],
			['from nothing', '', [{ write: '{}', content: 'new' }]],
			[
				'mode and owner',
				'old\n',
				[
					{ write: '{}', content: 'new\n', mode: 0o640, owner: { uid: 3, gid: 4 } },
					{ setMode: '{}', mode: 0o600 },
				],
			],
			[
				'moved and removed',
				'old\n',
				[{ move: '{}', to: '{}.new' }, { write: '{}', content: 'x\n' }, { remove: '{}.new' }],
			],
		]
		for (const [name, text, steps] of cases) {
			const path = scratch.put(`etc/${name.replaceAll(' ', '-')}`, text, 0o604)
			chownSync(path, 11, 12)
			const filled: Step[] = JSON.parse(JSON.stringify(steps).replaceAll('{}', path))
			const session = scratch.session([remedyOf(filled)])
			const plan = await session.plan('config-bad-value', 1)
			if (!plan) throw new Error('no plan')
			cpSync(path, `${path}.saved`, { preserveTimestamps: true })
			const { result } = await carryOut(session, plan)
			expect(result.outcome, name).toBe('done')
			const byDoctor = [path, `${path}.new`].map(stateOf)
			execFileSync('rm', ['-f', path, `${path}.new`])
			execFileSync('mv', [`${path}.saved`, path])
			chownSync(path, 11, 12)
			const again = await session.plan('config-bad-value', 1)
			if (!again) throw new Error('no plan')
			runScript(again)
			expect([path, `${path}.new`].map(stateOf), name).toEqual(byDoctor)
		}
	})

	it('makes folders and new files, and replaces links and files that are no text', async () => {
		const fresh = scratch.at('etc/a/b/new.conf')
		const link = scratch.at('etc/link')
		const binary = scratch.at('etc/binary')
		mkdirSync(scratch.at('etc'))
		symlinkSync('nowhere', link)
		writeFileSync(binary, Buffer.from([0, 255, 10]))
		const session = scratch.session([
			remedyOf([
				{ write: fresh, content: 'x\n' },
				{ write: link, content: 'y\n' },
				{ write: binary, content: 'z\n' },
			]),
		])
		const plan = await session.plan('config-bad-value', 1)
		if (!plan) throw new Error('no plan')
		runScript(plan)
		expect([fresh, link, binary].map(stateOf)).toMatchObject([
			{ bytes: 'x\n' },
			{ bytes: 'y\n' },
			{ bytes: 'z\n' },
		])
		expect(stateOf(join(plan.backup.folder, 'files/2'))).toMatchObject({ bytes: '\u0000ÿ\n' })
	})

	it('stops before a file that is not what the plan saw', async () => {
		const path = scratch.put('etc/config.yaml', 'a: 1\n')
		const plan = await scratch
			.session([remedyOf([{ edit: path, set: { a: 2 } }])])
			.plan('config-bad-value', 1)
		if (!plan) throw new Error('no plan')
		scratch.put('etc/config.yaml', 'a: 3\n')
		expect(() => runScript(plan)).toThrow()
		expect(scratch.text('etc/config.yaml')).toBe('a: 3\n')
	})

	it('takes back what the doctor did, from the plan of the undo', async () => {
		const path = scratch.put('etc/config.yaml', 'a: 1\n', 0o640)
		const fresh = scratch.at('etc/fresh/new.conf')
		const before = [path, fresh].map(stateOf)
		const session = scratch.session([
			remedyOf([
				{ edit: path, set: { a: 2 } },
				{ write: fresh, content: 'x\n' },
			]),
		])
		await carryOut(session, await session.plan('config-bad-value', 1))
		const [action] = (await session.history()).actions
		const plan = action && (await session.undoPlan(action))
		if (!plan) throw new Error('no plan')
		runScript(plan)
		expect([path, fresh].map(stateOf)).toEqual(before)
	})

	it('shows only lines that change, not the secrets of the others', async () => {
		const path = scratch.put('etc/config.yaml', 'token: hush\nserver: https://a:443\n')
		const plan = await scratch
			.session([remedyOf([{ edit: path, set: { server: 'https://a:6443' } }])])
			.plan('config-bad-value', 1)
		if (!plan) throw new Error('no plan')
		expect(scriptOf(plan)).not.toContain('hush')
	})
})
