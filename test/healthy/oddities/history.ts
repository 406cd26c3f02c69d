/** What is over: earlier starts that failed, old words of containerd, an operator's stop, logs of containers. */
import { begins, fatal, info } from '../../rules/unit.js'
import { before, changeJournal, foreign, klog, lately, logrus, zap } from '../journal.js'
import type { HealthyFiles, Oddity } from '../node.js'

type Said = readonly [who: string, body: string]

const failedStart = (word: string, version = 'v1.36.2+k3s1'): Said[] => [
	['systemd', 'Starting %u - Lightweight Kubernetes...'],
	['k3s', begins(version)],
	['k3s', word.startsWith('time=') ? word : fatal(word)],
	['systemd', '%u: Main process exited, code=exited, status=1/FAILURE'],
	['systemd', "%u: Failed with result 'exit-code'."],
	['systemd', 'Failed to start %u - Lightweight Kubernetes.'],
]

const goodStart = (version = 'v1.36.2+k3s1'): Said[] => [
	['systemd', 'Starting %u - Lightweight Kubernetes...'],
	['k3s', begins(version)],
	['k3s', info('k3s is up and running')],
	['systemd', 'Started %u - Lightweight Kubernetes.'],
]

const stoppedStart = (version?: string): Said[] => [
	...goodStart(version),
	['systemd', 'Stopping %u - Lightweight Kubernetes...'],
	['k3s', info('Shutdown request received')],
	['k3s', klog('"Failed to update lease" err="Put \\"https://127.0.0.1:6443/x\\": context canceled"')],
	['systemd', '%u: Deactivated successfully.'],
	['systemd', 'Stopped %u - Lightweight Kubernetes.'],
]

const containerdLog = 'files/var/lib/rancher/k3s/agent/containerd/containerd.log'

function containerdSaid(
	node: HealthyFiles,
	secondsAgo: number,
	level: string,
	message: string,
	error: string,
): void {
	const line = `time="${node.ago(secondsAgo).replace('Z', '.5Z')}" level=${level} msg=${JSON.stringify(message)} error=${JSON.stringify(error)}\n`
	node.change(containerdLog, text => (secondsAgo > 3600 ? `${line}${text}` : `${text}${line}`))
}

/** Lines in the newest log of a container of this pod. */
function podSaid(node: HealthyFiles, pod: RegExp, lines: readonly string[], secondsAgo: number): void {
	const file = node
		.names()
		.filter(name => name.startsWith('files/var/log/pods/') && pod.test(name))
		.sort()
		.at(-1)
	if (!file) throw new Error(`no log of ${pod}`)
	node.append(
		file,
		lines.map(line => `${node.ago(secondsAgo).replace('Z', '.1Z')} stdout F ${line}\n`).join(''),
	)
}

const members = ['ha-healthy'] as const

/** A fault of an earlier start, of which nothing is left. */
const past: readonly (readonly [name: string, word: string])[] = [
	[
		'a full disk',
		'Error: preparing server: failed to bootstrap cluster data: creating storage endpoint: failed to create driver for default endpoint: setup db: database or disk is full',
	],
	[
		'a taken port',
		'Error: preparing server: failed to start supervisor listener: listen tcp :6443: bind: address already in use',
	],
	['a broken configuration', 'yaml: line 4: did not find expected key'],
	['a missing route', 'Error: no default routes found in "/proc/net/route" or "/proc/net/ipv6_route"'],
	[
		'a wrong token',
		'Error: preparing server: failed to bootstrap cluster data: bootstrap data already found and encrypted with different token',
	],
	['a lost lease', logrus('fatal', 'controller-manager exited: leaderelection lost')],
]

