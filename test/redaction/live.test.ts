/** A node with secrets in all its places is asked by the real sources: none of them is in what they bring home. */
import { describe, expect, it } from 'vitest'
import { rules } from '../../rules/index.js'
import { collect } from '../../src/bundle/collect.js'
import { examine } from '../../src/examine.js'
import type { Host } from '../../src/host/host.js'
import type { Bundle } from '../../src/model/bundle.js'
import { reexaminer } from '../../src/reexamine.js'
import { placesOf } from '../../src/remedies/places.js'
import { type Format, formats, renderReport } from '../../src/report/render.js'
import { sources } from '../../src/sources/index.js'
import { paperHost } from '../host/paper-host.js'
import { openRecording } from '../recording.js'

const secrets = {
	token: 'L1veT0kenOfTheCluster',
	datastore: 'L1veDatabaseW0rd',
	registry: 'L1veRegistryW0rd',
	environment: 'L1veAgentT0ken77',
	argument: 'L1veArgument0fPs',
	variable: 'L1veVariable0fPod',
	event: 'L1veEvent0fUrl',
	said: 'L1veW0rdOfALog',
	stderr: 'L1veW0rdOfStderr',
	mirror: 'L1veHeader0fMirror',
} as const

const time = '2026-11-21T05:23:00Z'
const planted: Record<string, string> = {
	'files/etc/rancher/k3s/config.yaml': `token: ${secrets.token}\ndatastore-endpoint: postgres://k3s:${secrets.datastore}@10.0.0.9/k3s\n`,
	'files/etc/rancher/k3s/registries.yaml': `configs:\n  "reg.example":\n    auth:\n      username: bob\n      password: ${secrets.registry}\n    headers:\n      Authorization: [ "Bearer ${secrets.mirror}" ]\n`,
	'files/etc/systemd/system/k3s.service.env': `K3S_AGENT_TOKEN='${secrets.environment}'\n`,
}
const added: Record<string, string> = {
	'commands/ps.txt': `  999 1 root Ssl Sat Nov 21 04:00:00 2026 600 500000 10.0 k3s agent --token ${secrets.argument}\n`,
	'journal/k3s.log': `${time.slice(0, -1)}.000001+0000 s1 k3s[57]: time="${time}" level=info msg="joining with ${secrets.token} and password '${secrets.said}'"\n`,
}
/** Objects beside those that were recorded. */
const objects: Record<string, unknown> = {
	pods: {
		metadata: { name: 'web', namespace: 'shop', uid: 'u' },
		spec: { containers: [{ name: 'web', env: [{ name: 'X', value: secrets.variable }] }] },
		status: { phase: 'Running' },
	},
	events: { metadata: {}, message: `pull https://bob:${secrets.event}@reg.example failed` },
}

/** As the API answers: the recorded list, and what was planted in it. */
function listOf(recorded: Bundle, path: string): string | undefined {
	const resource = path.split('?')[0]?.split('/').at(-1) ?? ''
	const text = recorded.files.get(`api/${resource}.json`)
	if (text === undefined) return undefined
	const { items } = JSON.parse(text) as { items: unknown[] }
	const planted = objects[resource]
	return JSON.stringify({
		apiVersion: 'v1',
		kind: 'PodList',
		items: planted === undefined ? items : [...items, planted],
	})
}

/** The beginning of an action, as the doctor's own log has it; a careless hand wrote a password into it. */
function began(title: string): string {
	const at = title === 'Mend it' ? '2026-11-21T05:00:00.000Z' : '2026-11-21T05:01:00.000Z'
	const id = `${at.replace(/[-:]/g, '').replace('.', '-')}-disk-full`
	const fields = { who: { user: 'ann', uid: 0 }, node: 's1', kind: 'remedy', cause: 'disk-full', title }
	const rest = {
		number: 1,
		risk: 'safe',
		fingerprint: '',
		folder: '/x',
		planned: [],
		says: `password=${secrets.said}`,
	}
	return `${JSON.stringify({ audit: 1, at, id, event: 'begun', ...fields, ...rest })}\n`
}

