/** Tarballs of Rancher's logs-collector: three real ones, their tree in every variant, and their traps. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { extract } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { anonymise } from '../../src/bundle/anonymise/index.js'
import { openBundle } from '../../src/bundle/open.js'
import { ownPart } from '../../src/bundle/own-part.js'
import { openRedacted } from '../../src/bundle/redact/open.js'
import { writeBundle } from '../../src/bundle/write.js'
import { clusterReport } from '../../src/report/cluster/index.js'
import { judge, rootsOf } from '../judge.js'
import { archiveAt, archiveOf, scratchFolder } from './archive.js'
import { misplaced } from './places.js'

const real = (name: string) => fileURLToPath(new URL(`./rancher/${name}.tar.gz`, import.meta.url))

/** The files of a real tarball, seen from its top directory. */
async function filesOf(name: string): Promise<Map<string, string>> {
	const tar = extract()
	const written = gunzipSync(await readFile(real(name)))
	Readable.from([written]).pipe(tar)
	const files = new Map<string, string>()
	for await (const entry of tar) {
		const parts: Buffer[] = []
		for await (const part of entry) parts.push(part as Buffer)
		const path = entry.header.name.replace(/^\.\/[^/]*\//, '')
		if (entry.header.type === 'file') files.set(path, Buffer.concat(parts).toString())
	}
	return files
}

const below = (top: string, files: ReadonlyMap<string, string>) =>
	new Map([...files].map(([name, text]) => [`${top}${name}`, text]))

const judged = async (path: string) => judge(await openBundle(path))

const truths = [
	['healthy-server', undefined, 'healthy'],
	['cgroup-v1', 'cgroup-v1-unsupported', 'down'],
	['images-missing', 'airgap-images-missing', 'down'],
] as const

describe('real tarballs', () => {
	it.each(truths)('%s: %s', async (name, cause, verdict) => {
		const examination = await judged(real(name))
		expect(rootsOf(examination)).toEqual(cause ? [cause] : [])
		expect(examination.report.verdict).toBe(verdict)
		expect(examination.report.node).toMatchObject({
			hostname: 's1',
			role: 'server',
			k3sVersion: 'v1.36.2+k3s1',
		})
		expect(examination.report.crashed).toEqual([])
		expect(misplaced(examination)).toEqual([])
	})

	it('are quoted with the names and lines that they have themselves', async () => {
		const { report } = await judged(real('images-missing'))
		const files = report.diagnoses[0]?.findings.map(({ quote }) => quote?.file)
		expect(files).toEqual(expect.arrayContaining(['k3s/kubectl/events', 'journald/k3s']))
	})

	it('leave gaps with words for them', async () => {
		const { report } = await judged(real('healthy-server'))
		expect(report.gaps.map(({ detail }) => detail)).toContain('This collector connects to no port.')
		// What was answered in another form is no gap.
		expect(report.gaps.map(({ file }) => file)).not.toContain('commands/findmnt.json')
	})
})

describe('the tree in its variants', () => {
	const variants = {
		'without a directory of the host, as before 2023': (files: ReadonlyMap<string, string>) =>
			below('./', files),
		'below a directory of another name': (files: ReadonlyMap<string, string>) => below('copy/', files),
		'without summary, versions and log': (files: ReadonlyMap<string, string>) =>
			below('./s1/', new Map([...files].filter(([name]) => name.includes('/')))),
	}
	it.each(Object.entries(variants))('%s', async (_, change) => {
		const files = await filesOf('images-missing')
		const examination = await judged(await archiveAt('x.tar.gz', change(files)))
		expect(rootsOf(examination)[0]).toBe('airgap-images-missing')
		expect(examination.report.node.hostname).toBe('s1')
	})

	it('as a plain tar', async () => {
		const path = join(scratchFolder(), 'x.tar')
		writeFileSync(path, gunzipSync(await archiveOf(below('./s1/', await filesOf('cgroup-v1')))))
		expect(rootsOf(await judged(path))[0]).toBe('cgroup-v1-unsupported')
	})

	it.each(['', 's1-2026/'])('unpacked, given by its folder or the one above (%s)', async top => {
		const folder = scratchFolder()
		for (const [name, text] of below(top, await filesOf('cgroup-v1'))) {
			const path = join(folder, name)
			mkdirSync(dirname(path), { recursive: true })
			writeFileSync(path, text)
		}
		expect(rootsOf(await judged(folder))[0]).toBe('cgroup-v1-unsupported')
	})

	it('with the names of memory over the years', async () => {
		const files = await filesOf('healthy-server')
		files.delete('systeminfo/freeh')
		const old =
			'Mem:          24105        2085       12930          10        9667       22019\nSwap:          2047           0        2047\n'
		for (const [name, text] of [
			['freem', `              total        used        free      shared  buff/cache   available\n${old}`],
			[
				'memory',
				'               total        used        free      shared  buff/cache   available\nMem:            23Gi       2.0Gi        12Gi        10Mi       9.4Gi        21Gi\nSwap:          2.0Gi          0B       2.0Gi\n',
			],
		] as const) {
			const { evidence } = await judged(
				await archiveAt('x.tar.gz', below('./s1/', new Map([...files, [`systeminfo/${name}`, text]]))),
			)
			expect(Math.round((evidence.memory?.total ?? 0) / 2 ** 30)).toBe(name === 'freem' ? 24 : 23)
			expect(evidence.memory?.swapTotal).toBeGreaterThan(1.9 * 2 ** 30)
		}
	})

	it('without nodes.json: the description of the nodes, or the table', async () => {
		const files = await filesOf('healthy-server')
		files.delete('k3s/kubectl/nodes.json')
		const described = await judged(await archiveAt('x.tar.gz', below('./s1/', files)))
		expect(described.evidence.cluster?.self).toMatchObject({
			name: 's1',
			kubeletVersion: 'v1.36.2+k3s1',
			podCidrs: ['10.42.0.0/24'],
			annotations: { 'k3s.io/internal-ip': '10.99.0.11' },
		})
		expect(described.evidence.cluster?.self?.conditions.find(({ type }) => type === 'Ready')).toMatchObject({
			status: 'True',
			reason: 'KubeletReady',
		})
		expect(described.report.verdict).toBe('healthy')
		files.delete('k3s/kubectl/nodesdescribe')
		const tabled = await judged(await archiveAt('x.tar.gz', below('./s1/', files)))
		expect(tabled.evidence.cluster?.self).toMatchObject({ name: 's1', kubeletVersion: 'v1.36.2+k3s1' })
		expect(tabled.report.verdict).toBe('healthy')
	})
})

describe('traps', () => {
	it('the journal names neither year nor zone: both are found out', async () => {
		const files = await filesOf('cgroup-v1')
		const before = await judged(real('cgroup-v1'))
		const local = (text: string) =>
			text.replace(
				/^(Nov 21) (\d\d)(?=:\d\d:\d\d )/gm,
				(_, day, hour) => `${day} ${String(Number(hour) + 5).padStart(2, '0')}`,
			)
		const zoned = (text: string) =>
			local(text).replace(
				/time="(2026-11-21T)(\d\d)([:\d]+)Z"/g,
				(_, day, hour, rest) => `time="${day}${String(Number(hour) + 5).padStart(2, '0')}${rest}+05:00"`,
			)
		files.set('journald/k3s', zoned(files.get('journald/k3s') ?? ''))
		// An abbreviation that half a dozen zones share.
		files.set('systeminfo/date', 'Sat Nov 21 10:57:57 XST 2026\n')
		files.set(
			'collector-output.log',
			(files.get('collector-output.log') ?? '').replace(/ (05)(?=:\d\d:\d\d:)/g, ' 10'),
		)
		const { evidence, report } = await judged(await archiveAt('x.tar.gz', below('./s1/', files)))
		expect(report.takenAt).toBe(before.report.takenAt)
		expect(evidence.journal?.starts.map(({ beganAt }) => beganAt)).toEqual(
			before.evidence.journal?.starts.map(({ beganAt }) => beganAt),
		)
	})

	it('New Year lies between the journal and the collection', async () => {
		const files = await filesOf('healthy-server')
		files.set(
			'journald/k3s',
			(files.get('journald/k3s') ?? '').replace(/^Nov 21/gm, 'Dec 31').replace(/2026-11-21T/g, '2025-12-31T'),
		)
		files.set('systeminfo/date', 'Thu Jan  1 00:10:00 UTC 2026\n')
		files.delete('collector-output.log')
		const { evidence } = await judged(await archiveAt('x.tar.gz', below('./s1-2026-01-01_00_10_00/', files)))
		expect(new Date(evidence.journal?.newest?.beganAt ?? 0).toISOString()).toMatch(/^2025-12-31T05:/)
	})

	it.each([
		'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?\n',
		'Error from server (Forbidden): pods is forbidden: User "system:node:s1" cannot list resource "pods"\n',
		'sh: 1: kubectl: not found\n',
		'error: You must be logged in to the server (Unauthorized)\n',
		'',
	])('a table that is an error is no table: %j', async words => {
		const files = await filesOf('healthy-server')
		for (const name of [...files.keys()]) {
			if (name.startsWith('k3s/kubectl/')) files.delete(name)
			if (/^k3s\/kubectl\/[a-z]+$/.test(name)) files.set(name, words)
		}
		files.set('k3s/crictl/psa', words)
		const { evidence, report } = await judged(await archiveAt('x.tar.gz', below('./s1/', files)))
		expect(evidence.cluster?.pods).toBeUndefined()
		expect(evidence.runtime?.unanswered).toContain('containers')
		expect(report.crashed).toEqual([])
		if (words)
			expect(report.gaps.find(({ file }) => file === 'api/pods.json')?.detail).toContain(
				words.trim().slice(0, 40),
			)
	})

	it('blanks inside the cells of crictl do not shift its columns', async () => {
		const { evidence } = await judged(real('healthy-server'))
		expect(evidence.runtime?.containers.find(({ name }) => name === 'coredns')).toMatchObject({
			namespace: 'kube-system',
			pod: 'coredns-5f5694d56b-j7hl7',
			state: 'running',
			image: 'docker.io/rancher/mirrored-coredns-coredns:1.14.4',
		})
		expect(evidence.runtime?.images).toContainEqual(
			expect.objectContaining({ tags: ['docker.io/rancher/mirrored-pause:3.6'] }),
		)
	})

	it('warnings before JSON do not spoil it, and a runtime that is down says so', async () => {
		const files = await filesOf('healthy-server')
		const warning =
			'W1121 05:59:05.427244    4989 logging.go:55] [core] grpc: addrConn.createTransport failed\n'
		for (const name of ['k3s/crictl/info', 'k3s/kubectl/nodes.json', 'k3s/crictl/psa'])
			files.set(name, warning + files.get(name))
		const { evidence } = await judged(await archiveAt('x.tar.gz', below('./s1/', files)))
		expect(evidence.runtime?.unanswered).toBeUndefined()
		expect(evidence.cluster?.self?.annotations['k3s.io/internal-ip']).toBe('10.99.0.11')

		for (const name of [...files.keys()]) if (name.startsWith('k3s/crictl/')) files.delete(name)
		const said = '[!] Containerd is offline, skipping crictl collection'
		files.set('collector-output.log', `${files.get('collector-output.log')}2026-11-21 05:56:48: ${said}\n`)
		const down = await judged(await archiveAt('x.tar.gz', below('./s1/', files)))
		expect(down.evidence.runtime?.answered).toBe(false)
		expect(down.report.gaps.find(({ source }) => source === 'runtime')?.detail).toContain(said)
	})

	it('a binary that cannot be run says so in the file of its version', async () => {
		const files = await filesOf('cgroup-v1')
		files.delete('versions')
		files.set(
			'k3s/version',
			'/root/collect.sh: line 390: /usr/local/bin/k3s: cannot execute binary file: Exec format error\n',
		)
		const { evidence } = await judged(await archiveAt('x.tar.gz', below('./s1/', files)))
		expect(evidence.k3s?.versionError).toMatchObject({
			exit: 126,
			stderr: expect.stringContaining('Exec format error'),
		})
	})

	it('colours of check-config are no part of its words', async () => {
		const { evidence } = await judged(real('healthy-server'))
		expect(evidence.k3s?.checkConfig?.failed).toContain('CONFIG_NETFILTER_XT_MATCH_IPVS: missing (fail)')
	})

	it('names that were obscured with -o are no addresses, and do no harm', async () => {
		const files = await filesOf('healthy-server')
		for (const [name, text] of files)
			files.set(
				name,
				text.replace(/\b10\.\d+\.\d+\.\d+\b/g, '10.amber.falcon.river').replace(/\bs1\b/g, 'copperfield'),
			)
		const { report } = await judged(await archiveAt('x.tar.gz', below('./copperfield/', files)))
		expect(report.node.hostname).toBe('copperfield')
		expect(report.crashed).toEqual([])
		expect(report.diagnoses.filter(({ confidence }) => confidence === 'certain')).toEqual([])
	})

	/** A server's tarball with an agent's in mind: what the collector does not take of one is gone. */
	async function agentOf(name: string) {
		const files = await filesOf(name)
		for (const file of ['journald/k3s', 'k3s/k3s.service']) files.delete(file)
		for (const file of [...files.keys()]) if (file.startsWith('k3s/certs/server/')) files.delete(file)
		for (const file of ['systeminfo/systemd-units', 'systeminfo/systemd-unit-files'])
			files.set(file, (files.get(file) ?? '').replace(/k3s\.service/g, 'k3s-agent.service'))
		return files
	}

	it("an agent's journal is not taken, and that is said", async () => {
		const { report } = await judged(
			await archiveAt('x.tar.gz', below('./s1/', await agentOf('healthy-server'))),
		)
		expect(report.node).toMatchObject({ role: 'agent', unit: 'k3s-agent.service' })
		expect(report.gaps.find(({ source }) => source === 'journal')).toMatchObject({
			detail: expect.stringContaining("none of an agent's"),
			askFor: expect.stringContaining('journalctl -u k3s-agent.service'),
		})
		expect(report.verdict).toBe('not-examined')
	})

	it('where rsyslog keeps the lines of an agent, they are found', async () => {
		const files = await agentOf('cgroup-v1')
		const real = (await filesOf('cgroup-v1')).get('journald/k3s') ?? ''
		files.set('systemlogs/syslog', `Nov 21 05:50:00 s1 CRON[1]: (root) CMD (true)\n${real}`)
		const told = await judged(await archiveAt('x.tar.gz', below('./s1/', files)))
		expect(rootsOf(told)[0]).toBe('cgroup-v1-unsupported')
		expect(misplaced(told)).toEqual([])
		expect(told.report.diagnoses[0]?.findings[0]?.quote?.file).toBe('systemlogs/syslog')
	})
})

describe('etcd', () => {
	it('answers with its members and its health', async () => {
		const files = await filesOf('healthy-server')
		files.set(
			'etcd/memberlist.json',
			'{"header":{},"members":[{"ID":1,"name":"s1-aa"},{"ID":2,"name":"s2-bb"}]}',
		)
		files.set('etcd/etcd-metrics-127.0.0.1:2379.txt', '# TYPE x gauge\netcd_server_has_leader 0\n')
		const examination = await judged(await archiveAt('x.tar.gz', below('./s1/', files)))
		expect(examination.evidence.datastore?.etcdHealth).toEqual([{ healthy: false, reason: 'NO LEADER' }])
		expect(clusterReport([examination]).members).toEqual([
			{ by: 's1', from: 'the list of members', members: ['s1-aa', 's2-bb'] },
		])
	})
})

describe('a tarball of a stranger', () => {
	const hostile = async (change: (files: Map<string, string>) => Map<string, string>) =>
		openBundle(await archiveAt('x.tar.gz', change(below('./s1/', await filesOf('cgroup-v1')))))

	it('has no names that lead out of it', async () => {
		const bundle = await hostile(files => {
			files.set('../../etc/passwd', 'root:x:0:0\n')
			files.set('/systeminfo/hostname', 'evil\n')
			files.set('./s1/systeminfo/../../../x', 'x\n')
			return files
		})
		expect(bundle.node.hostname).toBe('s1')
		expect([...bundle.files.keys()].filter(name => name.includes('..') || name.startsWith('/'))).toEqual([])
		expect(bundle.notes.join('\n')).toContain('Refused because of its name')
	})

	it('names no unit, host or directory that could become a command', async () => {
		const bundle = await hostile(files => {
			files.set('./s1/systeminfo/hostname', '$(reboot)\n')
			files.set('./s1/k3s/config.yaml', 'data-dir: "/var/lib/x;reboot"\n')
			files.set('./s1/systeminfo/systemd-units', '  k3s;reboot.service loaded active running x\n')
			return files
		})
		expect(JSON.stringify(bundle.node)).not.toContain('reboot')
	})

	it('of secrets shows none, and becomes a bundle of ours', async () => {
		const files = below('./s1/', await filesOf('healthy-server'))
		const secret = 'hunter2-really-secret'
		files.set('./s1/k3s/config.yaml', `datastore-endpoint: "mysql://u:${secret}@tcp(db:3306)/k3s"\n`)
		files.set(
			'./s1/k3s/crictl/info',
			JSON.stringify({
				config: { registry: { configs: { r: { auth: { username: 'u', password: secret } } } } },
			}),
		)
		const path = await archiveAt('x.tar.gz', files)
		const bundle = await openRedacted(path)
		expect([...bundle.files.values()].filter(text => text.includes(secret))).toEqual([])
		const { runtime } = judge(bundle).evidence
		expect(runtime?.answered).toBe(true)

		const out = join(scratchFolder(), 'own.tar.gz')
		const { refused } = await writeBundle(ownPart(bundle), out)
		expect(refused).toEqual([])
		const again = await openBundle(out)
		expect(again.origins).toBeUndefined()
		expect(judge(again).report.gaps.map(({ detail }) => detail)).toContain(
			'This collector connects to no port.',
		)
	})

	it('keeps its diagnoses, and its places, when it is made anonymous', async () => {
		const examination = judge(anonymise(await openBundle(real('images-missing'))))
		expect(rootsOf(examination)[0]).toBe('airgap-images-missing')
		expect(misplaced(examination)).toEqual([])
	})
})
