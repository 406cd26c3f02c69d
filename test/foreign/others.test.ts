/** sos reports, Replicated's support bundles, and files that somebody gathered by hand. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { openBundle } from '../../src/bundle/open.js'
import { judge, rootsOf } from '../judge.js'
import { openRecording } from '../recording.js'
import { archiveAt, scratchFolder } from './archive.js'
import { looseShaped, replicatedShaped, sosShaped } from './loose-shaped.js'
import { misplaced } from './places.js'

const judged = async (path: string) => judge(await openBundle(path))

describe('sos reports', () => {
	it.each([
		['cgroup-v1', 'cgroup-v1-unsupported'],
		['disk-full-restart', 'disk-full'],
		['service-stopped', 'service-stopped'],
		['config-tab', 'config-invalid-yaml'],
		['agent-node-password', 'node-password-rejected'],
		['agent-url-http', 'server-url-wrong'],
	])('%s: %s', async (name, cause) => {
		const examination = await judged(await archiveAt('sos.tar.gz', sosShaped(await openRecording(name))))
		expect(examination.bundle.collector).toBe('the sos report')
		expect(rootsOf(examination)[0]).toBe(cause)
		expect(examination.report.crashed).toEqual([])
		expect(misplaced(examination)).toEqual([])
		const runtime = examination.report.gaps.find(({ source }) => source === 'runtime')
		expect(runtime?.detail).toBe('A sos report asks nothing of the container runtime of k3s.')
	})

	it('of a healthy node raises no alarm', async () => {
		const examination = await judged(
			await archiveAt('sos.tar.gz', sosShaped(await openRecording('healthy-server'))),
		)
		expect(rootsOf(examination)).toEqual([])
	})
})

describe("Replicated's support bundles", () => {
	it.each([
		['images-missing', 'airgap-images-missing'],
		['pod-selector', 'pod-unschedulable'],
		['pvc-no-class', 'pvc-pending'],
		['pod-oom', 'pod-oomkilled'],
		['node-cordoned', 'node-cordoned'],
	])('%s: %s', async (name, cause) => {
		const examination = await judged(
			await archiveAt('support-bundle.tar.gz', replicatedShaped(await openRecording(name))),
		)
		expect(examination.bundle.collector).toBe("Replicated's support bundle")
		expect(rootsOf(examination)[0]).toBe(cause)
		expect(examination.report.crashed).toEqual([])
	})
})

describe('loose files', () => {
	it.each([
		['cgroup-v1', 'cgroup-v1-unsupported'],
		['images-missing', 'airgap-images-missing'],
		['node-cordoned', 'node-cordoned'],
		['service-stopped', 'service-stopped'],
		['agent-token-wrong-hash', 'ca-mismatch'],
		['disk-full-restart', 'disk-full'],
	])('%s: %s, as a folder and as an archive', async (name, cause) => {
		const files = looseShaped(await openRecording(name))
		const folder = scratchFolder()
		for (const [file, text] of files) {
			mkdirSync(dirname(join(folder, file)), { recursive: true })
			writeFileSync(join(folder, file), text)
		}
		for (const path of [folder, await archiveAt('x.tar.gz', files)]) {
			const examination = await judged(path)
			expect(rootsOf(examination)[0]).toBe(cause)
			expect(examination.report.crashed).toEqual([])
			expect(misplaced(examination)).toEqual([])
			expect(examination.report.notes.join('\n')).toMatch(/Not recognised: .*notes.md/)
			expect(examination.report.node.hostname).toMatch(/^[shae]\d$/)
		}
	})

	it('lists of kubectl as YAML', async () => {
		const bundle = await openRecording('node-cordoned')
		const files = new Map<string, string>()
		for (const list of ['nodes', 'pods', 'events'])
			files.set(`${list}.yaml`, stringify(JSON.parse(bundle.files.get(`api/${list}.json`) ?? '')))
		const examination = await judged(await archiveAt('x.tar.gz', files))
		expect(rootsOf(examination)[0]).toBe('node-cordoned')
	})

	it('one answer alone, from a pipe', async () => {
		const { files } = await openRecording('node-cordoned')
		const examination = judge(
			await openBundle('-', { stdin: Readable.from([files.get('api/nodes.json') ?? '']) }),
		)
		expect(examination.evidence.cluster?.nodes?.map(({ name }) => name)).toEqual(['s1'])
		expect(examination.report.verdict).toBe('not-examined')
	})

	it('the journal in the form of an export, or of JSON', async () => {
		const { files } = await openRecording('agent-token-wrong-hash')
		const lines = (files.get('journal/k3s-agent.log') ?? '').split('\n').filter(Boolean)
		const records = lines.flatMap(line => {
			const parts = /^(\S+) (\S+) ([^[:]+)(?:\[(\d+)\])?: (.*)$/.exec(line)
			const [, time = '', host, who = '', pid, text] = parts ?? []
			const at = `${Date.parse(time.replace(/(\d\d)$/, ':$1'))}000`
			return parts
				? [
						{
							__REALTIME_TIMESTAMP: at,
							_HOSTNAME: host,
							SYSLOG_IDENTIFIER: who,
							...(pid && { _PID: pid }),
							_SYSTEMD_UNIT: 'k3s-agent.service',
							MESSAGE: text,
						},
					]
				: []
		})
		const exported = records
			.map(record =>
				Object.entries({ __CURSOR: 's=1', ...record })
					.map(([key, value]) => `${key}=${value}\n`)
					.join(''),
			)
			.join('\n')
		const json = records.map(record => JSON.stringify(record)).join('\n')
		for (const text of [exported, json]) {
			const examination = await judged(
				await archiveAt(
					'x.tar.gz',
					new Map([
						['journal', text],
						['hostname', 'a1\n'],
					]),
				),
			)
			expect(rootsOf(examination)[0]).toBe('ca-mismatch')
			expect(misplaced(examination)).toEqual([])
		}
	})

	it.each([
		['newlines', '\n'.repeat(2_000_000)],
		['mounts', `${'/ on /a type b'.repeat(1000)}\n`.repeat(300)],
		['uptimes', `${' up 1, '.repeat(500_000)} load average: 1`],
		['capitals', `NAME ${'A '.repeat(500_000)}!\n`],
		['open brackets', '['.repeat(500_000)],
		['YAML that refers to itself', `a: &a [x]\nitems: [${'*a, '.repeat(50_000)}x]\nkind: List\n`],
		['units', `ExecStart=${'k3s'.repeat(300_000)}\n[Service]\n`],
		['descriptions', `Name:  x\n${'Containers:\n'.repeat(100_000)}`],
	])('hostile text takes no longer than it must: %s', async (_, text) => {
		const opened = await openBundle(
			await archiveAt(
				'x.tar.gz',
				new Map([
					['a', text],
					['os', 'ID=debian\nPRETTY_NAME="x"\n'],
				]),
			),
		)
		expect(judge(opened).report.crashed).toEqual([])
	})

	it('what k3s said on a terminal, quoted, beside an answer', async () => {
		const said = [
			'> INFO[0000] Starting k3s v1.33.1+k3s1 (abc)             ',
			'> FATA[0001] preparing server: failed to bootstrap cluster data: database disk image is malformed',
		]
		const folder = scratchFolder()
		writeFileSync(join(folder, 'what-it-said.txt'), `${said.join('\n')}\n`)
		writeFileSync(
			join(folder, 'free.txt'),
			'               total        used        free\nMem:            7951        1234        5678\n',
		)
		const examination = await judged(folder)
		expect(rootsOf(examination)[0]).toBe('sqlite-corrupt')
		const quotes = examination.report.diagnoses[0]?.findings.map(({ quote }) => quote)
		expect(quotes).toContainEqual({ file: 'what-it-said.txt', line: 2, text: said[1] })
	})

	it('nothing that is recognised is refused with words', async () => {
		await expect(openBundle(await archiveAt('x.tar.gz', new Map([['a.txt', 'hello\n']])))).rejects.toThrow(
			/holds no bundle.json/,
		)
	})
})
