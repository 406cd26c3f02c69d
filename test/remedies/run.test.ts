import {
	chmodSync,
	chownSync,
	existsSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Step } from '../../src/model/remedy.js'
import { makeStop } from '../../src/remedies/stop.js'
import { carryOut, makeScratch, remedyOf, type Scratch, stateOf, takeBack } from './scratch.js'

let scratch: Scratch
beforeEach(() => {
	scratch = makeScratch()
})
afterEach(() => scratch.cleanup())

const restart: Step = { run: ['systemctl', '--no-block', 'restart', 'k3s.service'] }
const waited: Step = { waitFor: { unitActive: 'k3s.service' }, limitSeconds: 5 }

/** Runs the steps, checks that each path became what `mended` says, takes it back, checks that all is as before. */
async function roundTrip(steps: Step[], mended: Record<string, unknown>, more = {}): Promise<void> {
	const before = new Map(Object.keys(mended).map(path => [path, stateOf(path)]))
	const session = scratch.session([remedyOf(steps, more)])
	const { result } = await carryOut(session, await session.plan('config-bad-value', 1))
	expect(result).toMatchObject({ outcome: 'done' })
	for (const [path, wanted] of Object.entries(mended))
		expect(stateOf(path), path).toMatchObject(wanted as object)
	const undone = await takeBack(session)
	expect(undone.result).toMatchObject({ outcome: 'done' })
	for (const [path, state] of before) expect(stateOf(path), `${path} after the undo`).toEqual(state)
	const { actions } = await session.history()
	expect(actions.map(({ kind, outcome }) => [kind, outcome])).toEqual([
		['remedy', 'done'],
		['undo', 'done'],
	])
	expect(actions[0]?.undoneBy).toBe(actions[1]?.id)
}

