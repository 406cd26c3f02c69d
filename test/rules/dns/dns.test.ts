import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { cluster } from '../cluster-text.js'
import { eth0, links, neighbours, podLog } from '../network/net-text.js'
import { coredns, crashing, well } from './coredns-text.js'

const config = 'files/etc/rancher/k3s/config.yaml'
const resolv = (text: string) => ({ 'files/etc/resolv.conf': text })

const loop = (from: string) =>
	`[FATAL] plugin/loop: Loop (${from} -> :53) detected for zone ".", see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO 1.2."`

describe('dns-loop', () => {
	it('fires on a resolver of the host that pods cannot use', () => {
		const files = cluster(
			{ pods: [crashing] },
			{
				...podLog(
					coredns,
					[
						[30, '.:53'],
						[29, loop('127.0.0.1:44598')],
					],
					{ instance: 4 },
				),
				...resolv('nameserver 10.0.0.53\n'),
				[config]: 'resolv-conf: /etc/pods-resolv.conf\n',
				'files/etc/pods-resolv.conf': 'nameserver 127.0.0.53\n',
			},
		)
		const examination = judgeFiles(files)
		expect(rootsOf(examination)).toEqual(['dns-loop'])
		const [found] = examination.report.diagnoses
		expect(found?.findings.map(({ source }) => source)).toEqual(['podLogs', 'names', 'config'])
		expect(found?.explains).toContain('coredns-down')
		expect(found?.remedies[0]?.steps[0]).toEqual({
			edit: '/etc/rancher/k3s/config.yaml',
			remove: ['resolv-conf'],
		})
	})

	it('knows the address of the cluster DNS, whatever it is', () => {
		const files = cluster(
			{
				pods: [well],
				services: [
					{ metadata: { namespace: 'kube-system', name: 'kube-dns' }, spec: { clusterIP: '10.53.0.10' } },
				],
			},
			{
				[config]: 'resolv-conf: /etc/r.conf\n',
				'files/etc/r.conf': 'nameserver 10.53.0.10\n',
				...resolv('nameserver 10.0.0.53\n'),
			},
		)
		expect(causesOf(judgeFiles(files))['dns-loop']).toBe('likely')
	})

	it('is silent on a loop that is over', () => {
		const over = cluster(
			{ pods: [well] },
			{
				...podLog(coredns, [[300, loop('10.42.0.1:4000')]], { instance: 2 }),
				...podLog(coredns, [[200, '.:53']], { instance: 3 }),
				...resolv('nameserver 10.0.0.53\n'),
			},
		)
		expect(causesOf(judgeFiles(over))).toEqual({})
		const long = cluster(
			{ pods: [crashing] },
			podLog(coredns, [[7200, loop('10.42.0.1:4000')]], { instance: 2 }),
		)
		expect(causesOf(judgeFiles(long))).not.toHaveProperty('dns-loop')
	})

	it('is silent on a host with systemd-resolved, whose stub k3s does not hand out', () => {
		const files = cluster(
			{ pods: [well] },
			{
				...resolv('nameserver 127.0.0.53\n'),
				'files/run/systemd/resolve/resolv.conf': 'nameserver 10.0.0.53\n',
			},
		)
		expect(causesOf(judgeFiles(files))).toEqual({})
	})
})

describe('dns-upstream-broken', () => {
	const lost = (server: string, count: number, why = 'i/o timeout') =>
		podLog(
			coredns,
			Array.from({ length: count }, (_, index): [number, string] => [
				60 - index,
				`[ERROR] plugin/errors: 2 www.example.org. A: read udp 10.42.0.6:${4000 + index}->${server}:53: ${why}`,
			]),
		)

	it('is certain where every server is silent, by IPv6 too', () => {
		const files = cluster({ pods: [well] }, { ...lost('[fd00::53]', 8), ...resolv('nameserver fd00::53\n') })
		const examination = judgeFiles(files)
		expect(causesOf(examination)).toMatchObject({ 'dns-upstream-broken': 'certain' })
		expect(rootsOf(examination)).toEqual(['dns-upstream-broken'])
	})

	it('is only likely where one of two servers is silent, and possible after a lost packet', () => {
		const two = resolv('nameserver 10.0.0.53\nnameserver 10.0.0.54\n')
		expect(causesOf(judgeFiles(cluster({ pods: [well] }, { ...lost('10.0.0.53', 8), ...two })))).toEqual({
			'dns-upstream-broken': 'likely',
		})
		expect(causesOf(judgeFiles(cluster({ pods: [well] }, { ...lost('10.0.0.53', 1), ...two })))).toEqual({
			'dns-upstream-broken': 'possible',
		})
	})

	it('understands a server that refuses', () => {
		const files = cluster(
			{ pods: [well] },
			{ ...lost('10.0.0.53', 5, 'read: connection refused'), ...resolv('nameserver 10.0.0.53\n') },
		)
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'dns-upstream-broken': 'certain' })
	})

	it('is silent on what is over, on names that do not exist, and on the API', () => {
		const said = (seconds: number, text: string) =>
			judgeFiles(
				cluster(
					{ pods: [well] },
					podLog(
						coredns,
						[0, 1, 2, 3, 4, 5].map((index): [number, string] => [seconds - index, text]),
					),
				),
			)
		expect(
			causesOf(
				said(500, '[ERROR] plugin/errors: 2 a.example. A: read udp 10.42.0.6:1->10.0.0.53:53: i/o timeout'),
			),
		).toEqual({})
		expect(causesOf(said(60, '[INFO] 10.42.0.7:1 - 2 "A IN a.example. udp 40 false 512" NXDOMAIN'))).toEqual(
			{},
		)
		expect(causesOf(said(60, '[ERROR] plugin/kubernetes: Failed to watch: apiserver not ready'))).toEqual({})
	})

	it('names the recorded server under another address', async () => {
		const to = (text: string) => text.replaceAll('10.99.0.253', '192.0.2.253')
		const examination = await judgeRecording('dns-upstream-dead', {
			'files/etc/resolv.conf': to,
			'commands/ip-neigh.json': to,
			'files/var/log/pods/kube-system_coredns-5f5694d56b-qzckh_1f866217-2fac-49f4-bacf-f019a3fc517a/coredns/0.log':
				to,
		})
		expect(rootsOf(examination)).toEqual(['dns-upstream-broken'])
	})

	it('shows that the server is not even there', () => {
		const files = cluster(
			{ pods: [well] },
			{
				...lost('10.0.0.53', 8),
				...resolv('nameserver 10.0.0.53\n'),
				...links([eth0]),
				...neighbours(['10.0.0.53', 'FAILED']),
			},
		)
		expect(judgeFiles(files).report.diagnoses[0]?.findings.map(({ source }) => source)).toEqual([
			'podLogs',
			'network',
		])
	})
})
