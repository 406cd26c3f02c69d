/** One node or more of each kind that is broken in a way of its kind. */
import type { Init } from '../../src/model/bundle.js'
import type { HealthyFiles } from '../healthy/node.js'
import { full } from '../scenes/disks.js'
import { fullEtcd, memoryCgroupOff } from '../scenes/faults.js'
import { kernelSays } from '../scenes/journal.js'
import { upgradeJob } from '../scenes/objects.js'
import { application, waiting, warns } from '../scenes/pods.js'
import { unreachable } from '../scenes/probes.js'
import { member, recorded, server } from '../scenes/recorded.js'
import { agentWaits, serverEnds, serverShutsDown } from '../scenes/start.js'
import type { Variant } from '../variants/case.js'
import { clusters } from './clusters.js'
import { systems } from './systems.js'

interface Broken extends Variant {
	init?: Init
}

/** A node that is broken, made one of the named kind. */
async function as(kind: string, node: Promise<HealthyFiles>): Promise<HealthyFiles> {
	const made = await node
	const found = [...systems, ...clusters].find(({ name }) => name === kind)
	if (!found) throw new Error(`no kind ${kind}`)
	found.change(made)
	return made
}

export const broken: readonly Broken[] = [
	{
		name: 'RHEL: SELinux forbids to execute the binary',
		cause: 'selinux-denied',
		make: async () => {
			const node = await as('RHEL 9 with SELinux enforcing and firewalld', recorded('binary-not-executable'))
			node.change('commands/files.tsv', text =>
				text.replace(/^f\t\d+(\t.*\t\/usr\/local\/bin\/k3s\t)/m, 'f\t755$1'),
			)
			kernelSays(
				node,
				4,
				'audit: type=1400 audit(1795237266.1:412): avc:  denied  { execute } for  pid=4120 comm="(k3s)" name="k3s" dev="vda" ino=771 scontext=system_u:system_r:init_t:s0 tcontext=unconfined_u:object_r:user_tmp_t:s0 tclass=file permissive=0',
			)
			return node
		},
	},
	{
		name: 'RHEL: firewalld lets nothing of other nodes in',
		cause: 'vxlan-blocked',
		also: ['firewall-blocks'],
		make: async () => {
			const node = await as('RHEL 9 with SELinux enforcing and firewalld', recorded('ha-healthy', 45))
			node.remove('commands/nft-ruleset.txt')
			node.change('commands/firewall-cmd.txt', text => text.replace(' 8472/udp', ''))
			return node
		},
	},
	{
		name: 'Alpine: the memory control group is off, the log is a bare file',
		cause: 'cgroup-memory-missing',
		init: 'openrc',
		make: () => as('Alpine with OpenRC', memoryCgroupOff()),
	},
	{
		name: 'k3d: the node may not size the connection table',
		cause: 'kernel-incompatible',
		also: ['kube-proxy-failed'],
		init: 'none',
		make: () =>
			as(
				'a k3d node, read from inside',
				serverShutsDown(
					'kube-proxy exited: open /proc/sys/net/netfilter/nf_conntrack_max: permission denied',
				),
			),
	},
	{
		name: 'Raspberry Pi: the kernel lacks vxlan',
		cause: 'kernel-module-missing',
		also: ['flannel-start-failed'],
		make: () =>
			as(
				'Raspberry Pi OS with zram, 32 bit userland',
				serverShutsDown(
					'flannel exited: failed to create the flannel backend: failed to create vxlan device: operation not supported',
					{
						before: ['warning Failed to load kernel module vxlan with modprobe: exit status 1'],
					},
				),
			),
	},
	{
		name: 'SLES: AppArmor has no parser',
		cause: 'apparmor-denied',
		make: async () => {
			const node = await as('SLES 15 on btrfs', recorded('healthy-server', 45))
			const message =
				'failed to create containerd container: get apparmor_parser version: exec: "apparmor_parser": executable file not found in $PATH'
			const pod = application(node, waiting('CreateContainerError', message))
			warns(node, pod, 'Failed', `Error: ${message}`, { count: 9, first: 500, last: 12 })
			return node
		},
	},
	{
		name: 'rootless: no delegated control groups',
		cause: 'cgroup-driver-mismatch',
		also: ['config-bad-value'],
		make: () =>
			as('rootless', serverEnds(['fatal Error: delegated cgroup v2 controllers are required for rootless'])),
	},
	{
		name: 'several units: a server and an agent on one host',
		cause: 'server-and-agent-both',
		also: ['port-in-use'],
		make: async () => {
			const node = await serverEnds([
				'fatal Error: failed to listen on 6443: listen tcp :6443: bind: address already in use',
			])
			node.change('commands/systemctl-show.txt', text =>
				text.replace(
					/(Id=k3s-agent\.service\n)LoadState=not-found\nActiveState=inactive\nSubState=dead/,
					'$1LoadState=loaded\nActiveState=active\nSubState=running',
				),
			)
			return node
		},
	},
	{
		name: 'data directory elsewhere: the disk of it is full',
		cause: 'disk-full',
		make: async () => {
			const node = await as(
				'the data directory elsewhere',
				serverEnds([
					'fatal Error: extracting data: write /var/lib/rancher/k3s/data/.tmp/bin/containerd: no space left on device',
				]),
			)
			full(node, '/srv')
			return node
		},
	},
	{
		name: 'PostgreSQL: it is gone',
		cause: 'external-db-unreachable',
		make: () => recorded('extdb-postgres-stopped'),
	},
	{
		name: 'MariaDB: it stores keys too short',
		cause: 'external-db-schema',
		also: ['datastore-type-changed'],
		make: () =>
			serverEnds(
				[
					'fatal Error: preparing server: failed to start cluster: creating storage endpoint: failed to create driver: Error 1071 (42000): Specified key was too long; max key length is 767 bytes',
				],
				'datastore-endpoint: "mysql://kine:<redacted>@tcp(10.99.0.20:3306)/kine"\n',
			),
	},
	{
		name: 'external etcd: it wants a certificate',
		cause: 'external-db-auth',
		also: ['datastore-type-changed'],
		make: () =>
			serverEnds(
				[
					'fatal Error: preparing server: failed to start cluster: creating storage endpoint: remote error: tls: certificate required',
				],
				'datastore-endpoint: "https://10.99.0.31:2379"\n',
			),
	},
	{
		name: 'Calico: its plugin is gone',
		cause: 'cni-not-ready',
		make: async () => {
			const node = await as('Calico instead of flannel', recorded('healthy-server', 45))
			const pod = application(node, waiting('ContainerCreating'))
			const message =
				'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "7": failed to find plugin "calico" in path [/opt/cni/bin]'
			warns(node, pod, 'FailedCreatePodSandBox', message, { count: 19, first: 500, last: 12 })
			return node
		},
	},
	{
		name: 'dual-stack: no address of the second family',
		cause: 'dual-stack-misconfig',
		make: () =>
			serverEnds(
				[
					'fatal Error: cluster-cidr: [10.42.0.0/16 fd00:42::/56], service-cidr: [10.43.0.0/16 fd00:43::/112] and node-ip: [10.99.0.11], must share the same IP version (IPv4, IPv6 or dual-stack)',
				],
				'cluster-cidr: 10.42.0.0/16,fd00:42::/56\nservice-cidr: 10.43.0.0/16,fd00:43::/112\n',
			),
	},
	{
		name: 'IPVS: the kernel does not have it',
		cause: 'kube-proxy-failed',
		also: ['kernel-module-missing'],
		make: () =>
			serverShutsDown(
				"kube-proxy exited: can't use the IPVS proxier: missing required kernel modules: [ip_vs ip_vs_rr]",
				{
					config: 'kube-proxy-arg:\n  - proxy-mode=ipvs\n',
				},
			),
	},
	{
		name: 'embedded registry: no registry to mirror',
		cause: 'embedded-registry-failed',
		make: server(node => {
			node.append('files/etc/rancher/k3s/config.yaml', 'embedded-registry: true\n')
			node.put(
				'files/etc/rancher/k3s/registries.yaml',
				'configs:\n  harbor.lan:\n    tls:\n      insecure_skip_verify: true\n',
			)
		}),
	},
	{
		name: 'upgrade controller: a job that failed',
		cause: 'upgrade-incomplete',
		make: server(node =>
			upgradeJob(node, 4000, {
				failed: 4,
				conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }],
			}),
		),
	},
	{
		name: 'Traefik 3: it asks for the CRDs of Traefik 2',
		cause: 'traefik-version-migration',
		also: ['removed-api', 'helm-job-failed'],
		make: async () => {
			const node = await as('Traefik 3 through a HelmChartConfig', recorded('healthy-server', 45))
			node.items('pods', items => [
				...items,
				{
					metadata: {
						namespace: 'kube-system',
						name: 'traefik-7c-x',
						uid: 'u-tr',
						creationTimestamp: node.ago(4000),
						labels: { 'app.kubernetes.io/name': 'traefik' },
					},
					spec: {
						nodeName: node.host,
						containers: [{ name: 'traefik', image: 'rancher/mirrored-library-traefik:3.6.2' }],
					},
					status: {
						phase: 'Running',
						conditions: [{ type: 'Ready', status: 'True' }],
						containerStatuses: [
							{
								name: 'traefik',
								image: 'rancher/mirrored-library-traefik:3.6.2',
								ready: true,
								restartCount: 0,
								state: { running: { startedAt: node.ago(3990) } },
							},
						],
					},
				},
			])
			const said = [200, 140, 80, 20].map(
				seconds =>
					`${node.ago(seconds)} stdout F ${node.ago(seconds)} ERR error="error while adding rule HostRegexp(\`{sub:[a-z]+}.shop.example\`): error while checking rule HostRegexp: unsupported syntax" entryPointName=web routerName=shop-web@kubernetescrd\n`,
			)
			node.put('files/var/log/pods/kube-system_traefik-7c-x_u-tr/traefik/0.log', said.join(''))
			return node
		},
	},
	{
		name: 'agent: the server refuses',
		cause: 'api-unreachable',
		also: ['firewall-blocks'],
		make: async () => {
			const node = await agentWaits(
				'info Waiting to retrieve agent configuration; server is not ready: Get "https://127.0.0.1:6444/v1-k3s/config": EOF',
			)
			unreachable(node, '10.99.0.11', 'refused')
			return node
		},
	},
	{
		name: 'three servers: no space left in etcd',
		cause: 'etcd-space-exceeded',
		make: member(fullEtcd),
	},
	{
		name: 'airgapped: the mirror has a certificate of its own authority',
		cause: 'registry-tls-failed',
		make: async () => {
			const node = await as('an airgapped node with a private registry', recorded('registry-name-unknown'))
			node.changeAll(text =>
				text.replaceAll(
					/dial tcp: lookup [^"\\]{1,200}?(?:no such host|server misbehaving)/g,
					'tls: failed to verify certificate: x509: certificate signed by unknown authority',
				),
			)
			return node
		},
	},
]
