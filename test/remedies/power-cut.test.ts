import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Remedy } from '../../src/model/remedy.js'
import { readHistory } from '../../src/remedies/audit.js'
import { buildChild } from './child/build.js'
import type { Task } from './child/entry.js'
import { makeScratch, remedyOf, type Scratch, stateOf } from './scratch.js'

let child: Awaited<ReturnType<typeof buildChild>>
beforeAll(async () => {
	child = await buildChild()
})
afterAll(() => child.cleanup())

const oldText = `# config\n${'old: line\n'.replace('old', 'a')}token: abc\n`
const newText = oldText.replace('a: line', 'a: 2')

interface Setting {
	scratch: Scratch
	paths: string[]
	remedy: Remedy
	before: unknown[]
	/** What may lie at each path when the power goes: the old or the new. */
	after: unknown[]
}

function prepare(): Setting {
	const scratch = makeScratch()
	const config = scratch.put('etc/rancher/config.yaml', oldText, 0o640)
	chownSync(config, 5, 6)
	const gone = scratch.put('var/lib/rancher/k3s/server/tls/dynamic-cert.json', '{"x":1}', 0o600)
	const moved = scratch.put('var/lib/rancher/k3s/agent/etc/config.toml.tmpl', 'toml', 0o644)
	const mode = scratch.put('usr/bin/k3s', 'elf', 0o644)
	const fresh = scratch.at('etc/systemd/k3s.service.d/x.conf')
	const paths = [config, gone, moved, `${moved}.bak`, mode, fresh]
	const remedy = remedyOf([
		{ edit: config, set: { a: 2 } },
		{ remove: gone },
		{ move: moved, to: `${moved}.bak` },
		{ setMode: mode, mode: 0o755 },
		{ write: fresh, content: '[Service]\n', mode: 0o644 },
		{ run: ['systemctl', 'daemon-reload'] },
	])
	const before = paths.map(stateOf)
	const bytes = (text: string) => ({ bytes: text })
	const after = [bytes(newText), 'absent', 'absent', bytes('toml'), { mode: 0o100755 }, bytes('[Service]\n')]
	return { scratch, paths, remedy, before, after }
}

function runChild({ scratch, remedy }: Setting, more: Partial<Task>) {
	const task: Task = { node: scratch.node, places: scratch.places, remedy, ...more }
	return spawnSync(process.execPath, [child.path, JSON.stringify(task)], {
		encoding: 'utf8',
		env: { PATH: process.env.PATH ?? '' },
		timeout: 120_000,
	})
}

function logOf({ places }: Scratch) {
	const texts = places.audits.filter(path => existsSync(path)).map(path => readFileSync(path, 'utf8'))
	return readHistory(texts)
}

/** Each path holds the old or the new, whole. */
function expectWhole({ paths, before, after }: Setting, when: string): void {
	for (const [index, path] of paths.entries()) {
		const now = stateOf(path)
		try {
			expect(now).toEqual(before[index])
		} catch {
			if (typeof after[index] === 'string') expect(now, `${path} ${when}`).toBe(after[index])
			else expect(now, `${path} ${when}`).toMatchObject(after[index] as object)
		}
	}
}

/** All of them take minutes; usually one kind at every second operation, seeded by its number. */
const everyCut = process.env.K3S_DOCTOR_EVERY_CUT === '1'

function cutsAt(operation: number): ('before' | 'after' | 'half')[] {
	const kinds = ['before', 'half', 'after'] as const
	if (everyCut) return [...kinds]
	return operation % 2 === 0 ? [] : [kinds[((operation - 1) / 2) % 3] ?? 'half']
}

describe('a power cut at each operation', () => {
	it('leaves every file old or new, the log readable, and the way back open', () => {
		const counted = prepare()
		const { stdout } = runChild(counted, { count: true })
		expect(stdout).toContain('"outcome":"done"')
		const operations = Number(/operations (\d+)/.exec(stdout)?.[1])
		expect(operations).toBeGreaterThan(60)
		counted.scratch.cleanup()

		let unended = 0
		for (let killAt = 1; killAt <= operations; killAt += 1) {
			for (const how of cutsAt(killAt)) {
				const setting = prepare()
				const { scratch } = setting
				const when = `when killed ${how} operation ${killAt}`
				const { signal } = runChild(setting, { killAt, how })
				expect(signal, when).toBe('SIGKILL')
				expectWhole(setting, when)
				const { actions, torn } = logOf(scratch)
				expect(actions.length, when).toBeLessThanOrEqual(1)
				expect(torn, when).toBeLessThanOrEqual(1)
				const [action] = actions
				if (action && action.outcome === undefined) unended += 1
				if (action && existsSync(join(action.folder, 'undo.jsonl'))) {
					const undone = runChild(setting, { undo: true })
					expect(undone.stdout, when).toMatch(
						/"outcome":"done"|there is nothing to take back|refused undefined/,
					)
					expect(setting.paths.map(stateOf), `${when}, taken back`).toEqual(setting.before)
					const left = [...new Set(setting.paths.map(path => dirname(path)))].filter(folder =>
						existsSync(folder),
					)
					for (const folder of left)
						expect(
							readdirSync(folder).filter(name => name.includes('k3s-doctor-')),
							when,
						).toEqual([])
				}
				scratch.cleanup()
			}
		}
		expect(unended).toBeGreaterThan(15)
	}, 240_000)

	it('in an undo leaves every file old or new, and the undo can be done again', () => {
		const counted = prepare()
		runChild(counted, {})
		const operations = Number(
			/operations (\d+)/.exec(runChild(counted, { undo: true, count: true }).stdout)?.[1],
		)
		expect(operations).toBeGreaterThan(40)
		counted.scratch.cleanup()
		for (let killAt = 1; killAt <= operations; killAt += everyCut ? 1 : 4) {
			const setting = prepare()
			runChild(setting, {})
			const when = `when killed at operation ${killAt} of the undo`
			expect(runChild(setting, { undo: true, killAt, how: killAt % 4 === 1 ? 'half' : 'after' }).signal).toBe(
				'SIGKILL',
			)
			expectWhole(setting, when)
			const { stdout } = runChild(setting, { undo: true })
			expect(stdout, when).toMatch(/"outcome":"done"|nothing to take back|taken back already/)
			expect(setting.paths.map(stateOf), `${when}, done again`).toEqual(setting.before)
			setting.scratch.cleanup()
		}
	}, 240_000)
})

