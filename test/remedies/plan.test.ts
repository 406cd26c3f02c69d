import { describe, expect, it } from 'vitest'
import type { Looked } from '../../src/host/hands.js'
import type { NodeFacts } from '../../src/model/bundle.js'
import type { Evidence } from '../../src/model/evidence/index.js'
import type { Plan } from '../../src/model/plan.js'
import type { Argv, Remedy, Step } from '../../src/model/remedy.js'
import { digestOf } from '../../src/remedies/fingerprint.js'
import { type Mode, makePlan } from '../../src/remedies/plan.js'
import { questionsOf, type Surroundings } from '../../src/remedies/surroundings.js'
import { diagnosisOf, remedyOf } from './scratch.js'

const node: NodeFacts = {
	hostname: 'edge-7',
	role: 'server',
	unit: 'k3s.service',
	init: 'systemd',
	dataDir: '/var/lib/rancher/k3s',
	root: true,
}
const config = '/etc/rancher/k3s/config.yaml'

const fileOf = (text: string, mode = 0o600): Looked => ({
	state: { is: 'file', mode, uid: 0, gid: 0, size: text.length, modifiedAt: 1, digest: digestOf(text) },
	real: '',
	text,
	device: 1,
})
const absent: Looked = { state: { is: 'absent' }, real: '', device: 1 }
const folder: Looked = { state: { is: 'dir', mode: 0o755, uid: 0, gid: 0 }, real: '', device: 1 }

function around(
	files: Record<string, Looked>,
	remedy: Remedy,
	more: Partial<Surroundings> = {},
): Surroundings {
	const asked = [...questionsOf(remedy).paths.keys()]
	const space = { free: 1e9, freeInodes: 1e6, writable: true, inMemory: false }
	return {
		live: true,
		paths: new Map(asked.map(path => [path, { ...(files[path] ?? folder), real: path }] as const)),
		spaces: new Map(),
		weights: new Map(),
		programs: new Map(),
		units: new Map(),
		backupPlaces: [{ base: '/var/lib/rancher/k3s/doctor/backups', device: 1, space }],
		...more,
	}
}

interface Setting {
	files?: Record<string, Looked>
	more?: Partial<Remedy>
	evidence?: Partial<Evidence>
	around?: Partial<Surroundings>
	mode?: Mode
	at?: number
}

function plan(steps: Step[], setting: Setting = {}): Plan {
	const remedy = remedyOf(steps, setting.more)
	const made = makePlan({
		diagnosis: diagnosisOf([remedy]),
		number: 1,
		evidence: { node, ...setting.evidence },
		surroundings: around(setting.files ?? {}, remedy, setting.around),
		mode: setting.mode ?? 'live',
		at: setting.at ?? Date.UTC(2026, 10, 21, 4, 10),
	})
	if (!made) throw new Error('no plan')
	return made
}

