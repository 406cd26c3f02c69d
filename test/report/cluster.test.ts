/** Several nodes side by side: recordings that belong together, and changed ones that do not fit. */
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { openBundle } from '../../src/bundle/open.js'
import type { Examination } from '../../src/examine.js'
import { clusterReport } from '../../src/report/cluster/index.js'
import { clusterJson } from '../../src/report/cluster/json.js'
import { clusterText } from '../../src/report/cluster/text.js'
import { run } from '../commands/program.js'
import { archiveAt, scratchFolder } from '../foreign/archive.js'
import { rancherShaped } from '../foreign/rancher-shaped/index.js'
import { judge, judgeRecording, type Patch } from '../judge.js'
import { openRecording, recordingPath } from '../recording.js'

const schema = (name: string): object =>
	JSON.parse(readFileSync(new URL(`../../src/report/${name}`, import.meta.url), 'utf8'))
const ajv = () => new Ajv2020({ strict: true, allowUnionTypes: true })
const isCluster = ajv().compile(schema('cluster/cluster.schema.json'))
const isReport = ajv().compile(schema('report.schema.json'))

/** Recordings of one cluster, each with its own changes. */
async function sideBySide(...nodes: readonly (readonly [name: string, patch?: Patch])[]) {
	const examined: Examination[] = []
	for (const [name, patch] of nodes) {
		const examination = await judgeRecording(name, patch)
		examined.push({ ...examination, report: { ...examination.report, from: `/x/${name}.tar.gz` } })
	}
	return clusterReport(examined)
}

const kinds = ({ findings }: { findings: readonly { kind: string }[] }) => findings.map(({ kind }) => kind)

const ha = 'ha-healthy'
const agent = 'agent-healthy'
/** The server of that agent, before its disk was full. */
const server = 'disk-full-restart'

describe('nodes that belong together', () => {
	it('an agent and its server: nothing is wrong between them', async () => {
		const cluster = await sideBySide([agent], [server])
		expect(kinds(cluster)).toEqual([])
		expect(cluster.nodes.map(({ label }) => label)).toEqual(['s1', 'a1'])
		expect(cluster.reach).toContainEqual({
			from: 'a1',
			to: 's1',
			address: '10.99.0.11',
			port: 6443,
			result: 'open',
			by: 'probe',
		})
	})

	it('servers of one etcd: who sees which members, and who of them is not here', async () => {
		const cluster = await sideBySide([ha], ['etcd-peer-blocked'])
		const seen = cluster.members.find(({ by }) => by === 'h2')
		expect(seen?.members).toHaveLength(3)
		expect(cluster.absent).toEqual(['h1'])
		expect(kinds(cluster)).not.toContain('authority')
		expect(kinds(cluster)).not.toContain('configuration')
	})

	it('a server that was reset sees another cluster than the others', async () => {
		const cluster = await sideBySide([ha], ['etcd-s3-refused'])
		expect(cluster.findings.find(({ kind }) => kind === 'members')?.says).toContain(
			'do not see the same members',
		)
	})

	it('the same node taken twice is no duplicate', async () => {
		const cluster = await sideBySide([agent], ['agent-cert-expired'])
		expect(kinds(cluster)).not.toContain('duplicate-name')
	})
})