describe('a terminal that goes away', () => {
	it('lets the running step end, starts the service again, and the log says so', async () => {
		const scratch = makeScratch()
		scratch.setUnit('k3s.service', 'active')
		const gate = scratch.at('gate')
		const task: Task = {
			node: scratch.node,
			places: scratch.places,
			signals: true,
			remedy: remedyOf([
				{ run: ['systemctl', 'stop', 'k3s.service'] },
				{ run: ['gate'] },
				{ run: ['systemctl', 'start', 'k3s.service'] },
				{ run: ['systemctl', 'daemon-reload'] },
			]),
		}
		scratch.put('bin/gate', `#!/bin/sh\necho waiting\nwhile [ ! -e '${gate}' ]; do sleep 0.05; done\n`, 0o755)
		const process_ = spawn(process.execPath, [child.path, JSON.stringify(task)], {
			env: { PATH: process.env.PATH ?? '' },
			stdio: ['ignore', 'pipe', 'pipe'],
		})
		const closed = new Promise<number | null>(resolve => process_.once('exit', code => resolve(code)))
		await new Promise<void>(resolve => {
			process_.stdout.on('data', (piece: Buffer) => {
				if (piece.includes('output waiting')) resolve()
			})
		})
		// As when an ssh connection breaks: the streams are gone, and SIGHUP comes.
		process_.stdout.destroy()
		process_.stderr.destroy()
		process_.kill('SIGHUP')
		scratch.put('gate', '')
		expect(await closed).toBe(0)
		const [action] = logOf(scratch).actions
		expect(action?.steps.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done'])
		expect(action).toMatchObject({
			outcome: 'stopped',
			detail: 'the terminal went away: stopped before step 4',
		})
		expect(scratch.unit('k3s.service').active).toBe('active')
		scratch.cleanup()
	})

	it('with two Ctrl-C kills the step and all that it started', async () => {
		const scratch = makeScratch()
		const pidFile = scratch.at('pid')
		scratch.put('bin/gate', `#!/bin/sh\nsleep 300 &\necho $! > '${pidFile}'\necho waiting\nwait\n`, 0o755)
		const task: Task = {
			node: scratch.node,
			places: scratch.places,
			signals: true,
			remedy: remedyOf([{ run: ['gate'] }, { run: ['systemctl', 'daemon-reload'] }]),
		}
		const process_ = spawn(process.execPath, [child.path, JSON.stringify(task)], {
			env: { PATH: process.env.PATH ?? '' },
			stdio: ['ignore', 'pipe', 'pipe'],
		})
		let said = ''
		const until = (text: string) =>
			new Promise<void>(resolve => {
				const look = () => {
					if (said.includes(text)) resolve()
				}
				process_.stdout.on('data', look)
				process_.stderr.on('data', look)
				look()
			})
		for (const stream of [process_.stdout, process_.stderr])
			stream.prependListener('data', (piece: Buffer) => {
				said += piece
			})
		const closed = new Promise<number | null>(resolve => process_.once('exit', code => resolve(code)))
		await until('output waiting')
		process_.kill('SIGINT')
		await until('Ctrl-C again kills')
		process_.kill('SIGINT')
		expect(await closed).toBe(0)
		expect(logOf(scratch).actions[0]).toMatchObject({ outcome: 'killed', steps: [{ outcome: 'killed' }] })
		const sleeper = Number(readFileSync(pidFile, 'utf8'))
		expect(existsSync(`/proc/${sleeper}`) && readFileSync(`/proc/${sleeper}/stat`, 'utf8')).not.toMatch(
			/\) [RSD] /,
		)
		scratch.cleanup()
	})
})
