/** What a node is in its cluster: datastores, networks, add-ons. */
import type { HealthyFiles } from '../healthy/node.js'
import { loadBalancer, upgradeJob } from '../scenes/objects.js'
import { noAnswer } from '../scenes/probes.js'
import type { System } from './systems.js'

const config = (text: string) => (node: HealthyFiles) =>
	node.append('files/etc/rancher/k3s/config.yaml', text)

const etcdRules = [
	'etcd-corrupt',
	'etcd-quorum-lost',
	'etcd-member-conflict',
	'etcd-space-exceeded',
	'etcd-peer-unreachable',
	'etcd-snapshot-failed',
]
const databaseRules = ['external-db-unreachable', 'external-db-auth', 'external-db-schema']

/** Another CNI has written its configuration, and flannel is off. */
function otherCni(node: HealthyFiles, name: string, plugin: string): void {
	config('flannel-backend: none\ndisable-network-policy: true\n')(node)
	for (const file of node.names()) if (/flannel/.test(file)) node.remove(file)
	node.change('commands/files.tsv', text =>
		text
			.replaceAll(/^.*(?:10-flannel|\/run\/flannel|agent\/etc\/flannel).*\n/gm, '')
			.concat(
				`d\t755\t0\t0\t60\t2026-11-21T04:24:13.0\t/etc/cni/net.d\t\nf\t600\t0\t0\t700\t2026-11-21T04:24:13.0\t/etc/cni/net.d/${name}\t\n`,
			),
	)
	node.put(
		`files/etc/cni/net.d/${name}`,
		`{"name":"pods","cniVersion":"1.0.0","plugins":[{"type":"${plugin}"}]}`,
	)
	node.change('commands/ip-addr.json', text =>
		text.replaceAll('"flannel.1"', `"${plugin}_host"`).replaceAll('"cni0"', `"${plugin}0"`),
	)
	node.change('commands/ip-route.json', text =>
		text.replaceAll('"flannel.1"', `"${plugin}_host"`).replaceAll('"cni0"', `"${plugin}0"`),
	)
	node.change('commands/ip-neigh.json', text => text.replaceAll('"cni0"', `"${plugin}0"`))
	node.change('journal/k3s.log', text => text.replaceAll(/^.*[Ff]lannel.*\n/gm, ''))
	node.change('crictl/info.json', text => text.replaceAll('10-flannel.conflist', name))
	node.change('commands/iptables-save.txt', text => text.replaceAll(/^.*FLANNEL.*\n/gm, ''))
}