describe('nodes that do not fit', () => {
	it('a cloned agent has the name of another', async () => {
		const cluster = await sideBySide([agent], ['agent-hostname-clone'])
		const found = cluster.findings.find(({ kind }) => kind === 'duplicate-name')
		expect(found).toMatchObject({
			severity: 'critical',
			says: expect.stringContaining('2 hosts call themselves a1'),
		})
		expect(cluster.nodes.map(({ label }) => label)).toEqual([
			'a1 (agent-healthy.tar.gz)',
			'a1 (agent-hostname-clone.tar.gz)',
		])
	})

	it('an agent that was upgraded before its server', async () => {
		const cluster = await sideBySide(['agent-version-newer'], [server])
		expect(cluster.findings.find(({ kind }) => kind === 'version-skew')).toMatchObject({
			severity: 'critical',
			says: expect.stringContaining('a1 runs a newer minor version'),
		})
	})

	it('another authority', async () => {
		const cluster = await sideBySide([agent], ['healthy-server'])
		expect(cluster.findings[0]).toMatchObject({ kind: 'authority', severity: 'critical' })
	})

	it('another option on one server', async () => {
		const cluster = await sideBySide(
			[ha],
			[
				'etcd-peer-blocked',
				{ 'files/etc/rancher/k3s/config.yaml': text => `${text}\ncluster-cidr: 10.52.0.0/16\n` },
			],
		)
		const found = cluster.findings.find(({ kind }) => kind === 'configuration')
		expect(found?.says).toContain('cluster-cidr')
		expect(found?.shares.map(({ node, value }) => `${node} ${value}`)).toEqual(
			expect.arrayContaining(['h2 10.42.0.0/16', 'h3 10.52.0.0/16']),
		)
	})

	it('another packet size', async () => {
		const cluster = await sideBySide(
			[ha],
			['etcd-peer-blocked', { 'commands/ip-addr.json': text => text.replace('"mtu":1450', '"mtu":1400') }],
		)
		expect(
			cluster.findings
				.find(({ kind }) => kind === 'mtu')
				?.shares.map(({ value }) => value)
				.sort(),
		).toEqual(['MTU 1400', 'MTU 1450'])
	})

	it('the address of another', async () => {
		const cluster = await sideBySide(
			[ha],
			['etcd-peer-blocked', { 'commands/ip-addr.json': text => text.replaceAll('10.99.0.13', '10.99.0.12') }],
		)
		expect(kinds(cluster)).toContain('duplicate-address')
	})

	it('a clock that is ahead stamps its lease with the future', async () => {
		const later = (text: string) =>
			JSON.stringify({
				items: (
					JSON.parse(text) as { items: { metadata: { name: string }; spec: { renewTime: string } }[] }
				).items.map(lease =>
					lease.metadata.name === 'h3'
						? {
								...lease,
								spec: {
									...lease.spec,
									renewTime: new Date(Date.parse(lease.spec.renewTime) + 300_000).toISOString(),
								},
							}
						: lease,
				),
			})
		const fine = await sideBySide([ha], ['etcd-peer-blocked'])
		expect(kinds(fine)).not.toContain('clock')
		const cluster = await sideBySide([ha, { 'api/leases.json': later }], ['etcd-peer-blocked'])
		expect(cluster.findings.find(({ kind }) => kind === 'clock')?.says).toMatch(
			/the clock of h3 is at least \d+ s ahead/,
		)
	})

	it('a port that one cannot reach on the other, although that one listens', async () => {
		const cluster = await sideBySide(['agent-firewall-server-ufw'], [server])
		const found = cluster.findings.find(({ kind }) => kind === 'reach')
		expect(found?.says).toMatch(/^a1 to s1 \(10\.99\.0\.11:6443\) gets no answer/)
	})

	it("tarballs of Rancher's collector are compared as well", async () => {
		const names = [ha, 'etcd-peer-blocked']
		const examined = await Promise.all(
			names.map(async name =>
				judge(await openBundle(await archiveAt(`${name}.tar.gz`, rancherShaped(await openRecording(name))))),
			),
		)
		const cluster = clusterReport(examined)
		expect(cluster.nodes.map(({ label }) => label)).toEqual(['h2', 'h3'])
		expect(kinds(cluster)).not.toContain('authority')
		expect(cluster.reach).toContainEqual(
			expect.objectContaining({ from: 'h2', to: 'h3', port: 2380, result: 'connected' }),
		)
	})
})

describe('the report of several', () => {
	it('fits its schema, and each node in it the schema of one', async () => {
		for (const cluster of [
			await sideBySide([agent], ['agent-hostname-clone'], [server]),
			await sideBySide([ha], ['etcd-s3-refused']),
		]) {
			const told = JSON.parse(clusterJson(cluster)) as { nodes: { report: unknown }[] }
			expect(isCluster(told), JSON.stringify(isCluster.errors)).toBe(true)
			for (const { report } of told.nodes)
				expect(isReport(report), JSON.stringify(isReport.errors)).toBe(true)
		}
	})

	it('as text: side by side first, then each node', async () => {
		const text = clusterText(await sideBySide([agent], ['agent-hostname-clone']), {
			width: 80,
			colour: false,
		})
		expect(text.split('\n')[0]).toBe('2 nodes side by side')
		expect(text).toContain('2 hosts call themselves a1')
		expect(text).toContain('1/2  a1: agent')
		expect(
			Math.max(
				...text
					.split('\n')
					.slice(0, 12)
					.map(line => line.length),
			),
		).toBeLessThanOrEqual(80)
	})

	it('of a folder of bundles, and of several --from', async () => {
		const folder = scratchFolder()
		mkdirSync(join(folder, 'all'))
		for (const name of [agent, server]) cpSync(recordingPath(name), join(folder, 'all', `${name}.tar.gz`))
		const [one, two] = [agent, server].map(name => join(folder, 'all', `${name}.tar.gz`))
		for (const args of [
			['--from', join(folder, 'all')],
			['--from', one ?? '', '--from', two ?? ''],
		]) {
			const ran = await run(['diagnose', '--format', 'json', ...args])
			const told = JSON.parse(ran.stdout) as { kind: string; nodes: { label: string }[] }
			expect(told.kind).toBe('cluster')
			expect(told.nodes.map(({ label }) => label)).toEqual(['s1', 'a1'])
			expect(ran.status).toBe(3)
		}
	})

	it('one that cannot be opened does not hide the others', async () => {
		const ran = await run([
			'diagnose',
			'--fail-on',
			'never',
			'--from',
			recordingPath(agent),
			'--from',
			'/nowhere.tar.gz',
		])
		expect(ran.stdout).toContain('Not opened')
		expect(ran.stdout).toContain('there is no such file or folder')
		expect(ran.status).toBe(5)
		const none = await run(['diagnose', '--from', '/nowhere', '--from', '/nowhere.tar.gz'])
		expect(none.status).toBe(1)
		const html = await run([
			'diagnose',
			'--format',
			'html',
			'--from',
			recordingPath(agent),
			'--from',
			recordingPath(ha),
		])
		expect(html).toMatchObject({ status: 2, stderr: expect.stringContaining('text or json') })
	})
})
