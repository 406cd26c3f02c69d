/** Incidents of addresses, firewalls, tunnels, flannel, kube-proxy and DNS. */
import { apiScene, ends, keepsSaying, waits } from '../messages/scene.js'
import { joins } from '../rules/agent.js'
import { ago, died, event, node, pod } from '../rules/cluster-text.js'
import { links, ports } from '../rules/network/net-text.js'
import { type Cases, says, untold } from './case.js'
import { config, error, fatal, info, klog, often, podLog, shutdown, warning } from './raw.js'

const certificates = (
	why: string,
	url = 'https://127.0.0.1:6444/cacerts',
	server = 'https://10.9.1.4:6443',
) =>
	error(`Failed to validate connection to cluster at ${server}: failed to get CA certs: Get "${url}": ${why}`)

const coredns = pod({
	namespace: 'kube-system',
	name: 'coredns-7f9c-abcde',
	created: ago(3600),
	labels: { 'k8s-app': 'kube-dns' },
})
const dnsLog = (lines: [number, string][], instance = 0) =>
	podLog('kube-system', 'coredns-7f9c-abcde', 'coredns', lines, instance)

const looping = pod({
	namespace: 'kube-system',
	name: 'coredns-7f9c-abcde',
	created: ago(900),
	labels: { 'k8s-app': 'kube-dns' },
	containers: [
		{
			name: 'coredns',
			ready: false,
			restarts: 7,
			state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' } },
			last: died(1, 40),
		},
	],
})

