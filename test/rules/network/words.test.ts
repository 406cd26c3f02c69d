/** What k3s, flannel, kube-proxy and CNI plugins say, in the words of several versions. */
import { describe, expect, it } from 'vitest'
import type { DiagnosisCause } from '../../../src/model/diagnosis.js'
import { causesOf, judgeFiles } from '../../judge.js'
import { agentNode, joins, waitingAgent } from '../agent.js'
import { cluster } from '../cluster-text.js'
import { crashing, shutdown } from '../unit.js'
import { http, ports } from './net-text.js'

describe('last words', () => {
	const ends: [DiagnosisCause, string][] = [
		['flannel-iface-wrong', shutdown('flannel exited: failed to find IPv4 address for interface ens5')],
		['flannel-start-failed', 'flannel exited: failed to get the network config: invalid character'],
		[
			'cidr-conflict',
			'CIDR allocation failed; there are no remaining CIDRs left to allocate in the accepted range',
		],
		['dual-stack-misconfig', shutdown('flannel exited: failed to find IPv6 address for interface ens5')],
		[
			'kube-proxy-failed',
			'E1121 04:00:02.000000     700 server.go:1] "unable to create proxier: no support for ipvs"',
		],
		[
			'firewall-blocks',
			'Error: preparing server: Get "https://10.0.0.9:6443/cacerts": dial tcp 10.0.0.9:6443: connect: operation not permitted',
		],
	]
	it.each(ends)('of %s: %s', (cause, word) => {
		expect(causesOf(judgeFiles(crashing(word)))[cause]).toBe('certain')
	})
})

const klog = (text: string) =>
	`E1121 04:09:30.000000     700 pod_workers.go:1324] "Error syncing pod, skipping" err=${JSON.stringify(text)}`

describe('words of a node that runs', () => {
	const lasting: [DiagnosisCause, string][] = [
		[
			'cidr-conflict',
			klog('failed to set bridge addr: "cni0" already has an IP address different from 10.42.3.1/24'),
		],
		[
			'cidr-conflict',
			klog('failed to allocate for range 0: no IP addresses available in range set: 10.42.0.1-10.42.0.254'),
		],
		[
			'cidr-conflict',
			'time="2026-11-21T04:09:30Z" level=error msg="Failed to process config: failed to allocate IP 10.43.0.10: provided IP is already allocated"',
		],
		[
			'cni-not-ready',
			klog(
				'failed to setup network for sandbox "1f": plugin type="multus" failed (add): incompatible CNI versions; config is "1.1.0"',
			),
		],
		[
			'cni-not-ready',
			'time="2026-11-21T04:09:30Z" level=error msg="failed to find host-local: exec: not found"',
		],
		['vxlan-blocked', 'E1121 04:09:30.000000     700 vxlan_network.go:141] AddFDB failed: no such device'],
		[
			'kube-proxy-failed',
			'E1121 04:09:30.000000     700 proxier.go:1] "Failed to ensure chain jumps" err="exit status 3"',
		],
		[
			'netpol-blocks',
			'E1121 04:09:30.000000     700 network_policy_controller.go:1] Aborting sync. Failed to run iptables-restore: exit status 1',
		],
		[
			'host-dns-broken',
			'time="2026-11-21T04:09:30Z" level=error msg="Failed to pull chart: lookup charts.example on 10.0.0.53:53: server misbehaving"',
		],
		[
			'dns-search-domain',
			'E1121 04:09:30.000000     700 dns.go:153] "Nameserver limits exceeded" err="Search Line limits were exceeded, some search paths have been omitted"',
		],
		[
			'konnectivity-tunnel-down',
			'E1121 04:09:30.000000     700 x.go:1] failed to find Session for client node-1',
		],
	]
	it.each(lasting)('of %s: %s', (cause, word) => {
		const again = [400, 450, 500, 560].map((second): [number, string, string] => [second, 'k3s', word])
		expect(causesOf(judgeFiles(cluster({}, {}, again)))).toHaveProperty(cause)
	})

	it('are history where they were said before k3s was ready', () => {
		for (const [cause, word] of lasting)
			expect(causesOf(judgeFiles(cluster({}, {}, [[2, 'k3s', word]])))).not.toHaveProperty(cause)
	})
})

describe('containerd', () => {
	const log = (text: string) =>
		`time="2026-11-21T04:09:30.000000000Z" level=error msg=${JSON.stringify(text)}\n`
	const file = 'files/var/lib/rancher/k3s/agent/containerd/containerd.log'

	it('tells of plugins that are missing, and of its port', () => {
		const plugin = log(
			'RunPodSandbox failed, error failed to setup network for sandbox "1f": failed to find plugin "bandwidth" in path [/opt/cni/bin]',
		)
		expect(causesOf(judgeFiles(cluster({}, { [file]: plugin })))).toHaveProperty('cni-not-ready')
		const port = log(
			'Failed to start streaming server: listen tcp 127.0.0.1:10010: bind: address already in use',
		)
		expect(causesOf(judgeFiles(cluster({}, { [file]: port })))).toHaveProperty('port-in-use')
	})
})

describe('an agent without any probe', () => {
	const said = (why: string) =>
		`time="2026-11-21T04:00:10Z" level=error msg="Failed to validate connection to cluster at https://rancher.example:6443: ${why}"`
	const causes = (why: string, more = {}) =>
		causesOf(judgeFiles(waitingAgent(said(why), { ...joins(), ...more }), agentNode))

	it('is likely cut off from its server', () => {
		expect(causes('failed to get CA certs: Get \\"https://127.0.0.1:6444/cacerts\\": EOF')).toEqual({
			'api-unreachable': 'likely',
		})
		expect(causes('token CA hash does not match the Cluster CA certificate hash')).not.toHaveProperty(
			'api-unreachable',
		)
	})

	it('is not where the server was asked, and answers', () => {
		const answers = {
			...ports(['rancher.example', 6443, 'open']),
			...http(['https://rancher.example:6443/ping', 200, 'pong']),
		}
		expect(
			causes('failed to get CA certs: Get \\"https://127.0.0.1:6444/cacerts\\": EOF', answers),
		).not.toHaveProperty('api-unreachable')
	})
})