describe('makePlan', () => {
	it('shows a file change as a unified diff with the secrets hidden', () => {
		const text = 'token: K10abcdef::server:hush\nserver: https://a:443\n'
		const { steps, backup, undo } = plan([{ edit: config, set: { server: 'https://a:6443' } }], {
			files: { [config]: fileOf(text) },
		})
		const [step] = steps
		if (step?.kind !== 'write') throw new Error('no write')
		expect(step.diff.replace(/<hidden [0-9a-f]{6}>/, '<hidden>')).toBe(
			[
				`--- ${config}`,
				`+++ ${config}`,
				'@@ -1,2 +1,2 @@',
				' token: <hidden>',
				'-server: https://a:443',
				'+server: https://a:6443',
			].join('\n'),
		)
		expect(step.content).toBe('token: K10abcdef::server:hush\nserver: https://a:6443\n')
		expect(step).toMatchObject({ mode: 0o600, uid: 0, gid: 0 })
		expect(backup.folder).toBe('/var/lib/rancher/k3s/doctor/backups/20261121T041000-000Z-config-bad-value')
		expect(undo.says).toEqual([`Put ${config} back as it was (a file, mode 0600, owner 0:0)`])
	})

	it('follows the steps before: a file that was moved is gone, one that was written is there', () => {
		const moved = plan(
			[
				{ move: config, to: `${config}.bak` },
				{ edit: config, set: { a: 1 } },
			],
			{
				files: { [config]: fileOf('a: 2\n'), [`${config}.bak`]: absent },
			},
		)
		expect(moved.refusals).toEqual([])
		expect(moved.steps[1]).toMatchObject({ kind: 'write', before: { is: 'absent' }, content: 'a: 1\n' })
		const twice = plan(
			[
				{ edit: config, set: { a: 3 } },
				{ edit: config, remove: ['b'] },
			],
			{
				files: { [config]: fileOf('a: 2\nb: 1\n') },
			},
		)
		expect(twice.steps[1]).toMatchObject({ content: 'a: 3\n', before: { digest: digestOf('a: 3\nb: 1\n') } })
		const inside = plan(
			[{ move: '/var/lib/x/dir', to: '/var/lib/x/old' }, { remove: '/var/lib/x/dir/file' }],
			{
				files: { '/var/lib/x/old': absent },
			},
		)
		expect(inside.refusals[0]?.why).toContain('is moved by a step before')
	})

	it('has a fingerprint that changes with what would be done, and with nothing else', () => {
		const files = { [config]: fileOf('a: 1\n') }
		const steps: Step[] = [{ edit: config, set: { a: 2 } }, { run: ['systemctl', 'restart', 'k3s.service'] }]
		const usual = plan(steps, { files })
		expect(plan(steps, { files, at: 1e12 }).fingerprint).toBe(usual.fingerprint)
		const space = { free: 5e8, freeInodes: 99, writable: true, inMemory: false }
		const base = '/var/lib/rancher/k3s/doctor/backups'
		const fuller = plan(steps, { files, around: { backupPlaces: [{ base, device: 1, space }] } })
		expect(fuller.fingerprint).toBe(usual.fingerprint)
		const others = [
			plan(steps, { files: { [config]: fileOf('a: 1\nb: 1\n') } }),
			plan(steps, { files: { [config]: fileOf('a: 1\n', 0o644) } }),
			plan(steps.slice(0, 1), { files }),
			plan([{ edit: config, set: { a: 3 } }, steps[1] as Step], { files }),
			plan(steps, { files, more: { risk: 'destructive' } }),
			plan(steps, { files, more: { preconditions: [{ says: 'x', holds: true, why: '' }] } }),
			plan(steps, { files, mode: 'read-only' }),
			plan(steps, { files, evidence: { node: { ...node, hostname: 'edge-8' } } }),
		]
		expect(new Set([usual, ...others].map(({ fingerprint }) => fingerprint)).size).toBe(others.length + 1)
	})

	it('is shown and refused on a bundle, in a demonstration and with --read-only', () => {
		for (const mode of ['bundle', 'demo', 'read-only'] as const) {
			const { refusals, steps } = plan([{ edit: config, set: { a: 2 } }], {
				files: { [config]: fileOf('a: 1\n') },
				mode,
			})
			expect(refusals.map(({ kind }) => kind)).toEqual(['mode'])
			expect(steps).toHaveLength(1)
		}
	})

	it('refuses what a rule cannot know to be possible', () => {
		const cases: [Step[], Record<string, Looked>, RegExp][] = [
			[[{ edit: config, set: { a: 1 } }], { [config]: fileOf('a: 1\n\tb: 2\n') }, /does not parse/],
			[
				[{ edit: config, set: { a: 1 } }],
				{ [config]: { ...fileOf(''), text: undefined as never, unreadable: 'it is not text' } },
				/it is not text/,
			],
			[[{ write: config, content: 'token: <redacted>\n' }], { [config]: absent }, /masked secret/],
			[[{ edit: config, set: { token: '<redacted>' } }], { [config]: absent }, /masked secret/],
			[[{ write: config, content: 'a\0b' }], { [config]: absent }, /not text/],
			[[{ write: '/etc/rancher', content: 'x' }], {}, /not a file/],
			[[{ move: config, to: '/etc/y' }], { [config]: absent, '/etc/y': absent }, /is not there/],
			[[{ move: config, to: '/etc/y' }], { [config]: fileOf('x'), '/etc/y': fileOf('y') }, /there already/],
			[[{ setMode: config, mode: 0o600 }], { [config]: absent }, /is not there/],
			[[{ restore: config }], {}, /only put back by an undo/],
			[
				[{ editLines: config, changes: [{ line: 'gone', becomes: [] }] }],
				{ [config]: fileOf('x\n') },
				/no longer there/,
			],
		]
		for (const [steps, files, why] of cases) {
			const { refusals } = plan(steps, { files })
			expect(refusals.map(refusal => refusal.why).join('; '), JSON.stringify(steps)).toMatch(why)
		}
	})

	it('has nothing to do where things are as they should be', () => {
		const { steps, onlyTells } = plan(
			[{ edit: config, set: { a: 1 } }, { remove: '/etc/gone/x' }, { setMode: config, mode: 0o600 }],
			{ files: { [config]: fileOf('a: 1\n'), '/etc/gone/x': absent } },
		)
		expect(steps.map(({ kind }) => kind)).toEqual(['tell', 'tell', 'tell'])
		expect(onlyTells).toBe(true)
	})
})

