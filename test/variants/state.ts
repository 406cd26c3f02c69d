/** Faults of a host that runs well otherwise: little or nothing is said of them, the state shows them. */
import type { HealthyFiles } from '../healthy/node.js'
import { keepsSaying, klog } from '../scenes/journal.js'
import { podSays } from '../scenes/pods.js'
import { recorded, server } from '../scenes/recorded.js'
import { agentWaits, killed, serverEnds, serverShutsDown, serverWaits } from '../scenes/start.js'
import type { Variant } from './case.js'

const silentResolver =
	'[ERROR] plugin/errors: 2 example.org. A: read udp 10.42.0.4:40122->10.99.0.1:53: i/o timeout'

/** Another node of the cluster, `n2`, 10.99.0.12, alive. */
function withPeer(node: HealthyFiles): void {
	node.items('nodes', items => {
		const [first] = items
		const text = JSON.stringify(first)
			.replaceAll('"10.99.0.11"', '"10.99.0.12"')
			.replaceAll(/"10\.42\.0\.0\/24"/g, '"10.42.1.0/24"')
			.replaceAll(`"${node.host}"`, '"n2"')
		return [...items, JSON.parse(text)]
	})
	node.change('commands/ip-route.json', text =>
		text.replace(
			/^\[/,
			'[{"dst":"10.42.1.0/24","gateway":"10.42.1.0","dev":"flannel.1","flags":["onlink"]},',
		),
	)
}

export const state: readonly Variant[] = [
	{
		name: 'another program on 0.0.0.0:6443 answers k3s in its place',
		cause: 'port-in-use',
		make: async () => {
			const node = await serverWaits(
				'error failed to validate connection to cluster at https://127.0.0.1:6443: failed to get CA certs: Get "https://127.0.0.1:6443/cacerts": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
			)
			node.append(
				'commands/ss-listening.txt',
				'tcp LISTEN 0 511 0.0.0.0:6443 0.0.0.0:* users:(("nginx",pid=4012,fd=6))\ntcp LISTEN 0 4096 [::]:6443 [::]:* users:(("k3s-server",pid=1394,fd=13))\n',
			)
			node.change('probes/ports.json', text => text.replace('"refused"', '"open"'))
			node.change('probes/http.json', text => text.replaceAll(/"exit": 7/g, '"exit": 35'))
			return node
		},
	},
	{
		name: 'forwarding was switched off by a hardening script',
		cause: 'egress-broken',
		also: ['dns-upstream-broken', 'vxlan-blocked'],
		make: server(node => {
			node.change('commands/sysctl.txt', text =>
				text.replace('net.ipv4.ip_forward = 1', 'net.ipv4.ip_forward = 0'),
			)
			podSays(node, 'kube-system_coredns', silentResolver)
		}),
	},
	{
		name: 'the host forwards nothing by policy',
		cause: 'egress-broken',
		also: ['firewall-blocks', 'dns-upstream-broken'],
		make: server(node => {
			node.change('commands/iptables-save.txt', text =>
				text
					.replace(/^(\*filter\n(?::.*\n)*?):FORWARD ACCEPT/m, '$1:FORWARD DROP')
					.replaceAll(/^-A FLANNEL-FWD .*\n/gm, '')
					.replaceAll(/^-A KUBE-ROUTER-FORWARD -m comment --comment "rule to explicitly ACCEPT.*\n/gm, ''),
			)
			podSays(node, 'kube-system_coredns', silentResolver)
		}),
	},
	{
		name: 'packets between nodes are dropped by an iptables rule',
		cause: 'vxlan-blocked',
		make: server(node => {
			withPeer(node)
			node.change('commands/iptables-save.txt', text =>
				text.replace(/^(\*filter\n(?::.*\n)*)/m, '$1-A INPUT -p udp -m udp --dport 8472 -j DROP\n'),
			)
		}),
	},
	{
		name: 'flannel.1 has the MTU of a jumbo network on a small one',
		cause: 'mtu-mismatch',
		make: server(node => {
			withPeer(node)
			node.change('commands/ip-addr.json', text =>
				text
					.replace(/("ifname":"flannel\.1"[^}]*?"mtu":)1450/, '$18951')
					.replace(/("ifname":"cni0"[^}]*?"mtu":)1450/, '$18951'),
			)
		}),
	},
	{
		name: 'the unit is masked',
		cause: 'service-disabled',
		also: ['service-stopped'],
		make: async () => {
			const node = await recorded('service-stopped')
			node.change('commands/systemctl-show.txt', text =>
				text
					.replace('UnitFileState=enabled', 'UnitFileState=masked')
					.replace('LoadState=loaded', 'LoadState=masked'),
			)
			return node
		},
	},
	{
		name: 'a drop-in limits tasks',
		cause: 'pid-pressure',
		make: async () => {
			const node = await serverEnds([
				'runtime: failed to create new OS thread (have 11 already; errno=11)',
				'runtime: may need to increase max user processes (ulimit -u)',
				'fatal error: newosproc',
			])
			node.append(
				'commands/systemctl-cat.txt',
				'\n# /etc/systemd/system/k3s.service.d/limits.conf\n[Service]\nTasksMax=12\n',
			)
			return node
		},
	},
	{
		name: 'a drop-in limits memory',
		cause: 'memory-pressure',
		also: ['service-killed'],
		make: async () => {
			const node = await serverEnds([])
			killed(node, 'oom-kill')
			node.append(
				'commands/systemctl-cat.txt',
				'\n# /etc/systemd/system/k3s.service.d/limits.conf\n[Service]\nMemoryMax=150M\n',
			)
			return node
		},
	},
	{
		name: 'an agent without a token',
		cause: 'token-wrong',
		make: async () => {
			const node = await recorded('agent-token-empty')
			node.change('files/etc/systemd/system/k3s-agent.service.env', text =>
				text.replace(/^K3S_TOKEN=.*\n/m, ''),
			)
			node.change('journal/k3s-agent.log', text =>
				text.replaceAll(/token must not be empty[^"\n]*/g, '--token is required'),
			)
			return node
		},
	},
	{
		name: 'the URL of an agent points to itself',
		cause: 'server-url-wrong',
		make: async () => {
			const node = await recorded('agent-url-wrong-port')
			node.changeAll(text =>
				text
					.replaceAll('10.99.0.11:8443', '10.99.0.21:6443')
					.replaceAll('https://10.99.0.11:8443', 'https://10.99.0.21:6443'),
			)
			node.change('probes/ports.json', text =>
				text
					.replaceAll('"host": "10.99.0.11"', '"host": "10.99.0.21"')
					.replaceAll('"port": 8443', '"port": 6443'),
			)
			return node
		},
	},
	{
		name: 'an agent for which the CA of the cluster expired',
		cause: 'ca-expired',
		also: ['cert-expired'],
		make: async () => {
			const node = await agentWaits(
				'error failed to validate connection to cluster at https://10.99.0.11:6443: failed to get CA certs: Get "https://127.0.0.1:6444/cacerts": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2036-12-02T05:25:01Z is after 2036-11-18T04:24:12Z',
			)
			node.change('journal/k3s-agent.log', text => text.replaceAll(/^2026-11-21T05:25/gm, '2036-12-02T05:25'))
			node.put('commands/date.txt', '2036-12-02T05:25:20,000000000+00:00\n')
			return node
		},
	},
	{
		name: 'the resolver of the host is an empty file',
		cause: 'host-dns-broken',
		also: ['api-unreachable', 'server-url-wrong'],
		make: async () => {
			const node = await recorded('agent-dns-dead')
			node.put('files/etc/resolv.conf', '# empty\n')
			return node
		},
	},
	{
		name: 'the node label is none that the kubelet may have',
		cause: 'config-bad-value',
		also: ['component-arg-invalid'],
		make: () =>
			serverShutsDown(
				`kubelet exited: failed to run Kubelet: unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels: [node-role.kubernetes.io/worker]\n--node-labels in the 'kubernetes.io' namespace must begin with an allowed prefix (kubelet.kubernetes.io, node.kubernetes.io)`,
				{ config: 'node-label:\n  - node-role.kubernetes.io/worker=true\n' },
			),
	},
	{
		name: 'a taint that is none',
		cause: 'config-bad-value',
		also: ['component-arg-invalid'],
		make: () =>
			serverShutsDown(
				'kubelet exited: failed to parse kubelet flag: invalid argument "dedicated=db" for "--register-with-taints" flag: invalid taint effect: db',
				{
					config: 'node-taint:\n  - dedicated=db\n',
				},
			),
	},
	{
		name: 'a flannel backend that there is none of',
		cause: 'config-bad-value',
		make: () => serverEnds(["fatal Error: unknown flannel backend 'vxlna'"], 'flannel-backend: vxlna\n'),
	},
	{
		name: 'a copied kubeconfig of an older cluster',
		cause: 'kubeconfig-stale',
		make: server(node => {
			keepsSaying(
				node,
				[
					klog(
						'Unable to authenticate the request: [x509: certificate signed by unknown authority]',
						'authentication.go:75',
					),
				],
				30,
				300,
			)
			node.put(
				'files/root/.kube/config',
				'apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: <redacted>\n    server: https://10.99.0.99:6443\n  name: default\ncurrent-context: default\n',
			)
		}),
	},
	{
		name: 'a second server of the same name joins',
		cause: 'hostname-duplicate',
		make: () =>
			serverEnds(
				[
					'fatal Error: preparing server: failed to start cluster: start managed database: etcd cluster join failed: duplicate node name found, please use a unique name for this node',
				],
				'server: https://10.99.0.12:6443\ntoken: <redacted>\n',
			),
	},
]