describe('each kind of step, run and taken back', () => {
	it('edits a YAML file', async () => {
		const path = scratch.put(
			'etc/rancher/k3s/config.yaml',
			'# mine\nserver: "https://a:443" # old\ntoken: abc\n',
			0o600,
		)
		chownSync(path, 12, 34)
		scratch.setUnit('k3s.service', 'active')
		await roundTrip([{ edit: path, set: { server: 'https://a:6443' } }, restart, waited], {
			[path]: {
				bytes: '# mine\nserver: "https://a:6443" # old\ntoken: abc\n',
				mode: 0o100600,
				uid: 12,
				gid: 34,
			},
		})
		expect(scratch.calls().filter(call => call.includes('[restart]'))).toEqual([
			'systemctl [--no-block] [restart] [k3s.service]',
			'systemctl [restart] [k3s.service]',
		])
	})

	it('edits what a link leads to', async () => {
		const path = scratch.put('opt/config.yaml', 'a: 1\n', 0o640)
		const link = scratch.at('etc/config.yaml')
		mkdirSync(scratch.at('etc'))
		symlinkSync('../opt/config.yaml', link)
		await roundTrip([{ edit: link, set: { a: 2 } }], { [path]: { bytes: 'a: 2\n', mode: 0o100640 } })
		expect(readlinkSync(link)).toBe('../opt/config.yaml')
	})

	it('edits an environment file', async () => {
		const path = scratch.put(
			'etc/k3s.service.env',
			"# by the installer\nK3S_URL='https://a:443'\nX=1\n",
			0o600,
		)
		await roundTrip([{ editEnv: path, set: { K3S_URL: 'https://a:6443' }, remove: ['X'] }], {
			[path]: { bytes: "# by the installer\nK3S_URL='https://a:6443'\n", mode: 0o100600 },
		})
	})

	it('edits lines', async () => {
		const path = scratch.put('etc/k3s.service.d/override.conf', '[Service]\nExecStart=/usr/bin/k3s\n')
		await roundTrip(
			[
				{
					editLines: path,
					changes: [{ line: 'ExecStart=/usr/bin/k3s', becomes: ['ExecStart=', 'ExecStart=/x'] }],
				},
			],
			{ [path]: { bytes: '[Service]\nExecStart=\nExecStart=/x\n' } },
		)
	})

	it('writes a new file with its folders, and takes both away again', async () => {
		const path = scratch.at('etc/systemd/system/k3s.service.d/10-doctor.conf')
		mkdirSync(scratch.at('etc'))
		await roundTrip([{ write: path, content: '[Service]\n', mode: 0o640, owner: { uid: 1, gid: 2 } }], {
			[path]: { bytes: '[Service]\n', mode: 0o100640, uid: 1, gid: 2 },
		})
		expect(existsSync(scratch.at('etc/systemd'))).toBe(false)
		expect(existsSync(scratch.at('etc'))).toBe(true)
	})

	it('replaces a file that is no text, and one that is a link', async () => {
		const binary = scratch.at('etc/binary')
		mkdirSync(scratch.at('etc'))
		writeFileSync(binary, Buffer.from([0, 255, 254, 10, 1]))
		const link = scratch.at('etc/resolv.conf')
		symlinkSync('/nowhere/stub', link)
		await roundTrip(
			[
				{ write: binary, content: 'text\n' },
				{ write: link, content: 'nameserver 9.9.9.9\n' },
			],
			{ [binary]: { bytes: 'text\n' }, [link]: { bytes: 'nameserver 9.9.9.9\n', mode: 0o100644 } },
		)
		expect(readlinkSync(link)).toBe('/nowhere/stub')
	})

	it('moves a file and a folder, also into folders that are not there yet', async () => {
		const file = scratch.put('var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl', 'x', 0o640)
		const inner = scratch.put('var/lib/rancher/k3s/server/db/state.db', 'data', 0o600)
		const db = scratch.at('var/lib/rancher/k3s/server/db')
		const away = scratch.at('var/lib/rancher/k3s/server/old/1/db')
		await roundTrip(
			[
				{ move: file, to: `${file}.bak` },
				{ move: db, to: away },
			],
			{
				[`${file}.bak`]: { bytes: 'x' },
				[join(away, 'state.db')]: { bytes: 'data' },
			},
			{ risk: 'destructive' },
		)
		expect(readFileSync(inner, 'utf8')).toBe('data')
		expect(existsSync(scratch.at('var/lib/rancher/k3s/server/old'))).toBe(false)
	})

	it('removes a file, a link and a folder, and brings them back', async () => {
		const file = scratch.put('var/lib/rancher/k3s/server/tls/dynamic-cert.json', '{}', 0o600)
		const below = scratch.put('var/lib/rancher/k3s/agent/images/bad/a.tar', 'tar', 0o644)
		const link = scratch.at('var/lib/rancher/k3s/agent/link')
		symlinkSync('gone', link)
		const folder = scratch.at('var/lib/rancher/k3s/agent/images/bad')
		chmodSync(folder, 0o711)
		const before = [file, folder, below, link].map(stateOf)
		const session = scratch.session([remedyOf([{ remove: file }, { remove: folder }, { remove: link }])])
		const { result } = await carryOut(session, await session.plan('config-bad-value', 1))
		expect(result).toMatchObject({ outcome: 'done', undoable: true })
		expect([file, folder, below, link].map(stateOf)).toEqual(['absent', 'absent', 'absent', 'absent'])
		expect((await takeBack(session)).result.outcome).toBe('done')
		expect([file, folder, below, link].map(stateOf)).toEqual(before)
	})

	it('removes for good only what is to free space', async () => {
		const path = scratch.put('var/lib/rancher/k3s/server/db/snapshots/old-1', 'x')
		const session = scratch.session([remedyOf([{ remove: path, noBackup: true }])])
		const plan = await session.plan('config-bad-value', 1)
		expect(plan?.undo.not).toEqual([`${path} is gone for good`])
		expect((await carryOut(session, plan)).result).toMatchObject({ outcome: 'done', undoable: false })
		expect(existsSync(path)).toBe(false)
	})

	it('changes permissions and owner', async () => {
		const path = scratch.put('usr/local/bin/k3s', 'elf', 0o644)
		const folder = scratch.at('usr/local')
		await roundTrip(
			[
				{ setMode: path, mode: 0o755, owner: { uid: 7, gid: 8 } },
				{ setMode: folder, mode: 0o700 },
			],
			{ [path]: { mode: 0o100755, uid: 7, gid: 8 }, [folder]: { mode: 0o40700 } },
		)
	})

	it('enables, starts and stops units, and knows what was so before', async () => {
		scratch.setUnit('k3s.service', 'inactive', 'disabled')
		scratch.setUnit('docker.service', 'active', 'enabled')
		const session = scratch.session([
			remedyOf([
				{ run: ['systemctl', 'disable', '--now', 'docker.service'] },
				{ run: ['systemctl', 'enable', '--now', 'k3s.service'] },
				{ run: ['systemctl', 'daemon-reload'] },
			]),
		])
		await carryOut(session, await session.plan('config-bad-value', 1))
		expect(scratch.unit('k3s.service')).toEqual({ active: 'active', file: 'enabled' })
		expect(scratch.unit('docker.service')).toEqual({ active: 'inactive', file: 'disabled' })
		await takeBack(session)
		expect(scratch.unit('k3s.service')).toEqual({ active: 'inactive', file: 'disabled' })
		expect(scratch.unit('docker.service')).toEqual({ active: 'active', file: 'enabled' })
	})

	it('copies a database after the stop, and puts it back where the remedy says so', async () => {
		const db = scratch.at('var/lib/rancher/k3s/server/db')
		const file = scratch.put('var/lib/rancher/k3s/server/db/state.db', 'good', 0o600)
		scratch.setUnit('k3s.service', 'active')
		const session = scratch.session([
			remedyOf(
				[
					{ run: ['systemctl', 'stop', 'k3s.service'] },
					{ backup: db },
					{ write: file, content: 'broken by the remedy' },
					{ run: ['systemctl', 'start', 'k3s.service'] },
				],
				{ risk: 'destructive', undo: [{ restore: db }] },
			),
		])
		await carryOut(session, await session.plan('config-bad-value', 1))
		writeFileSync(file, 'broken by the remedy')
		writeFileSync(join(db, 'state.db-wal'), 'written since')
		await takeBack(session)
		expect(readFileSync(file, 'utf8')).toBe('good')
		expect(readdirSync(db)).toEqual(['state.db'])
		const aside = readdirSync(join(db, '..')).find(name => name.startsWith('db.before-undo-'))
		expect(readdirSync(join(db, '..', aside ?? 'none'))).toContain('state.db-wal')
		// Put back between the stop and the start.
		const calls = scratch.calls().filter(call => !call.includes('[show]'))
		expect(calls).toEqual([
			'systemctl [stop] [k3s.service]',
			'systemctl [start] [k3s.service]',
			'systemctl [stop] [k3s.service]',
			'systemctl [start] [k3s.service]',
		])
	})

	it('scales, patches, cordons and deletes through kubectl, and takes each back', async () => {
		scratch.setObject({
			kind: 'Deployment',
			metadata: { name: 'coredns', uid: 'u', resourceVersion: '7', annotations: { old: '1' } },
			spec: {
				unschedulable: true,
				replicas: 3,
				paused: true,
				taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }],
			},
			status: { x: 1 },
		})
		const deployment = { kind: 'deployment', namespace: 'kube-system', name: 'coredns' }
		const session = scratch.session([
			remedyOf([
				{ kube: { uncordon: 'edge-7' } },
				{ kube: { scale: deployment, replicas: 0 } },
				{ kube: { patch: deployment, type: 'merge', with: { spec: { paused: null, extra: 1 } } } },
				{ kube: { annotate: deployment, key: 'old', value: '2' } },
				{ kube: { label: deployment, key: 'fresh', value: 'x' } },
				{ kube: { untaint: 'edge-7', key: 'k', effect: 'NoSchedule' } },
				{ kube: { delete: { kind: 'secret', namespace: 'kube-system', name: 'a1.node-password.k3s' } } },
				{ kube: { deletePod: { namespace: 'x', name: 'p' } } },
				{ kube: { restart: deployment } },
			]),
		])
		const { result } = await carryOut(session, await session.plan('config-bad-value', 1))
		expect(result.outcome).toBe('done')
		const forward = scratch.calls().filter(call => !call.includes('[get]'))
		expect(forward[1]).toBe('k3s [kubectl] [scale] [-n] [kube-system] [deployment/coredns] [--replicas=0]')
		await takeBack(session)
		const back = scratch
			.calls()
			.filter(call => !call.includes('[get]'))
			.slice(forward.length)
		const folder = (await session.history()).actions[0]?.folder
		const one = '[-n] [kube-system] [deployment/coredns]'
		expect(back).toEqual([
			`k3s [kubectl] [create] [-f] [${folder}/files/6-object.json]`,
			'k3s [kubectl] [taint] [node] [edge-7] [k=v:NoSchedule]',
			`k3s [kubectl] [label] ${one} [fresh-]`,
			`k3s [kubectl] [annotate] ${one} [--overwrite] [old=1]`,
			`k3s [kubectl] [patch] ${one} [--type=merge] [--patch={"spec":{"paused":true,"extra":null}}]`,
			`k3s [kubectl] [scale] ${one} [--replicas=3]`,
			'k3s [kubectl] [cordon] [edge-7]',
		])
		const saved = JSON.parse(readFileSync(`${folder}/files/6-object.json`, 'utf8'))
		expect(saved).toEqual({
			kind: 'Deployment',
			metadata: { name: 'coredns', annotations: { old: '1' } },
			spec: expect.anything(),
		})
		expect(lstatSync(`${folder}/files/6-object.json`).mode & 0o777).toBe(0o600)
	})
})