const kubeNode = (name: string, ready: boolean, etcd = true) =>
	({
		name,
		labels: etcd ? { 'node-role.kubernetes.io/etcd': 'true' } : {},
		conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', reason: '', message: '' }],
	}) as never

describe('preconditions', () => {
	const state = (setting: Setting) => plan([{ run: ['systemctl', 'restart', 'k3s.service'] }], setting)

	it('counts the members of etcd that are Ready besides this node', () => {
		const cases = [
			[[true, true, true], 'met'],
			[[true, true, false], 'not-met'],
			[[true, true], 'not-met'],
			[[true], 'not-met'],
			[[false, true, true, true, true], 'met'],
			[[], 'unknown'],
		] as const
		for (const [ready, wanted] of cases) {
			const nodes = ready.map((each, index) => kubeNode(index === 0 ? 'edge-7' : `n${index}`, each))
			const { preconditions, refusals } = state({
				evidence: { cluster: { nodes } },
				more: { preconditions: [{ etcdQuorumWithoutThis: true }], risk: 'destructive' },
			})
			expect(preconditions.at(-1)?.state, JSON.stringify(ready)).toBe(wanted)
			// What was not seen is refused where data can be lost.
			expect(refusals.length).toBe(wanted === 'met' ? 0 : 1)
		}
	})

	it('asks for root, space, paths, units, programs and the API', () => {
		const { preconditions } = state({
			evidence: { node: { ...node, root: false } },
			more: {
				preconditions: [
					{ freeSpace: { path: '/var', bytes: 2e9 } },
					{ pathExists: config },
					{ pathAbsent: config },
					{ unitExists: 'postgresql.service' },
					{ programExists: 'sqlite3' },
					{ apiReady: true },
				],
			},
			files: { [config]: fileOf('x') },
			around: {
				spaces: new Map([['/var', { free: 1e9, freeInodes: 1, writable: true, inMemory: false }]]),
				units: new Map([['postgresql.service', true]]),
				programs: new Map([['sqlite3', false]]),
			},
		})
		expect(preconditions.map(({ says, state: is }) => [says, is])).toEqual([
			['the doctor runs as root', 'not-met'],
			['the backup fits in /var/lib/rancher/k3s/doctor/backups', 'met'],
			['/var has 2.0 GB free', 'not-met'],
			[`${config} exists`, 'met'],
			[`${config} does not exist`, 'not-met'],
			['the unit postgresql.service exists', 'met'],
			['sqlite3 is installed', 'not-met'],
			['the API server is ready', 'unknown'],
		])
	})

	it('takes a place for the backup that has room', () => {
		const full = { free: 0, freeInodes: 9e9, writable: true, inMemory: false }
		const readOnly = {
			free: 9e9,
			freeInodes: 9e9,
			writable: false,
			why: 'the file system is read-only',
			inMemory: false,
		}
		const memory = { free: 1e8, freeInodes: 1e4, writable: true, inMemory: true }
		const steps: Step[] = [{ edit: config, set: { a: 2 } }]
		const files = { [config]: fileOf('a: 1\n') }
		for (const space of [full, readOnly, { ...full, free: 1e9, freeInodes: 0 }]) {
			const backupPlaces = [
				{ base: '/data/b', space },
				{ base: '/run/b', space: memory },
			]
			const made = plan(steps, { files, around: { backupPlaces } })
			expect(made.backup.folder).toMatch(/^\/run\/b\//)
			expect(made.backup.note).toBe('in memory: gone after a reboot')
			expect(made.refusals).toEqual([])
			const refused = plan(steps, { files, around: { backupPlaces: backupPlaces.slice(0, 1) } })
			expect(refused.refusals[0]?.why).toContain('--backup-dir')
		}
	})
})

describe('what the doctor never does', () => {
	const refused: [string, Argv][] = [
		['a shell', ['sh', '-c', 'id']],
		['a shell by its path', ['/usr/bin/bash', '-c', 'id']],
		['busybox', ['busybox', 'sh']],
		['an interpreter', ['python3', '-c', '1']],
		['rm', ['rm', '-rf', '/var/lib/rancher/k3s/server/db']],
		['mkfs', ['mkfs.ext4', '/dev/sda1']],
		['dd', ['dd', 'if=/dev/zero', 'of=/dev/sda']],
		['the uninstaller', ['/usr/local/bin/k3s-uninstall.sh']],
		['the uninstaller of an agent', ['k3s-agent-uninstall.sh']],
		['a reboot', ['systemctl', 'reboot']],
		['a forced new CA', ['k3s', 'certificate', 'rotate-ca', '--force', '--path', '/x']],
		['a line break', ['systemctl', 'restart', 'k3s\nrm']],
		['a NUL', ['systemctl', 'restart', 'k3s\0']],
		['an escape sequence', ['systemctl', 'restart', '\u001b[2J']],
		['a masked secret', ['k3s', 'token', 'rotate', '--token', '<redacted>']],
		['an option for a program', ['--help']],
	]
	it.each(refused)('runs %s', (_, argv) => {
		const { refusals, steps } = plan([{ run: argv }])
		expect(refusals).toMatchObject([{ kind: 'policy' }])
		expect(steps).toEqual([])
	})

	it('removes what is precious, or too much', () => {
		const data = node.dataDir
		for (const path of [
			'/',
			'/etc',
			'/var/lib',
			'/var/lib/rancher',
			data,
			`${data}/server`,
			`${data}/server/db`,
			`${data}/server/tls`,
			`${data}/server/cred`,
			`${data}/server/token`,
			`${data}/storage`,
			`${data}/storage/pvc-1`,
		]) {
			const { refusals } = plan([{ remove: path }])
			expect(refusals.length, path).toBe(1)
		}
		const tls = `${data}/server/tls/dynamic-cert.json`
		expect(plan([{ remove: tls }], { files: { [tls]: fileOf('') } }).refusals).toEqual([])
		expect(plan([{ remove: tls, noBackup: true }], { files: { [tls]: fileOf('') } }).refusals).toHaveLength(1)
	})

	it('moves the root of things', () => {
		for (const path of ['/etc', '/var/lib', '/var/lib/rancher'])
			expect(
				plan([{ move: path, to: '/srv/away' }], { files: { '/srv/away': absent } }).refusals,
				path,
			).toHaveLength(1)
	})

	it('deletes a node that is one of two etcd members, or with members unseen', () => {
		const remove: Step = { kube: { delete: { kind: 'node', name: 'n1' } } }
		const nodes = (count: number) => Array.from({ length: count }, (_, index) => kubeNode(`n${index}`, true))
		expect(plan([remove]).refusals[0]?.kind).toBe('policy')
		expect(plan([remove], { evidence: { cluster: { nodes: nodes(2) } } }).refusals[0]?.kind).toBe('policy')
		const three = plan([remove], { evidence: { cluster: { nodes: nodes(3) } } })
		expect(three.refusals).toEqual([])
		expect(three.risk).toBe('destructive')
	})

	it('lets a remedy be confirmed more lightly than its steps deserve', () => {
		const db = `${node.dataDir}/server/db`
		const cases: [Step, string][] = [
			[{ run: ['systemctl', 'restart', 'k3s.service'] }, 'restart'],
			[{ run: ['systemctl', '--no-block', 'stop', 'k3s.service'] }, 'restart'],
			[{ run: ['systemctl', 'start', 'k3s.service'] }, 'safe'],
			[{ run: ['k3s-killall.sh'] }, 'destructive'],
			[{ run: ['k3s', 'server', '--cluster-reset'] }, 'destructive'],
			[{ move: db, to: `${db}.bak` }, 'destructive'],
			[{ kube: { deletePod: { namespace: 'a', name: 'b' } } }, 'restart'],
			[{ kube: { deletePod: { namespace: 'a', name: 'b' }, force: true } }, 'destructive'],
			[{ kube: { delete: { kind: 'secret', namespace: 'a', name: 'b' } } }, 'safe'],
			[{ kube: { uncordon: 'a' } }, 'safe'],
		]
		for (const [step, risk] of cases)
			expect(plan([step], { files: { [`${db}.bak`]: absent } }).risk, JSON.stringify(step)).toBe(risk)
	})

	it('runs killall where Cilium carries the network', () => {
		const pods = [{ name: 'cilium-x2', namespace: 'kube-system' }] as never
		expect(plan([{ run: ['k3s-killall.sh'] }], { evidence: { cluster: { pods } } }).refusals).toHaveLength(1)
	})
})

describe('on OpenRC', () => {
	const evidence = { node: { ...node, init: 'openrc' as const } }
	it('says the same in the words of rc-service', () => {
		const argvs = plan(
			[
				{ run: ['systemctl', '--no-block', 'restart', 'k3s.service'] },
				{ run: ['systemctl', 'daemon-reload'] },
				{ run: ['systemctl', 'enable', 'k3s.service'] },
			],
			{ evidence },
		).steps.map(step => (step.kind === 'run' ? step.argv : step.kind))
		expect(argvs).toEqual([['rc-service', 'k3s', 'restart'], 'tell', ['rc-update', 'add', 'k3s', 'default']])
	})

	it('refuses what has no counterpart', () => {
		expect(plan([{ run: ['systemctl', 'mask', 'x.service'] }], { evidence }).refusals).toHaveLength(1)
	})
})