export const network: Cases = {
	'k3s-3882': says(() =>
		waits(
			'agent',
			[certificates('read tcp 127.0.0.1:40172->127.0.0.1:6444: read: connection reset by peer')],
			{ version: 'v1.21.3+k3s1' },
		),
	),
	'k3s-1280': says(() =>
		waits('server', [info('Waiting for API server to become available')], {
			version: 'v1.17.0+k3s.1',
			more: {
				'commands/ufw-status.txt':
					'Status: active\n\nTo                         Action      From\n--                         ------      ----\n22/tcp                     ALLOW       Anywhere\n443/tcp                    ALLOW       Anywhere\n',
				'commands/ss-listening.txt': 'tcp LISTEN 0 4096 *:6443 *:* users:(("k3s-server",pid=700,fd=14))\n',
				...ports(['127.0.0.1', 6443, 'timeout', 2000]),
				'commands/iptables-save.txt':
					'*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n:ufw-user-input - [0:0]\n-A INPUT -j ufw-user-input\n-A ufw-user-input -p tcp -m tcp --dport 22 -j ACCEPT\n-A ufw-user-input -p tcp -m tcp --dport 443 -j ACCEPT\nCOMMIT\n',
			},
		}),
	),
	'k3s-789': says(() =>
		waits(
			'agent',
			[
				certificates(
					'read tcp 127.0.0.1:51020->127.0.0.1:39115: read: connection reset by peer',
					'https://127.0.0.1:39115/cacerts',
				),
			],
			{ version: 'v0.9.0', more: joins('https://138.68.4.4:6443') },
		),
	),
	'k3s-13388': says(() => {
		const self = node()
		const metadata = self.metadata as { annotations: Record<string, string> }
		Object.assign(metadata.annotations, {
			'flannel.alpha.coreos.com/backend-type': 'wireguard',
			'flannel.alpha.coreos.com/public-ip': '203.0.113.77',
			'flannel.alpha.coreos.com/public-ip-overwrite': '203.0.113.77',
			'k3s.io/external-ip': '203.0.113.77',
		})
		return apiScene(
			'server',
			{ nodes: [self] },
			{
				...config('flannel-backend: wireguard-native\nnode-ip: 10.0.0.1\nnode-external-ip: 203.0.113.77\n'),
				'commands/ip-addr.json': JSON.stringify([
					{
						ifname: 'eth0',
						flags: ['UP'],
						operstate: 'UP',
						mtu: 1500,
						addr_info: [{ family: 'inet', local: '10.0.0.1', prefixlen: 24, scope: 'global' }],
					},
				]),
			},
		)
	}),
	'flannel-1125': says(() =>
		ends(
			'agent',
			[
				shutdown(
					'flannel exited: failed to register flannel network: failed to acquire lease: node "ucp-3" pod cidr not assigned',
				),
			],
			{ status: '0/SUCCESS' },
		),
	),
	'k3s-1395': says(() =>
		waits(
			'agent',
			[
				info('Running load balancer 127.0.0.1:40110 -> [controllerpi.local:6443]'),
				certificates('EOF', 'https://127.0.0.1:40110/cacerts', 'https://controllerpi.local:6443'),
			],
			{ version: 'v1.17.2+k3s1', more: joins('https://controllerpi.local:6443') },
		),
	),
	'k3s-9748': says(() =>
		waits(
			'agent',
			[
				info(
					'Running load balancer k3s-agent-load-balancer 127.0.0.1:6444 -> [pi.local:6443] [default: pi.local:6443]',
				),
				certificates(
					'read tcp 127.0.0.1:3000->127.0.0.1:6444: read: connection reset by peer',
					undefined,
					'https://pi.local:6443',
				),
			],
			{ version: 'v1.28.7+k3s1', more: joins('https://pi.local:6443') },
		),
	),
	'k3s-6184': says(() =>
		keepsSaying('server', [
			klog('"Sync failed" retryingTime="30s"', 'I', 'proxier.go:812'),
			klog(
				"\"Failed to ensure chain jumps\" err=\"error appending rule: exit status 2: iptables v1.8.6 (nf_tables): Couldn't load match `conntrack':No such file or directory\\n\\nTry `iptables -h' or 'iptables --help' for more information.\\n\"",
				'E',
				'proxier.go:850',
			),
		]),
	),
	'k3s-10444': says(() =>
		keepsSaying(
			'server',
			[
				error(
					'Sending HTTP/1.1 502 response to 127.0.0.1:51662: dial tcp 127.0.0.1:10250: connect: connection refused',
				),
				klog(
					'"Unhandled Error" err="proxy error from 127.0.0.1:6443 while dialing 10.1.2.3:10250, code 502: 502 Bad Gateway"',
				),
			],
			{ more: config('bind-address: 10.1.2.3\n') },
		),
	),
	'rke2-9150': says(() =>
		keepsSaying('agent', [
			`${error('Remotedialer proxy error; reconnecting...')} error="write tcp 10.2.0.7:40118->10.2.0.4:9345: i/o timeout" url="wss://10.2.0.4:9345/v1-rke2/connect"`,
			error('Error writing ping: write tcp 10.2.0.7:40118->10.2.0.4:9345: i/o timeout'),
		]),
	),
	'dyrnq-24': says(() =>
		ends(
			'agent',
			[
				shutdown(
					'kube-proxy exited: can\'t use ipvs proxier: error getting ipset version: error executing command "ipset --version": exit status 1',
				),
			],
			{ status: '0/SUCCESS' },
		),
	),
	'kubernetes-141943': says(() =>
		ends(
			'server',
			[shutdown('kube-proxy exited: open /proc/sys/net/netfilter/nf_conntrack_max: permission denied')],
			{ version: 'v1.36.2+k3s1', status: '0/SUCCESS' },
		),
	),
	'flannel-1502': says(() =>
		ends(
			'server',
			[
				warning(
					'Failed to load kernel module vxlan with modprobe: modprobe: FATAL: Module vxlan not found in directory /lib/modules/5.13.0-1008-raspi',
				),
				fatal('flannel exited: operation not supported'),
			],
			{ version: 'v1.22.3+k3s1', unit: { NRestarts: '812' } },
		),
	),
	'k3s-2603': says(() =>
		ends(
			'server',
			[
				klog(
					'failed to mark cidr[10.42.0.0/24] at idx [0] as occupied for node: "alp-1": cidr 10.42.0.0/24 is out the range of cluster cidr 10.52.0.0/16',
					'F',
					'controllermanager.go:247',
				),
			],
			{ version: 'v1.19.3+k3s3', status: '255/EXCEPTION' },
		),
	),
	'flannel-1605': untold(
		'a smaller MTU on the path shows only as a TLS handshake that times out; nothing on the node tells it from a firewall',
	),
	'k3s-3022': says(() =>
		ends(
			'agent',
			[
				klog(
					"Failed to run iptables command to insert in KUBE-ROUTER-INPUT chain: running [/usr/sbin/iptables -t filter -I KUBE-ROUTER-INPUT 3 -p tcp --dport : -j RETURN --wait]: exit status 2: iptables v1.8.4 (legacy): invalid port/service `' specified",
					'F',
					'network_policy_controller.go:400',
				),
			],
			{ version: 'v1.20.4+k3s1', status: '255/EXCEPTION' },
		),
	),
	'k3s-4992': says(() =>
		apiScene(
			'server',
			{
				pods: [
					pod({
						namespace: 'kube-system',
						name: 'metrics-server-9c-x',
						created: ago(900),
						labels: { 'k8s-app': 'metrics-server' },
						containers: [
							{
								name: 'metrics-server',
								ready: false,
								restarts: 5,
								state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
								last: died(1, 40),
							},
						],
					}),
				],
			},
			{
				...podLog(
					'kube-system',
					'metrics-server-9c-x',
					'metrics-server',
					often(
						'panic: Get "https://10.43.0.1:443/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication": dial tcp 10.43.0.1:443: i/o timeout',
					),
					5,
				),
				...links([{ name: 'eth0', address: '10.0.0.1/24' }], []),
				'commands/ip-rule.json':
					'[{"priority":0,"src":"all","table":"local"},{"priority":30400,"src":"10.0.0.1","table":"30400"},{"priority":32766,"src":"all","table":"main"}]',
				'commands/systemctl-cat.txt':
					"# /etc/systemd/system/k3s.service\n[Service]\nExecStartPre=/bin/sh -xc '/usr/bin/systemctl is-enabled --quiet nm-cloud-setup.service'\nExecStart=/usr/local/bin/k3s server\n",
			},
		),
	),
	'rke2-1053': says(() => {
		const made = apiScene('server', {})
		const cloud =
			'\nType=oneshot\nId=nm-cloud-setup.service\nLoadState=loaded\nActiveState=inactive\nSubState=dead\nUnitFileState=enabled\n'
		return {
			...made,
			files: {
				...made.files,
				'commands/systemctl-show.txt': `${made.files['commands/systemctl-show.txt']}${cloud}`,
				...links([{ name: 'eth0', address: '10.0.0.1/24' }], []),
				'commands/ip-rule.json':
					'[{"priority":0,"src":"all","table":"local"},{"priority":30200,"src":"10.0.0.1","table":"30200"},{"priority":32766,"src":"all","table":"main"}]',
			},
		}
	}),
	'k3s-1719': says(() =>
		apiScene(
			'server',
			{ nodes: [node(), peer()] },
			{
				'commands/firewall-cmd.txt':
					'public (active)\n  target: default\n  interfaces: eth0\n  services: ssh mdns dhcpv6-client\n  ports: 6443/tcp\n',
				...running('firewalld.service'),
				'commands/iptables-save.txt':
					'*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n',
			},
		),
	),
	'k3s-3863': untold('packets leave by flannel and get no answer: only a capture on both hosts shows it'),
	'rke2-6307': untold(
		'bad checksums on VXLAN show only in a capture, or by trying a large transfer between nodes',
	),
	'cluster-template-649': says(() =>
		apiScene(
			'server',
			{ pods: [looping] },
			dnsLog(
				[
					[42, '[WARNING] No files matching import glob pattern: /etc/coredns/custom/*.server'],
					[
						40,
						'[FATAL] plugin/loop: Loop (127.0.0.1:47092 -> :53) detected for zone ".", see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO 3109.8713."',
					],
				],
				7,
			),
		),
	),
	'coredns-6321': says(() =>
		apiScene(
			'server',
			{ pods: [looping] },
			{
				...dnsLog([[40, '[FATAL] plugin/loop: Loop (127.0.0.1:52710 -> :53) detected for zone "."']], 7),
				'files/etc/resolv.conf':
					'# This file is managed by man:systemd-resolved(8). Do not edit.\nnameserver 127.0.0.53\noptions edns0 trust-ad\n',
			},
		),
	),
	'k3s-5045': says(() => {
		const asked = 'k3s-doctor-asks.home.net'
		const made = apiScene(
			'server',
			{ pods: [coredns] },
			{
				'files/etc/resolv.conf': 'nameserver 192.168.1.1\nsearch home.net\n',
				[`commands/getent-${asked}.txt`]: '64.70.19.203    STREAM\n64.70.19.203    DGRAM\n',
			},
		)
		return {
			...made,
			entries: [{ file: `commands/getent-${asked}.txt`, argv: ['getent', 'ahosts', asked], exit: 0 }],
		}
	}),
	'coredns-2693': says(() =>
		apiScene(
			'server',
			{ pods: [coredns] },
			dnsLog(
				often(
					'[ERROR] plugin/errors: 2 ns1.example. A: unreachable backend: read udp 10.42.0.10:43722->213.186.33.99:53: i/o timeout',
				),
			),
		),
	),
	'k3d-332': says(() =>
		ends(
			'server',
			[
				fatal(
					'starting kubernetes: preparing server: https://k3d-a-server-0:6443/v1-k3s/server-bootstrap: 403 Forbidden',
				),
			],
			{
				version: 'v1.17.9+k3s1',
				more: {
					'files/etc/systemd/system/k3s.service.env':
						"K3S_TOKEN=<redacted>\nK3S_URL='https://k3d-a-server-0:6443'\n",
				},
			},
		),
	),
	'rke2-5289': says(() => {
		const self = node({
			ready: false,
			reason: 'NodeStatusUnknown',
			message: 'Kubelet stopped posting node status.',
			since: ago(500),
		})
		const made = keepsSaying(
			'server',
			[
				klog(
					'"Failed to ensure lease exists, will retry" err="Get \\"https://127.0.0.1:6443/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n1?timeout=10s\\": net/http: request canceled (Client.Timeout exceeded while awaiting headers)" interval="7s"',
				),
				klog(
					'"Error updating node status, will retry" err="failed to patch status: etcdserver: request timed out"',
				),
			],
			{ more: { 'api/nodes.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [self] }) } },
		)
		return {
			...made,
			files: {
				...made.files,
				'api/readyz.txt': '[+]ping ok\n[-]etcd failed: reason withheld\nreadyz check failed\n',
			},
		}
	}),
	'k3s-12819': says(() => {
		const self = node()
		Object.assign((self.status as { nodeInfo: Record<string, string> }).nodeInfo, {
			kubeletVersion: 'v1.31.4+k3s1',
		})
		return apiScene(
			'agent',
			{
				nodes: [self],
				pods: [
					pod({ created: ago(400), containers: [{ state: { waiting: { reason: 'ContainerCreating' } } }] }),
				],
				events: [
					event({
						reason: 'FailedCreatePodSandBox',
						count: 9,
						message:
							'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "5": plugin type="flannel" failed (add): failed to load flannel \'subnet.env\' file: open /run/flannel/subnet.env: no such file or directory',
					}),
				],
			},
			{
				'api/version.json': '{"gitVersion": "v1.33.3+k3s1"}',
				'commands/k3s-version.txt': 'k3s version v1.31.4+k3s1 (a562d090)\n',
			},
		)
	}),
}

/** Another node of the cluster, well. */
function peer() {
	const other = node({ name: 'node-2' })
	const spec = other.spec as Record<string, unknown>
	Object.assign(spec, { podCIDR: '10.42.1.0/24', podCIDRs: ['10.42.1.0/24'] })
	Object.assign(other.status as Record<string, unknown>, {
		addresses: [{ type: 'InternalIP', address: '10.0.0.2' }],
	})
	return other
}

/** systemd says that this unit runs, beside k3s. */
function running(unit: string): Record<string, string> {
	const made = apiScene('server', {}).files['commands/systemctl-show.txt']
	return {
		'commands/systemctl-show.txt': `${made}\nType=dbus\nId=${unit}\nLoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=enabled\n`,
	}
}