export const clusters: readonly System[] = [
	{
		name: 'a single server with SQLite',
		change: () => {},
		off: [...etcdRules, ...databaseRules, 'docker-backend-problem', 'traefik-down'],
	},
	{
		name: 'an agent',
		on: 'agent-healthy',
		change: () => {},
		off: ['etcd-corrupt', 'sqlite-corrupt', 'docker-backend-problem', 'config-mismatch-servers'],
	},
	{
		name: 'one of three servers with embedded etcd',
		on: 'ha-healthy',
		change: () => {},
		off: ['sqlite-corrupt', 'sqlite-slow', ...databaseRules],
	},
	{
		name: 'a server with PostgreSQL',
		on: 'extdb-postgres-healthy',
		change: () => {},
		off: ['etcd-corrupt', 'etcd-quorum-lost'],
	},
	{
		name: 'a server with MariaDB',
		on: 'extdb-postgres-healthy',
		off: ['etcd-corrupt', 'etcd-quorum-lost'],
		change: node =>
			node.change('files/etc/rancher/k3s/config.yaml', text =>
				text.replace(
					/datastore-endpoint: .*/,
					'datastore-endpoint: "mysql://kine:<redacted>@tcp(10.99.0.20:3306)/kine"',
				),
			),
	},
	{
		name: 'a server with an external etcd',
		on: 'extdb-postgres-healthy',
		off: ['etcd-corrupt'],
		change: node =>
			node.change('files/etc/rancher/k3s/config.yaml', text =>
				text.replace(
					/datastore-endpoint: .*/,
					'datastore-endpoint: "https://10.99.0.31:2379,https://10.99.0.32:2379"',
				),
			),
	},
	{
		name: 'Calico instead of flannel',
		off: ['flannel-start-failed', 'flannel-iface-wrong', 'vxlan-checksum'],
		change: node => otherCni(node, '10-calico.conflist', 'calico'),
	},
	{
		name: 'Cilium instead of flannel and kube-proxy',
		off: ['flannel-start-failed', 'kube-proxy-failed'],
		change: node => {
			otherCni(node, '05-cilium.conflist', 'cilium-cni')
			config('disable-kube-proxy: true\n')(node)
			node.change('commands/ss-listening.txt', text => text.replaceAll(/^.*:(?:10256|10249) .*\n/gm, ''))
			noAnswer(node, ':10256', 7)
		},
	},
	{
		name: 'dual-stack',
		change: node => {
			config('cluster-cidr: 10.42.0.0/16,fd00:42::/56\nservice-cidr: 10.43.0.0/16,fd00:43::/112\n')(node)
			node.change('commands/ip-addr.json', text =>
				text.replace(
					/("ifname":"eth0".*?"addr_info":\[)/,
					'$1{"family":"inet6","local":"fd00:99::11","prefixlen":64,"scope":"global"},',
				),
			)
			node.put(
				'commands/ip-6-route.json',
				'[{"dst":"default","gateway":"fd00:99::1","dev":"eth0","flags":[]},{"dst":"fd00:99::/64","dev":"eth0","flags":[]}]',
			)
			node.items('nodes', items =>
				items.map(item => ({
					...item,
					spec: { ...item.spec, podCIDRs: ['10.42.0.0/24', 'fd00:42::/64'] },
					status: {
						...item.status,
						addresses: [
							...((item.status?.addresses ?? []) as unknown[]),
							{ type: 'InternalIP', address: 'fd00:99::11' },
						],
					},
				})),
			)
		},
	},
	{
		name: 'kube-proxy with IPVS and strict ARP',
		change: node => {
			config('kube-proxy-arg:\n  - proxy-mode=ipvs\n  - ipvs-strict-arp=true\n')(node)
			node.append('files/proc/modules', 'ip_vs 200704 6 - Live 0x0\nip_vs_rr 16384 0 - Live 0x0\n')
			node.change('commands/ip-addr.json', text =>
				text.replace(
					/\]$/,
					',{"ifindex":90,"ifname":"kube-ipvs0","flags":["BROADCAST","NOARP"],"mtu":1500,"operstate":"DOWN","addr_info":[{"family":"inet","local":"10.43.0.1","prefixlen":32,"scope":"global"}]}]',
				),
			)
		},
	},
	{ name: 'kube-proxy with nftables', change: config('kube-proxy-arg:\n  - proxy-mode=nftables\n') },
	{
		name: 'MetalLB instead of the balancer that k3s brings',
		off: ['servicelb-port-conflict', 'traefik-down'],
		change: node => {
			node.change('files/etc/rancher/k3s/config.yaml', text =>
				text.replace('  - traefik\n', '  - traefik\n  - servicelb\n'),
			)
			loadBalancer(node, 2000, '10.99.0.200')
		},
	},
	{
		name: 'an airgapped node with a private registry',
		change: node => {
			node.put(
				'files/etc/rancher/k3s/registries.yaml',
				'mirrors:\n  docker.io:\n    endpoint:\n      - "https://harbor.lan"\nconfigs:\n  harbor.lan:\n    auth:\n      username: <redacted>\n      password: <redacted>\n',
			)
		},
	},
	{
		name: 'the embedded registry mirror',
		change: node => {
			config('embedded-registry: true\n')(node)
			node.put('files/etc/rancher/k3s/registries.yaml', 'mirrors:\n  "*":\n')
			node.append(
				'commands/ss-listening.txt',
				'tcp LISTEN 0 4096 *:5001 *:* users:(("k3s-server",pid=56,fd=40))\n',
			)
		},
	},
	{
		name: 'secrets encryption and protected kernel settings',
		change: config('secrets-encryption: true\nprotect-kernel-defaults: false\n'),
	},
	{
		name: 'etcd snapshots every six hours, local and to S3',
		on: 'ha-healthy',
		off: ['sqlite-slow'],
		change: config(
			'etcd-snapshot-schedule-cron: "0 */6 * * *"\netcd-s3: true\netcd-s3-endpoint: s3.lan\netcd-s3-bucket: k3s\n',
		),
	},
	{
		name: 'upgrades by the system-upgrade-controller, done',
		change: node =>
			upgradeJob(node, 90_000, { succeeded: 1, conditions: [{ type: 'Complete', status: 'True' }] }),
	},
	{
		name: 'Traefik 3 through a HelmChartConfig',
		change: node => {
			node.change('files/etc/rancher/k3s/config.yaml', text => text.replace('disable:\n  - traefik\n', ''))
			node.items('helmchartconfigs', items => [
				...items,
				{
					metadata: { namespace: 'kube-system', name: 'traefik' },
					spec: { valuesContent: 'logs: {access: {enabled: true}}' },
				},
			])
			node.items('deployments', items => [
				...items,
				{
					metadata: {
						namespace: 'kube-system',
						name: 'traefik',
						uid: 'u-t',
						creationTimestamp: node.ago(90_000),
					},
					spec: {
						replicas: 1,
						template: {
							spec: { containers: [{ name: 'traefik', image: 'rancher/mirrored-library-traefik:3.6.2' }] },
						},
					},
					status: {
						replicas: 1,
						readyReplicas: 1,
						availableReplicas: 1,
						conditions: [{ type: 'Available', status: 'True' }],
					},
				},
			])
		},
	},
]