describe('a run that does not end well', () => {
	it('stops at the step that failed and takes back what was done', async () => {
		const path = scratch.put('etc/config.yaml', 'a: 1\n')
		scratch.setUnit('k3s.service', 'active')
		const session = scratch.session([
			remedyOf([{ edit: path, set: { a: 2 } }, restart, { remove: path }], { risk: 'restart' }),
		])
		scratch.failOn('restart')
		const { result, events } = await carryOut(session, await session.plan('config-bad-value', 1))
		expect(result).toMatchObject({ outcome: 'failed', failedAt: 1, done: 1, undoable: true })
		expect(result.detail).toContain('told to fail')
		expect(events.filter(({ kind }) => kind === 'step-end')).toMatchObject([
			{ index: 0, outcome: 'done' },
			{ index: 1, outcome: 'failed', exit: 1 },
		])
		expect(scratch.text('etc/config.yaml')).toBe('a: 2\n')
		expect((await takeBack(session)).result.outcome).toBe('done')
		expect(scratch.text('etc/config.yaml')).toBe('a: 1\n')
	})

	it('does not touch a file that changed after the plan was shown', async () => {
		const path = scratch.put('etc/config.yaml', 'a: 1\n')
		const session = scratch.session([remedyOf([{ edit: path, set: { a: 2 } }])])
		const plan = await session.plan('config-bad-value', 1)
		scratch.put('etc/config.yaml', 'a: 1\nb: 1\n')
		const { result } = await carryOut(session, plan)
		expect(result.outcome).toBe('changed')
		expect(result.plan?.fingerprint).not.toBe(plan?.fingerprint)
		expect(scratch.text('etc/config.yaml')).toBe('a: 1\nb: 1\n')
		expect(await session.history()).toEqual({ actions: [], torn: 0 })
	})

	it('fails a wait that does not come true, and tells what it saw', async () => {
		scratch.setUnit('k3s.service', 'failed')
		const session = scratch.session([remedyOf([{ run: ['systemctl', 'daemon-reload'] }, waited])])
		const { result } = await carryOut(session, await session.plan('config-bad-value', 1))
		expect(result).toMatchObject({ outcome: 'failed', failedAt: 1 })
		expect(result.detail).toContain('k3s.service is failed')
	})

	it('kills a running command when told so, and says so in the log', async () => {
		const stop = makeStop()
		const session = scratch.session([remedyOf([{ run: ['slow'] }, { run: ['systemctl', 'daemon-reload'] }])])
		const plan = await session.plan('config-bad-value', 1)
		if (!plan) throw new Error('no plan')
		const { confirm } = await import('../../src/model/confirmed.js')
		const yes = confirm(plan, 'y', 'edge-7')
		if (!yes.ok) throw new Error(yes.why)
		const result = await session.run(yes.confirmed, {
			stop,
			onEvent: event => {
				if (event.kind === 'output') stop.ask('kill', 'killed with Ctrl-C')
			},
		})
		expect(result).toMatchObject({ outcome: 'killed', failedAt: 0 })
		expect((await session.history()).actions[0]).toMatchObject({
			outcome: 'killed',
			steps: [{ outcome: 'killed' }],
		})
	})

	it('ends a command at its limit', async () => {
		const session = scratch.session([remedyOf([{ run: ['slow'], limitSeconds: 0.2 }])])
		const { result } = await carryOut(session, await session.plan('config-bad-value', 1))
		expect(result.detail).toContain('it did not end within 0.2 s')
	})

	it('tells that a program is not there', async () => {
		const session = scratch.session([remedyOf([{ run: ['no-such-program'] }])])
		const { result } = await carryOut(session, await session.plan('config-bad-value', 1))
		expect(result).toMatchObject({
			outcome: 'failed',
			detail: expect.stringContaining('no-such-program was not found'),
		})
	})

	it('stops after the step when asked, but not while a service is down that the plan starts again', async () => {
		scratch.setUnit('k3s.service', 'active')
		const steps: Step[] = [
			{ run: ['systemctl', 'stop', 'k3s.service'] },
			{ run: ['systemctl', 'daemon-reload'] },
			{ run: ['systemctl', 'start', 'k3s.service'] },
			{ run: ['systemctl', 'reset-failed', 'other.service'] },
		]
		for (const [how, last] of [
			['after-step', 1],
			['after-stretch', 3],
		] as const) {
			const stop = makeStop()
			const session = scratch.session([remedyOf(steps)])
			stop.ask(how, 'the terminal went away')
			const { result } = await carryOut(session, await session.plan('config-bad-value', 1), stop)
			expect(result, how).toMatchObject({ outcome: 'stopped', failedAt: last })
			expect(result.detail).toContain('the terminal went away')
		}
		expect(scratch.unit('k3s.service').active).toBe('active')
	})
})