/** The recorded node, alive again, with the secrets in it. */
async function nodeWithSecrets(): Promise<{ host: Host; recorded: Bundle; audit: string[] }> {
	const recorded = await openRecording('pod-crashloop')
	const files: Record<string, string> = {}
	for (const [file, text] of recorded.files)
		if (file.startsWith('files/')) files[file.slice('files'.length)] = text
	for (const [file, text] of Object.entries(planted)) files[file.slice('files'.length)] = text
	const commands: Record<string, string> = {}
	for (const { file, argv } of recorded.entries) {
		const text = recorded.files.get(file)
		if (argv && text !== undefined) commands[argv.join(' ')] = text + (added[file] ?? '')
	}
	commands['journalctl --no-pager -o short-iso-precise -n'] =
		(recorded.files.get('journal/k3s.log') ?? '') + added['journal/k3s.log']
	const paper = paperHost({ files, commands })
	const audit = [began('Mend it')]
	const host: Host = {
		...paper,
		read: async (path, options) =>
			path === '/var/log/k3s-doctor/audit.jsonl'
				? { ok: true, ms: 1, value: { text: audit.join(''), truncated: false } }
				: paper.read(path, options),
		run: async (argv, options) => {
			const answer = await paper.run(argv, options)
			return answer.ok
				? { ...answer, value: { ...answer.value, stderr: `warning: token ${secrets.stderr} is old` } }
				: answer
		},
		kube: async path => {
			const body = path.endsWith('z?verbose') ? 'ok\n' : listOf(recorded, path)
			return body === undefined
				? { ok: false, ms: 1, unavailable: { why: 'failed', detail: 'no answer', asked: path } }
				: { ok: true, ms: 1, value: { status: 200, body } }
		},
		dial: async () => ({ result: 'refused', ms: 1 }),
		tls: async () => ({ certificates: [], error: 'refused', ms: 1 }),
		get: async () => ({ status: 0, body: '', exit: 7, ms: 1 }),
	}
	return { host, recorded, audit }
}

const wholeText = ({ files, entries, notes, masked }: Bundle) =>
	[...[...files].flat(), JSON.stringify({ entries, notes, masked })].join('\n')

const open = (text: string) => Object.entries(secrets).filter(([, secret]) => text.includes(secret))

describe('a living node', () => {
	it('tells none of its secrets, in the bundle, in any report, and when it is asked again', {
		timeout: 120_000,
	}, async () => {
		const { host, recorded, audit } = await nodeWithSecrets()
		const { node } = recorded
		const early: string[] = []
		const bundle = await collect(host, node, sources, {
			also: placesOf(node.dataDir).audits,
			onProgress: (progress, all) => {
				if (progress.state !== 'done') return
				const text = wholeText(all())
				// It becomes known with the configuration.
				const known = text.includes('rancher/k3s/config.yaml')
				for (const [name] of open(text)) if (known || name !== 'token') early.push(name)
			},
		})
		// All of them were met, or nothing would be proved.
		for (const file of [...Object.keys(planted), ...Object.keys(added), 'api/pods.json', 'api/events.json'])
			expect(bundle.files.get(file), file).toMatch(/<redacted-\w{8}>/)
		expect(JSON.stringify(bundle.entries)).toMatch(/token <redacted-\w{8}> is old/)
		expect(open(wholeText(bundle))).toEqual([])

		const examination = examine(bundle, rules, 'this host')
		expect(examination.report.diagnoses.map(({ cause }) => cause)).toContain('pod-crashloop')
		for (const format of Object.keys(formats) as Format[])
			expect(open(await renderReport(examination.report, format)), format).toEqual([])

		expect(examination.report.actions?.map(({ title }) => title)).toEqual(['Mend it'])
		audit.push(began('Mend it again'))

		const again = await reexaminer(host, node, rules)(examination, ['config'])
		expect(open(wholeText(again.bundle))).toEqual([])
		expect(again.report.actions?.map(({ title }) => title)).toEqual(['Mend it', 'Mend it again'])
		const config = 'files/etc/rancher/k3s/config.yaml'
		expect(again.bundle.files.get(config)).toBe(bundle.files.get(config))
		expect(again.bundle.masked?.filter(({ file }) => file === config)).toEqual(
			bundle.masked?.filter(({ file }) => file === config),
		)
		// Nor in what the app shows meanwhile.
		expect(early).toEqual([])
	})
})
