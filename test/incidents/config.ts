/** Incidents of flags, configuration files and proxies. */
import { ends, keepsSaying, scene, waits } from '../messages/scene.js'
import { listed, listingEntry, unitShow } from '../rules/unit.js'
import { type Cases, says } from './case.js'
import { config, error, fatal, info, klog, shutdown, warning } from './raw.js'

const kine = 'starting kubernetes: preparing server: creating storage endpoint: building kine: '

export const configuration: Cases = {
	'rke2-3063': says(() =>
		ends(
			'server',
			[
				shutdown(
					"kubelet exited: failed to load kubelet config file, path: /etc/rancher/k3s/kubelet.config, error: failed to decode: yaml: line 8: could not find expected ':'",
				),
			],
			{
				status: '0/SUCCESS',
				more: config('kubelet-arg:\n  - config=/etc/rancher/k3s/kubelet.config\n'),
			},
		),
	),
	'k3d-1001': says(() =>
		ends('server', [fatal(`${kine}default addr for network 'mariadb.lan:3306' unknown`)], {
			version: 'v1.21.7+k3s1',
			more: config('datastore-endpoint: "mysql://kine:<redacted>@mariadb.lan:3306/kine"\n'),
		}),
	),
	'k3s-1281': says(() =>
		ends('server', [fatal(`${kine}storage backend is not defined`)], { version: 'v1.17.0+k3s.1' }),
	),
	'k3s-2552': says(() =>
		ends('server', [fatal(`${kine}dial tcp\\: unknown network tcp\\`)], { version: 'v1.19.3+k3s3' }),
	),
	'k3s-8489': says(() =>
		ends(
			'server',
			[
				fatal(
					'cannot perform cluster-reset while server URL is set - remove server from configuration before resetting',
				),
			],
			{ version: 'v1.27.6+k3s1' },
		),
	),
	'tf-rancher-up-209': says(() =>
		ends('server', [fatal("yaml: line 7: could not find expected ':'")], {
			more: config(
				'token: <redacted>\nnode-ip: 10.1.7.4\n10.1.7.5\nadvertise-address: 10.1.7.4\n10.1.7.5\ntls-san:\n  - a.example\n',
			),
		}),
	),
	'k3s-12745': says(() =>
		ends('server', [
			warning('critical configuration mismatched: disable-network-policy'),
			warning('critical configuration mismatched: flannel-backend'),
			fatal(
				'Error: preparing server: failed to validate server configuration: critical configuration value mismatch between servers',
			),
		]),
	),
	'k3s-6448': says(() =>
		ends(
			'server',
			[
				warning('critical configuration mismatched: Secrets Encryption'),
				fatal(
					'starting kubernetes: preparing server: failed to validate server configuration: critical configuration value mismatch',
				),
			],
			{ version: 'v1.25.3+k3s1' },
		),
	),
	'k3d-1311': says(() =>
		ends('server', [fatal('flag provided but not defined: -no-deploy')], { version: 'v1.27.4+k3s1' }),
	),
	'k3s-6366': says(() =>
		ends(
			'server',
			[
				'+ /usr/bin/systemctl is-enabled --quiet nm-cloud-setup.service',
				fatal('no-deploy flag is deprecated. Use --disable instead.'),
			],
			{ version: 'v1.25.4+k3s1' },
		),
	),
	'k3s-5712': says(() =>
		keepsSaying(
			'server',
			[
				klog(
					'apiserver received an error that is not an metav1.Status: &url.Error{Op:"Get", URL:"https://build-3:10250/containerLogs/kube-system/coredns-b9/coredns", Err:(*errors.errorString)(0xc00)}: Get "https://build-3:10250/containerLogs/kube-system/coredns-b9/coredns": Forbidden',
				),
			],
			{
				version: 'v1.24.1+k3s1',
				more: {
					'files/etc/systemd/system/k3s.service.env':
						'HTTP_PROXY=http://squid.corp:3128\nHTTPS_PROXY=http://squid.corp:3128\nNO_PROXY=127.0.0.0/8,10.0.0.0/8\n',
				},
			},
		),
	),
	'k3s-2852': says(() =>
		waits(
			'agent',
			[
				error(
					'Failed to validate connection to cluster at https://172.19.3.2:6443: failed to get CA certs: Get "https://127.0.0.1:6444/cacerts": read tcp 127.0.0.1:43010->127.0.0.1:7890: read: connection reset by peer',
				),
			],
			{
				more: {
					'files/etc/systemd/system/k3s-agent.service.env':
						"K3S_TOKEN=<redacted>\nK3S_URL='https://172.19.3.2:6443'\nhttps_proxy=http://127.0.0.1:7890\n",
				},
			},
		),
	),
	'k3d-1185': says(() =>
		ends('agent', [
			fatal(
				'Error: cluster-cidr: [10.42.0.0/16 2001:cafe:42::/56] and node-ip: [172.28.0.4], must share the same IP version (IPv4, IPv6 or dual-stack)',
			),
		]),
	),
	'k3s-5918': says(() =>
		ends(
			'server',
			[
				fatal(
					'cluster-cidr: [10.42.0.0/16 2001:cafe:42:0::/56] and node-ip: [192.168.9.4], must share the same IP version (IPv4, IPv6 or dual-stack)',
				),
			],
			{
				version: 'v1.24.3+k3s1',
				more: config(
					'cluster-cidr: 10.42.0.0/16,2001:cafe:42:0::/56\nservice-cidr: 10.43.0.0/16,2001:cafe:42:1::/112\n',
				),
			},
		),
	),
	'k3s-1211': says(() =>
		waits(
			'agent',
			[
				error(
					'Failed to validate connection to cluster at https://lb.example:443: failed to get CA certs: https://127.0.0.1:6444/cacerts: 404 Not Found',
				),
			],
			{
				version: 'v1.18.10+k3s1',
				more: {
					'files/etc/systemd/system/k3s-agent.service.env':
						"K3S_TOKEN=<redacted>\nK3S_URL='https://lb.example:443'\n",
				},
			},
		),
	),
	'k3s-1964': says(() =>
		waits(
			'agent',
			[
				info('Running load balancer k3s-agent-load-balancer 127.0.0.1:6444 -> [] [default: ]'),
				error(
					'Failed to validate connection to cluster at http://k3s-server:6443: only https:// URLs are supported, invalid scheme: http://k3s-server:6443',
				),
			],
			{ version: 'v1.29.15+k3s1' },
		),
	),
	'k3s-3366': says(() => ({
		...scene('server', 'coredns', {}, [
			[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
			[1, 'k3s', info('Starting k3s v1.20.4+k3s1 (838a906a)')],
			[9, 'k3s', info('k3s is up and running')],
			[9, 'systemd', 'Started %u - Lightweight Kubernetes.'],
		]),
		files: {
			'commands/systemctl-show.txt': unitShow({}, [
				'/usr/local/bin/k3s server --flannel-backend=none --cluster-cidr=172.16.0.0/16',
			]),
			'commands/date.txt': '2026-11-21T04:10:00,000000000+00:00\n',
			'commands/files.tsv': listed('/etc/rancher', { type: 'd' }),
			'files/var/log/pods/kube-system_coredns-854c-xx_uid-c/coredns/0.log': [300, 240, 180, 120, 60]
				.map(
					seconds =>
						`${new Date(Date.UTC(2026, 10, 21, 4, 10) - seconds * 1000).toISOString()} stdout F [ERROR] plugin/errors: 2 5580216.7762. HINFO: read udp 192.168.243.66:45712->192.168.4.200:53: i/o timeout\n`,
				)
				.join(''),
		},
		entries: [listingEntry],
	})),
}