describe('undo', () => {
	it('is refused where somebody changed the file since, and names the copy', async () => {
		const path = scratch.put('etc/config.yaml', 'a: 1\n')
		const session = scratch.session([remedyOf([{ edit: path, set: { a: 2 } }])])
		await carryOut(session, await session.plan('config-bad-value', 1))
		scratch.put('etc/config.yaml', 'a: 3\n')
		const [action] = (await session.history()).actions
		const plan = action && (await session.undoPlan(action))
		expect(plan?.refusals).toEqual([
			{ kind: 'precondition', why: expect.stringContaining('somebody changed it since') },
		])
		expect(plan?.refusals[0]?.why).toContain(`${action?.folder}/files/0-config.yaml`)
		expect(readFileSync(`${action?.folder}/files/0-config.yaml`, 'utf8')).toBe('a: 1\n')
	})

	it('can itself be taken back, and is not done twice', async () => {
		const path = scratch.put('etc/config.yaml', 'a: 1\n')
		const session = scratch.session([remedyOf([{ edit: path, set: { a: 2 } }])])
		await carryOut(session, await session.plan('config-bad-value', 1))
		await takeBack(session)
		expect(scratch.text('etc/config.yaml')).toBe('a: 1\n')
		const [action] = (await session.history()).actions
		expect(action && (await session.undoPlan(action))?.refusals).toMatchObject([
			{ why: 'this action was taken back already' },
		])
		await takeBack(session)
		expect(scratch.text('etc/config.yaml')).toBe('a: 2\n')
	})

	it('takes several changes of one file back in the right order', async () => {
		const path = scratch.put('etc/config.yaml', 'a: 1\n')
		await roundTrip(
			[
				{ edit: path, set: { a: 2 } },
				{ edit: path, set: { b: 3 } },
				{ setMode: path, mode: 0o600 },
				{ move: path, to: `${path}.new` },
				{ write: path, content: 'fresh\n' },
			],
			{ [path]: { bytes: 'fresh\n' }, [`${path}.new`]: { bytes: 'a: 2\nb: 3\n', mode: 0o100600 } },
		)
	})

	it('deletes a backup after a yes, and then there is no undo', async () => {
		const path = scratch.put('etc/config.yaml', 'a: 1\n')
		const session = scratch.session([remedyOf([{ edit: path, set: { a: 2 } }])])
		await carryOut(session, await session.plan('config-bad-value', 1))
		const [kept] = await session.backups()
		if (!kept) throw new Error('no backup')
		expect(kept.bytes).toBeGreaterThan(5)
		expect((await carryOut(session, session.discardPlan(kept.action))).result.outcome).toBe('done')
		expect(existsSync(kept.action.folder)).toBe(false)
		expect(await session.backups()).toEqual([])
		expect((await session.history()).actions[0]?.discarded).toBe(true)
		expect(await session.undoPlan(kept.action)).toBeUndefined()
	})
})