export const history: readonly Oddity[] = [
	...past.map(
		([name, word]): Oddity => ({
			name: `${name}, hours ago`,
			change: node => before(node, [...failedStart(word), ...failedStart(word)]),
		}),
	),
	{
		name: 'failed starts of the boot before',
		change: node => {
			changeJournal(node, text => `-- Boot 11112222333344445555666677778888 --\n${text}`)
			before(node, [...failedStart("Error: server time isn't set properly"), ...failedStart('Error: x')], 30)
		},
	},
	{ name: 'an operator stopped and started k3s', change: node => before(node, stoppedStart()) },
	{
		name: 'an older version before the upgrade',
		change: node => before(node, stoppedStart('v1.35.4+k3s1'), 200),
	},
	{
		name: 'a panic of yesterday',
		change: node =>
			before(
				node,
				[
					...goodStart('v1.33.4+k3s1'),
					['k3s', 'panic: runtime error: invalid memory address or nil pointer dereference'],
					['k3s', 'goroutine 1 [running]:'],
					['systemd', '%u: Main process exited, code=exited, status=2/INVALIDARGUMENT'],
					['systemd', "%u: Failed with result 'exit-code'."],
				],
				26,
			),
	},
	{
		name: 'killed by hand last week',
		change: node =>
			before(
				node,
				[
					...goodStart('v1.33.4+k3s1'),
					['systemd', '%u: Main process exited, code=killed, status=9/KILL'],
					['systemd', "%u: Failed with result 'signal'."],
					['systemd', '%u: Scheduled restart job, restart counter is at 1.'],
				],
				160,
			),
	},
	{
		name: 'lines that journald left out',
		change: node => foreign(node, 'systemd-journald[27]', 'Suppressed 412 messages from k3s.service', 600),
	},
	{
		name: 'a journal whose beginning is cut off',
		change: node =>
			changeJournal(node, text => {
				const lines = text.split('\n')
				return lines.slice(lines.findLastIndex(line => line.includes('is up and running"')) - 40).join('\n')
			}),
	},
	{
		name: 'modprobe that finds nothing',
		change: node =>
			foreign(
				node,
				'modprobe[160]',
				'modprobe: FATAL: Module br_netfilter not found in directory /lib/modules/6.12.0',
				1100,
			),
	},
	{
		name: 'left-over processes',
		change: node =>
			foreign(
				node,
				'systemd[1]',
				'k3s.service: Found left-over process 437 (containerd-shim) in control group while starting unit. Ignoring.',
				1100,
			),
	},
	{
		name: 'containerd could not pull an image, once',
		change: node =>
			containerdSaid(
				node,
				1500,
				'error',
				'PullImage "shop/late:1" failed',
				'failed to pull and unpack image "docker.io/shop/late:1": failed to resolve reference: dial tcp 3.9.1.1:443: i/o timeout',
			),
	},
	{
		name: 'containerd had trouble with its state, days ago',
		change: node => {
			containerdSaid(
				node,
				200_000,
				'fatal',
				'Failed to run CRI service',
				'failed to recover state: failed to get metadata for stored sandbox',
			)
			containerdSaid(node, 200_000, 'error', 'failed to load plugin', 'invalid plugin config')
		},
	},
	{
		name: 'plugins of containerd that nobody needs',
		change: node => {
			for (const plugin of ['btrfs', 'zfs', 'devmapper', 'blockfile'])
				containerdSaid(
					node,
					1300,
					'info',
					`skip loading plugin "io.containerd.snapshotter.v1.${plugin}"...`,
					`path /var/lib/rancher/k3s/agent/containerd/io.containerd.snapshotter.v1.${plugin} must be a ${plugin} filesystem`,
				)
			containerdSaid(node, 1300, 'warning', 'failed to load plugin io.containerd.nri.v1.nri', 'NRI disabled')
			containerdSaid(
				node,
				1300,
				'error',
				'failed to load cni during init, please check CRI plugin status before setting up network for pods',
				'cni config load failed: no network config found',
			)
		},
	},
	{
		name: 'applications that speak of errors',
		change: node =>
			podSaid(
				node,
				/shop_web/,
				[
					'ERROR timeout talking to payment, retry 1',
					'fatal: not a git repository',
					'panic recovered: nil map',
					'x509: certificate has expired or is not yet valid',
					'OOMKilled? no',
					'dial tcp 10.43.0.10:53: i/o timeout',
				],
				300,
			),
	},
	{
		name: 'CoreDNS without extra files, and a name that nobody knows',
		change: node =>
			podSaid(
				node,
				/coredns/,
				[
					'[WARNING] No files matching import glob pattern: /etc/coredns/custom/*.override',
					'[ERROR] plugin/errors: 2 old.example. A: read udp 10.42.0.7:50000->10.99.0.1:53: i/o timeout',
				],
				1500,
			),
	},
	{
		name: 'metrics-server missed a node, once',
		change: node =>
			podSaid(
				node,
				/metrics-server/,
				[
					'E1121 04:56:00.000000       1 scraper.go:149] "Failed to scrape node" err="context deadline exceeded" node="h9"',
				],
				1400,
			),
	},
	{
		name: 'one late write of etcd',
		on: members,
		change: node =>
			lately(
				node,
				[
					zap('warn', 'slow fdatasync', { took: '1.2s', 'expected-duration': '1s' }),
					zap(
						'warn',
						'leader failed to send out heartbeat on time; took too long, leader is overloaded likely from slow disk',
						{ 'exceeded-duration': '110ms' },
					),
				],
				[1400],
			),
	},
	{
		name: 'another member restarted',
		on: members,
		change: node => {
			const peer = { 'remote-peer-id': 'cb8232f580c5ffcf' }
			lately(
				node,
				[
					zap('warn', 'lost TCP streaming connection with remote peer', { ...peer, error: 'EOF' }),
					zap('warn', 'peer became inactive (message send to peer failed)', {
						'peer-id': 'cb8232f580c5ffcf',
						error:
							'failed to dial cb8232f580c5ffcf on stream Message (dial tcp 10.99.0.13:2380: connect: connection refused)',
					}),
					zap('warn', 'prober detected unhealthy status', {
						...peer,
						error: 'dial tcp 10.99.0.13:2380: connect: connection refused',
					}),
				],
				[1500, 1495, 1490],
			)
			lately(
				node,
				[
					zap('info', 'peer became active', { 'peer-id': 'cb8232f580c5ffcf' }),
					zap('info', 'established TCP streaming connection with remote peer', peer),
				],
				[1480],
			)
		},
	},
	{
		name: 'an election that was won at once',
		on: members,
		change: node =>
			lately(
				node,
				[
					zap('info', 'raft.node: 404b5a331dbef56 lost leader cb8232f580c5ffcf at term 3'),
					zap('info', '404b5a331dbef56 is starting a new election at term 3'),
					zap('info', 'raft.node: 404b5a331dbef56 elected leader 404b5a331dbef56 at term 4'),
				],
				[1500],
			),
	},
	{
		name: 'the database was away for a moment',
		on: ['extdb-postgres-healthy'],
		change: node =>
			lately(
				node,
				[
					logrus(
						'error',
						'error while range on /registry/health : failed to connect to `user=k3s database=k3s`: 10.99.0.30:5432: dial error: connect: connection refused',
					),
					klog('"Failed to update lease" err="etcdserver: request timed out"'),
				],
				[1500],
			),
	},
	{
		name: 'the tunnel was cut for a moment',
		on: ['agent-healthy'],
		change: node => {
			lately(
				node,
				[
					logrus(
						'error',
						'Remotedialer proxy error; reconnecting...',
						'error="websocket: close 1006 (abnormal closure): unexpected EOF" url="wss://10.99.0.11:6443/v1-k3s/connect"',
					),
				],
				[1500],
			)
			lately(
				node,
				[
					logrus('info', 'Connecting to proxy', 'url="wss://10.99.0.11:6443/v1-k3s/connect"'),
					logrus('info', 'Remotedialer connected to proxy', 'url="wss://10.99.0.11:6443/v1-k3s/connect"'),
				],
				[1490],
			)
		},
	},
	{
		name: 'logs asked of a node that had just left',
		change: node =>
			lately(
				node,
				[
					klog(
						'apiserver received an error that is not an metav1.Status: proxy error from 127.0.0.1:6443 while dialing 10.99.0.60:10250, code 502: 502 Bad Gateway',
					),
				],
				[1400],
			),
	},
	{
		name: 'a stranger with an old kubeconfig',
		change: node =>
			lately(
				node,
				[
					klog(
						'"Unable to authenticate the request" err="[x509: certificate has expired or is not yet valid: current time 2026-11-21T04:55:00Z is after 2025-11-01T00:00:00Z, verifying certificate SN=5, SKID=, AKID= failed: x509: certificate has expired or is not yet valid]"',
					),
				],
				[1300, 1200],
			),
	},
	{
		name: 'a client without rights',
		change: node =>
			lately(
				node,
				[
					klog(
						'"Failed to watch" err="failed to list *v1.Secret: secrets is forbidden: User \\"system:serviceaccount:shop:web\\" cannot list resource \\"secrets\\" in API group \\"\\" at the cluster scope"',
					),
				],
				[1300],
			),
	},
]
