import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { agentNode, agentUnit, joins } from '../agent.js'
import { crashing, error, goodStart, journalText, type Said, shutdown } from '../unit.js'
import { flannelNode, http, listening, ports, twoNodes } from './net-text.js'

/** The words of a component, quoted within the message as k3s does it. */

const config = 'files/etc/rancher/k3s/config.yaml'

describe('kube-proxy-failed', () => {
	it.each([
		`kube-proxy exited: can't use ipvs proxier: handle.GetModules: operation not permitted`,
		'kube-proxy exited: unable to create proxier: can not create nftables proxier: no support for nftables',
	])('fires on %s', why => {
		expect(rootsOf(judgeFiles(crashing(shutdown(why))))).toEqual(['kube-proxy-failed'])
	})

	it('offers to go back to iptables', () => {
		const files = crashing(shutdown("kube-proxy exited: can't use ipvs proxier"), {
			[config]: 'kube-proxy-arg:\n  - proxy-mode=ipvs\n  - v=2\n',
		})
		const found = judgeFiles(files).report.diagnoses.find(({ cause }) => cause === 'kube-proxy-failed')
		expect(found?.remedies[0]?.steps[0]).toEqual({
			edit: '/etc/rancher/k3s/config.yaml',
			dropFrom: { 'kube-proxy-arg': ['proxy-mode=ipvs'] },
		})
	})

	it('fires on a kube-proxy that says of itself that it lags behind', () => {
		const sick = twoNodes(
			http(['http://127.0.0.1:10256/healthz', 503, '{"lastUpdated":"2026-11-21T04:01:00Z"}']),
		)
		expect(causesOf(judgeFiles(sick))['kube-proxy-failed']).toBe('likely')
		const well = twoNodes(http(['http://127.0.0.1:10256/healthz', 200, '{}']))
		expect(causesOf(judgeFiles(well))).toEqual({})
	})

	it('is silent where iptables is not there at all, and on settings that a container may not write', () => {
		const gone =
			'kube-proxy exited: iptables is not available on this host : error listing chain "POSTROUTING" in table "nat": executable file not found in $PATH: '
		expect(causesOf(judgeFiles(crashing(shutdown(gone))))).not.toHaveProperty('kube-proxy-failed')
		const noise = error(
			'Failed to set sysctl: open /proc/sys/net/netfilter/nf_conntrack_max: permission denied',
		)
		expect(causesOf(judgeFiles(crashing('Error: something else', { 'x/y': noise })))).not.toHaveProperty(
			'kube-proxy-failed',
		)
		expect(causesOf(judgeFiles(crashing(noise)))).not.toHaveProperty('kube-proxy-failed')
	})
})

describe('konnectivity-tunnel-down', () => {
	const times = (text: string, ...seconds: number[]): Said[] => seconds.map(second => [second, 'k3s', text])
	const toNode2 =
		'E1121 04:09:30.000000     700 status.go:71] "apiserver received an error that is not an metav1.Status" err="proxy error from 127.0.0.1:6443 while dialing 10.0.0.2:10250, code 502: 502 Bad Gateway"'
	const server = (lines: Said[], ready = true) =>
		judgeFiles(
			twoNodes(
				{ 'journal/k3s.log': journalText([...goodStart(), ...lines]) },
				{
					nodes: [
						flannelNode('node-1', '10.0.0.1', '10.42.0.0/24'),
						flannelNode('node-2', '10.0.0.2', '10.42.1.0/24', { ready }),
					],
				},
			),
		)

	it('fires on a server that does not get through to a node that is well', () => {
		expect(causesOf(server(times(toNode2, 400, 450, 500, 570)))['konnectivity-tunnel-down']).toBe('likely')
	})

	it('is silent on a node that is down, on pods, and on the first minute of a start', () => {
		expect(causesOf(server(times(toNode2, 400, 450, 500, 570), false))).not.toHaveProperty(
			'konnectivity-tunnel-down',
		)
		expect(
			causesOf(server(times(toNode2.replace('10.0.0.2', '10.42.1.3'), 400, 450, 500, 570))),
		).not.toHaveProperty('konnectivity-tunnel-down')
		expect(causesOf(server(times(toNode2, 20, 25, 30)))).not.toHaveProperty('konnectivity-tunnel-down')
	})

	const agent = (why: string, more: Record<string, string> = {}) =>
		judgeFiles(
			{
				'commands/systemctl-show.txt': agentUnit(),
				'commands/date.txt': '2026-11-21T04:10:00Z\n',
				'journal/k3s-agent.log': journalText(
					[
						...goodStart(),
						...times(
							`time="2026-11-21T04:09:00Z" level=error msg="Remotedialer proxy error; reconnecting..." error="${why}" url="wss://rancher.example:6443/v1-k3s/connect"`,
							450,
							500,
							550,
							595,
						),
					],
					'k3s-agent.service',
				),
				...joins(),
				...ports(['rancher.example', 6443, 'open']),
				...http(['https://rancher.example:6443/ping', 200, 'pong']),
				...more,
			},
			agentNode,
		)

	it('fires on an agent whose tunnel breaks again and again, while the server answers', () => {
		expect(rootsOf(agent('websocket: close 1006 (abnormal closure): unexpected EOF'))).toEqual([
			'konnectivity-tunnel-down',
		])
	})

	it('leaves certificates and servers that are gone to their own causes', () => {
		expect(
			causesOf(agent('tls: failed to verify certificate: x509: certificate signed by unknown authority')),
		).not.toHaveProperty('konnectivity-tunnel-down')
		const gone = {
			...ports(['rancher.example', 6443, 'refused']),
			...http(['https://rancher.example:6443/ping', 0]),
		}
		expect(causesOf(agent('dial tcp 10.0.0.9:6443: connect: connection refused', gone))).not.toHaveProperty(
			'konnectivity-tunnel-down',
		)
	})

	it('fires on a kubelet that is not on the loopback interface', () => {
		const bound = twoNodes({ ...listening(['10.0.0.1:10250']), [config]: 'bind-address: 10.0.0.1\n' })
		expect(causesOf(judgeFiles(bound))['konnectivity-tunnel-down']).toBe('likely')
		expect(causesOf(judgeFiles(twoNodes(listening(['[::]:10250']))))).toEqual({})
	})

	it('is possible on an agent without any connection to a server that answers', () => {
		const calm = (connections: string) =>
			agent('none', {
				'journal/k3s-agent.log': journalText(goodStart(), 'k3s-agent.service'),
				'files/etc/hosts': '10.0.0.9 rancher.example\n',
				...listening(['[::]:10250', 'k3s-agent']),
				'commands/ss-established.txt': connections,
			})
		expect(causesOf(calm('0 0 10.0.0.21:22 10.0.0.7:4000\n'))).toEqual({
			'konnectivity-tunnel-down': 'possible',
		})
		expect(causesOf(calm('0 0 10.0.0.21:40112 10.0.0.9:6443\n'))).toEqual({})
	})
})
