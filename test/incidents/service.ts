/** Incidents of the binary, its unit and its user. */
import { ends, scene } from '../messages/scene.js'
import { begins, listed, listingEntry, restarting, type Said, unitShow } from '../rules/unit.js'
import { type Cases, says } from './case.js'
import { df, error, fatal, findmnt, inactive, info, kernel, uname } from './raw.js'

const notExecuted: Said[] = [
	[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
	[0, '(k3s)[700]', '%u: Failed to execute /usr/local/bin/k3s: Permission denied'],
	[0, '(k3s)[700]', '%u: Failed at step EXEC spawning /usr/local/bin/k3s: Permission denied'],
	[0, 'systemd', '%u: Main process exited, code=exited, status=203/EXEC'],
	[0, 'systemd', "%u: Failed with result 'exit-code'."],
]

const executable = listed('/usr/local/bin/k3s', { mode: '755', size: 71_000_000 })

export const service: Cases = {
	'k3s-7501': says(() =>
		ends('server', [fatal('exec /var/lib/rancher/k3s/data/52c0a/bin/k3s-server failed: permission denied')], {
			version: 'v1.26.5+k3s1',
			more: findmnt(
				['/', '/dev/sda2', 'btrfs', 'rw,relatime'],
				['/var', '/dev/sda5', 'xfs', 'rw,nosuid,nodev,noexec,relatime'],
			),
		}),
	),
	'k3s-5903': says(() =>
		scene('server', 'ends', restarting, [
			[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
			[1, 'k3s', info('Acquiring lock file /opt/k3s/data/.lock')],
			[
				1,
				'k3s',
				info(
					'Preparing data dir /opt/k3s/data/c26e7571d760c5f199d18efd197114f1ca4ab1e6ffe494f96feb65c87fcb8cf0',
				),
			],
			[2, 'k3s', fatal('fork/exec /opt/k3s/data/c26e7571d760/bin/k3s: permission denied')],
			[2, 'systemd', '%u: Main process exited, code=exited, status=1/FAILURE'],
			[2, 'systemd', "%u: Failed with result 'exit-code'."],
		]),
	),
	'k3s-9437': says(() =>
		scene(
			'agent',
			'ends',
			{ ...restarting, Result: 'core-dump', ExecMainCode: '3', ExecMainStatus: '4' },
			[
				[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
				[1, 'systemd', '%u: Main process exited, code=dumped, status=4/ILL'],
				[1, 'systemd', "%u: Failed with result 'core-dump'."],
				[1, 'systemd', 'Failed to start %u - Lightweight Kubernetes.'],
			],
			uname('Linux pizero 6.1.21+ #1642 Mon Apr  3 17:19:14 BST 2023 armv6l GNU/Linux'),
		),
	),
	'k3s-2854': says(() =>
		ends('server', [fatal('exec: "k3s-server": executable file not found in $PATH')], {
			version: 'v1.20.2+k3s1',
		}),
	),
	'k3s-837': says(() => ({
		...scene('server', 'systemd', { ...restarting, ExecMainStatus: '203' }, notExecuted, {
			'commands/getenforce.txt': 'Enforcing\n',
			'commands/files.tsv': executable,
			...kernel([
				5,
				'audit: type=1400 audit(1763697595.1:412): avc:  denied  { execute } for  pid=4120 comm="(k3s)" name="k3s" dev="sda3" ino=771 scontext=system_u:system_r:init_t:s0 tcontext=unconfined_u:object_r:user_tmp_t:s0 tclass=file permissive=0',
			]),
		}),
		entries: [listingEntry],
	})),
	'colima-782': says(() =>
		ends(
			'agent',
			[
				error('Error starting load balancer: listen tcp 127.0.0.1:6444: bind: address already in use'),
				fatal('Error starting load balancer: listen tcp 127.0.0.1:6444: bind: address already in use'),
			],
			{
				version: 'v1.24.3+k3s1',
				more: {
					'commands/ss-listening.txt':
						'tcp LISTEN 0 4096 127.0.0.1:6444 0.0.0.0:* users:(("k3s-server",pid=1190,fd=14))\ntcp LISTEN 0 4096 *:6443 *:* users:(("k3s-server",pid=1190,fd=11))\n',
				},
			},
		),
	),
	'k3s-ansible-tt-282': says(() => {
		const made = ends('agent', [
			fatal('Error starting load balancer: listen tcp 127.0.0.1:6444: bind: address already in use'),
		])
		const both = `${made.files['commands/systemctl-show.txt']}\n${unitShow()}`
		return { ...made, files: { ...made.files, 'commands/systemctl-show.txt': both } }
	}),
	'k3s-8120': says(() => scene('server', 'state', { ...inactive, UnitFileState: 'disabled' }, [])),
	'containarium-1450': says(() => {
		const attempt = (second: number): Said[] => [
			[second, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
			[second + 1, 'k3s', begins('v1.33.4+k3s1', 'agent')],
			...[10, 30, 50, 70].map(
				(late): Said => [
					second + late,
					'k3s',
					info(
						'Waiting to retrieve agent configuration; server is not ready: Get "https://127.0.0.1:6444/v1-k3s/config": EOF',
					),
				],
			),
			[second + 90, 'systemd', '%u: start operation timed out. Terminating.'],
			[second + 91, 'systemd', "%u: Failed with result 'timeout'."],
			[second + 91, 'systemd', 'Failed to start %u - Lightweight Kubernetes.'],
		]
		return scene(
			'agent',
			'limit',
			{ ...restarting, Result: 'timeout', NRestarts: '31' },
			[...attempt(0), ...attempt(97)],
			{
				'commands/systemctl-cat.txt':
					'# /etc/systemd/system/k3s-agent.service\n[Service]\nType=notify\nExecStart=/usr/local/bin/k3s agent\nRestart=always\n',
			},
		)
	}),
	'k3s-2583': says(() =>
		scene(
			'server',
			'state',
			{
				ActiveState: 'failed',
				SubState: 'failed',
				Result: 'exit-code',
				ExecMainCode: '1',
				ExecMainStatus: '1',
			},
			[
				[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
				[1, 'k3s', begins('v1.19.3+k3s3')],
				[9, 'k3s', info('k3s is up and running')],
				[9, 'systemd', 'Started %u - Lightweight Kubernetes.'],
				[300, 'systemd', 'Stopping %u - Lightweight Kubernetes...'],
				[300, 'k3s', info('Received signal terminated')],
				[300, 'k3s', info('Shutting down')],
				[301, 'systemd', '%u: Main process exited, code=exited, status=1/FAILURE'],
				[301, 'systemd', "%u: Failed with result 'exit-code'."],
				[301, 'systemd', 'Stopped %u - Lightweight Kubernetes.'],
			],
		),
	),
	'k3s-5987': says(() =>
		scene('agent', 'state', { ...inactive, LoadState: 'bad-setting', UnitFileState: 'enabled' }, [], {
			'commands/systemctl-cat.txt':
				'# /etc/systemd/system/k3s-agent.service\n[Service]\nType=notify\nExecStart=\n',
		}),
	),
	'k3d-1250': says(() =>
		scene(
			'server',
			'killed',
			{ ...restarting, Result: 'oom-kill', ExecMainCode: '2', ExecMainStatus: '9' },
			[
				[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
				[1, 'k3s', begins()],
				[9, 'k3s', info('k3s is up and running')],
				[9, 'systemd', 'Started %u - Lightweight Kubernetes.'],
				[585, 'systemd', '%u: A process of this unit has been killed by the OOM killer.'],
				[586, 'systemd', '%u: Main process exited, code=killed, status=9/KILL'],
				[586, 'systemd', "%u: Failed with result 'oom-kill'."],
			],
			kernel(
				[
					16,
					'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=kubepods-besteffort-pod9,mems_allowed=0,global_oom,task_memcg=/kubepods.slice/pod9,task=eater,pid=8120,uid=0',
				],
				[
					16,
					'Out of memory: Killed process 8120 (eater) total-vm:15204112kB, anon-rss:14500000kB, file-rss:0kB',
				],
			),
		),
	),
	'k3s-2780': says(() =>
		ends(
			'server',
			[
				info('Acquiring lock file /var/lib/rancher/k3s/data/.lock'),
				fatal('extracting data: open /var/lib/rancher/k3s/data/8d31: permission denied'),
			],
			{ version: 'v1.20.0+k3s2' },
		),
	),
	'k3s-7689': says(() => ({
		form: 'an ordinary user',
		node: { root: false },
		files: {
			'commands/systemctl-show.txt': unitShow(),
			'commands/files.tsv':
				listed('/etc/rancher/k3s', { type: 'd', mode: '755' }) +
				listed('/etc/rancher/k3s/config.yaml', { mode: '600' }),
			'commands/k3s-version.txt': '',
		},
		entries: [
			listingEntry,
			{
				file: 'commands/k3s-version.txt',
				argv: ['k3s', '--version'],
				exit: 1,
				stderr:
					'time="2026-11-21T04:09:00Z" level=fatal msg="open /etc/rancher/k3s/config.yaml: permission denied"',
			},
			{ file: 'files/etc/rancher/k3s/config.yaml', path: '/etc/rancher/k3s/config.yaml', why: 'denied' },
		],
	})),
	'k3s-4327': says(() =>
		scene(
			'server',
			'ends',
			{ ...restarting, Result: 'core-dump', ExecMainCode: '3', ExecMainStatus: '6' },
			[
				[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
				[1, 'k3s', begins('v1.21.1+k3s1')],
				[2, 'k3s', 'runtime/cgo: pthread_create failed: Resource temporarily unavailable'],
				[2, 'k3s', 'SIGABRT: abort'],
				[3, 'systemd', '%u: Main process exited, code=dumped, status=6/ABRT'],
				[3, 'systemd', "%u: Failed with result 'core-dump'."],
			],
			df(['/dev/sda1', 'ext4', '/', 41], ['tmpfs', 'tmpfs', '/run', 100]),
		),
	),
}
