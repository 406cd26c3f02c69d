import { describe, expect, it } from 'vitest'
import { bundleOf } from '../../bundle-of.js'
import { causesOf, judge, judgeFiles, rootsOf } from '../../judge.js'
import { agentNode, joins, waitingAgent } from '../agent.js'
import { eth0, http, links, listening, neighbours, ports } from '../network/net-text.js'
import { crashing, running } from '../unit.js'

const said =
	'time="2026-11-21T04:00:10Z" level=error msg="Failed to validate connection to cluster at https://rancher.example:6443: failed to get CA certs: Get \\"https://127.0.0.1:6444/cacerts\\": EOF"'
const resolv = (text: string) => ({ 'files/etc/resolv.conf': text })
const agentFiles = (more: Record<string, string>, url = 'https://rancher.example:6443') =>
	waitingAgent(said.replaceAll('https://rancher.example:6443', url), { ...joins(url), ...more })
const agent = (more: Record<string, string>, url?: string) => judgeFiles(agentFiles(more, url), agentNode)

const silent = {
	...ports(['rancher.example', 6443, 'timeout', 3004]),
	...http(['https://rancher.example:6443/ping', 0, '', 6]),
}

describe('host-dns-broken', () => {
	it('fires where the name of the server is asked in vain', () => {
		const examination = agent({ ...silent, ...resolv('nameserver 10.0.0.53\n') })
		expect(rootsOf(examination)).toEqual(['host-dns-broken'])
		expect(examination.report.diagnoses[0]).toMatchObject({ severity: 'critical', confidence: 'certain' })
	})

	it('fires on a lookup that ran out of time, as a live node gives it', () => {
		const files = agentFiles({
			...ports(['rancher.example', 6443, 'timeout', 3004]),
			...http(['https://rancher.example:6443/ping', 0, '', 28]),
			...resolv('nameserver 10.0.0.53\n'),
		})
		const asked = {
			file: 'commands/getent-rancher.example.txt',
			argv: ['getent', 'ahosts', 'rancher.example'],
			ms: 10_010,
		}
		expect(rootsOf(judge(bundleOf(files, agentNode, [{ ...asked, exit: 2 }])))).toEqual(['host-dns-broken'])
		expect(rootsOf(judge(bundleOf(files, agentNode, [{ ...asked, why: 'timeout' }])))).toEqual([
			'host-dns-broken',
		])
	})

	it('fires where resolv.conf points to a resolver of this host that does not run', () => {
		const unresolved = ports(['rancher.example', 6443, 'unresolved', 4])
		const stub = { ...unresolved, ...resolv('nameserver 127.0.0.53\n') }
		expect(rootsOf(agent({ ...stub, ...listening(['[::]:22', 'sshd', 5]) }))).toEqual(['host-dns-broken'])
		const runs = listening(['127.0.0.53%lo:53', 'systemd-resolve', 400, 'udp'])
		expect(rootsOf(agent({ ...stub, ...runs }))).toEqual(['server-url-wrong'])
	})

	it('fires on the words of Go and glibc, and explains the datastore that cannot be found', () => {
		for (const why of [
			'lookup db.example on 10.0.0.53:53: read udp 10.0.0.1:5->10.0.0.53:53: i/o timeout',
			'lookup db.example on 10.0.0.53:53: server misbehaving',
			'lookup db.example: Temporary failure in name resolution',
		]) {
			const word = `Error: preparing server: failed to start cluster: creating storage endpoint: building kine: dial tcp: ${why}`
			const examination = judgeFiles(
				crashing(word, {
					'files/etc/rancher/k3s/config.yaml': 'datastore-endpoint: "mysql://u:p@tcp(db.example:3306)/k"\n',
				}),
			)
			expect(rootsOf(examination)[0]).toBe('host-dns-broken')
		}
	})

	it('leaves a name that does not exist to others', () => {
		const word =
			'Error: preparing server: creating storage endpoint: dial tcp: lookup db.example on 10.0.0.53:53: no such host'
		expect(causesOf(judgeFiles(crashing(word)))).not.toHaveProperty('host-dns-broken')
		expect(
			rootsOf(
				agent({ ...ports(['rancher.example', 6443, 'unresolved', 20]), ...resolv('nameserver 10.0.0.53\n') }),
			),
		).toEqual(['server-url-wrong'])
	})

	it('knows that k3s does not ask mDNS', () => {
		const files = {
			...ports(['pi.local', 6443, 'open']),
			...http(['https://pi.local:6443/ping', 200, 'pong']),
			...resolv('nameserver 10.0.0.53\n'),
		}
		expect(rootsOf(agent(files, 'https://pi.local:6443'))).toEqual(['host-dns-broken'])
	})

	it('is silent on hosts that need no names, and only possible where a neighbour is away', () => {
		expect(causesOf(judgeFiles(running({ ...resolv('# nothing\n'), ...listening(['[::]:6443']) })))).toEqual({
			'host-dns-broken': 'possible',
		})
		const away = running({
			...resolv('nameserver 10.0.0.53\n'),
			...links([eth0]),
			...neighbours(['10.0.0.53', 'FAILED']),
		})
		expect(causesOf(judgeFiles(away))).toEqual({ 'host-dns-broken': 'possible' })
		const there = running({
			...resolv('nameserver 10.0.0.53\n'),
			...links([eth0]),
			...neighbours(['10.0.0.53', 'STALE', '02:00:00:00:00:01']),
		})
		expect(causesOf(judgeFiles(there))).toEqual({})
	})

	it('knows a name that k3s has worked with before', () => {
		const before = [
			'2026-11-21T03:00:00.000000+0000 node-1 systemd[1]: Starting k3s-agent.service - Lightweight Kubernetes...',
			'2026-11-21T03:00:01.000000+0000 node-1 k3s[70]: time="2026-11-21T03:00:01Z" level=info msg="Starting k3s agent v1.33.4+k3s1 (abcdef12)"',
			'2026-11-21T03:00:05.000000+0000 node-1 k3s[70]: time="2026-11-21T03:00:05Z" level=info msg="Remotedialer connected to proxy" url="wss://rancher.example:6443/v1-k3s/connect"',
			'2026-11-21T03:00:09.000000+0000 node-1 k3s[70]: time="2026-11-21T03:00:09Z" level=info msg="k3s agent is up and running"',
			'2026-11-21T03:00:09.000000+0000 node-1 systemd[1]: Started k3s-agent.service - Lightweight Kubernetes.',
		]
		const files = agentFiles({
			...ports(['rancher.example', 6443, 'unresolved', 9]),
			...resolv('nameserver 10.0.0.53\n'),
		})
		const journal = `${before.join('\n')}\n${files['journal/k3s-agent.log']}`
		expect(rootsOf(judgeFiles({ ...files, 'journal/k3s-agent.log': journal }, agentNode))).toEqual([
			'host-dns-broken',
		])
		expect(rootsOf(judgeFiles(files, agentNode))).toEqual(['server-url-wrong'])
	})

	it('fires where the datastore is asked for in vain', () => {
		const files = crashing('Error: something else', {
			'files/etc/rancher/k3s/config.yaml': 'datastore-endpoint: "postgres://u:p@db.example:5432/k"\n',
			...resolv('nameserver 10.0.0.53\n'),
		})
		const asked = {
			file: 'commands/getent-db.example.txt',
			argv: ['getent', 'ahosts', 'db.example'],
			why: 'timeout' as const,
			ms: 12_000,
		}
		const { diagnoses } = judge(bundleOf(files, {}, [asked])).report
		const found = diagnoses.find(({ cause }) => cause === 'host-dns-broken')
		expect(found?.findings.map(({ says }) => says).join()).toMatch(
			/name of the datastore, db\.example.*nobody answered the question for db\.example/,
		)
	})
})