describe('what is kept', () => {
	it('is root-only, with mode, owner and time of the original', async () => {
		const path = scratch.put('etc/config.yaml', 'token: secret-word\n', 0o604)
		chownSync(path, 5, 6)
		const session = scratch.session([remedyOf([{ edit: path, set: { a: 2 } }])])
		await carryOut(session, await session.plan('config-bad-value', 1))
		const folder = (await session.history()).actions[0]?.folder ?? ''
		expect(lstatSync(folder).mode & 0o777).toBe(0o700)
		const kept = lstatSync(`${folder}/files/0-config.yaml`)
		expect([kept.mode & 0o777, kept.uid, kept.gid]).toEqual([0o604, 5, 6])
		const [log = ''] = scratch.places.audits
		expect(lstatSync(log).mode & 0o777).toBe(0o600)
		expect(readFileSync(log, 'utf8')).not.toContain('secret-word')
	})

	it('is made before anything is done, or nothing is done', async () => {
		const path = scratch.put('etc/config.yaml', 'a: 1\n')
		// Nothing can be made below a file.
		scratch.put('var/lib/rancher/k3s/doctor', 'not a folder')
		const session = scratch.session([remedyOf([{ edit: path, set: { a: 2 } }])])
		const { result } = await carryOut(session, await session.plan('config-bad-value', 1))
		expect(result).toMatchObject({ outcome: 'refused', undoable: false })
		expect(scratch.text('etc/config.yaml')).toBe('a: 1\n')
	})
})
