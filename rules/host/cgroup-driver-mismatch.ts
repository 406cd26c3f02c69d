import {
	type Evidence,
	fact,
	hint,
	interruptsOfRestart,
	log,
	nowOf,
	pathArgument,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { apiQuote } from '../workload/cite.js'
import { kubeletSetting } from './kubelet.js'
import { goesOn } from './state.js'

/** What runc, containerd and the kubelet say when they do not agree who manages control groups, or may not. */
const quarrel =
	/kubelet cgroup driver: \W*\w+\W* is different from \w+ cgroup driver|expected cgroupsPath to be of format "?\\?"?slice:prefix:name|failed to initialize top level QOS containers|unable to apply cgroup configuration|(?:write|failed to write).{0,200}cgroup\.procs.{0,40}(?:no such file|invalid argument|operation not supported|device or resource busy|permission denied)|cannot enter cgroupv2 .{0,200}(?:threaded|domain controllers)|delegated cgroup v2 controllers are required|systemd cgroup manager not available/i

/** `SystemdCgroup = true` in containerd's configuration, which k3s writes anew at each start. */
function containerdDriver({ files, node }: Evidence): string | undefined {
	const text = files?.texts.get(`${node.dataDir}/agent/etc/containerd/config.toml`)
	const value = /^\s*SystemdCgroup\s*=\s*(true|false)/m.exec(text ?? '')?.[1]
	return value === undefined ? undefined : value === 'true' ? 'systemd' : 'cgroupfs'
}

export default rule({
	cause: 'cgroup-driver-mismatch',
	title: 'Kubelet and container runtime do not agree about control groups',
	severity: 'critical',
	severityHere: ({ service }) => (service?.state === 'running' ? 'warning' : undefined),
	explain:
		'Control groups are managed either by systemd or directly (cgroupfs), and kubelet and runtime must use the same way. k3s sets both alike; an own kubelet-arg, a containerd template, Docker as runtime, or a container or rootless set-up in which control groups are not delegated, breaks that. Containers then cannot be started.',
	docs: [
		'https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/configure-cgroup-driver/',
		'https://docs.k3s.io/advanced#running-rootless-servers-experimental',
	],
	signs: [
		log(quarrel, (_groups, { lastText }) => `${quarrel.exec(lastText)?.[0]?.slice(0, 200)}`, {
			if: (evidence, { lastAt }) => goesOn(evidence, lastAt),
		}),
		log(quarrel, (_groups, { lastText }) => `containerd: ${quarrel.exec(lastText)?.[0]?.slice(0, 200)}`, {
			in: 'containerd',
			if: (evidence, { lastAt }) => goesOn(evidence, lastAt),
		}),
		fact(['cluster'], ({ cluster }, evidence) =>
			(cluster.events ?? [])
				.filter(
					({ message, lastAt, host }) =>
						quarrel.test(message) &&
						(host === '' || host === cluster.self?.name) &&
						nowOf(evidence) - lastAt < 900_000,
				)
				.slice(0, 2)
				.map(({ name, message, lastAt, count }) =>
					strong('cluster', `${name} cannot start: ${quarrel.exec(message)?.[0]?.slice(0, 200)}`, {
						quote: apiQuote('events', message),
						at: lastAt,
						count,
					}),
				),
		),
		fact(['files'], (_have, evidence) => {
			const theirs = containerdDriver(evidence)
			const setting = kubeletSetting(evidence, 'cgroupDriver', 'cgroup-driver')
			if (!theirs || !setting?.value || setting.value === theirs) return undefined
			return hint(
				'files',
				`${setting.where} sets the cgroup driver ${setting.value}, containerd uses ${theirs}`,
				{
					quote: {
						file: `files${evidence.node.dataDir}/agent/etc/containerd/config.toml`,
						text: `SystemdCgroup = ${theirs === 'systemd'}`,
					},
				},
			)
		}),
	],
	leadsTo: ['runtime-create-failed', 'coredns-down', 'api-unreachable', 'node-not-ready'],
	remedies: ({ node, config }) => {
		const given = config?.values.get('kubelet-arg')?.values.find(value => /^-*cgroup-driver=/.test(value))
		const origin = config?.values.get('kubelet-arg')?.origin
		const file = origin?.kind === 'file' ? pathArgument(origin.file) : undefined
		return [
			given && file
				? {
						title: `Take ${given} out of kubelet-arg`,
						why: 'k3s then chooses the same driver for both.',
						risk: 'restart' as const,
						interrupts: interruptsOfRestart(node),
						steps: [{ edit: file, dropFrom: { 'kubelet-arg': [given] } }, ...restartSteps(node)],
						recheck: ['journal' as const, 'runtime' as const, 'cluster' as const],
					}
				: undefined,
			{
				title: 'Let both use the same driver',
				why: 'Under systemd that is `systemd`. A template of your own must carry SystemdCgroup as k3s would write it; Docker wants native.cgroupdriver=systemd.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				steps: [
					{
						tell: 'Compare the two settings, correct the one that was changed by hand, and restart k3s:',
						commands: [
							`grep -rn cgroupDriver ${node.dataDir}/agent/etc/kubelet.conf.d/`,
							`grep -n SystemdCgroup ${node.dataDir}/agent/etc/containerd/config.toml`,
							'docker info --format "{{.CgroupDriver}}"',
							`systemctl restart ${node.unit}`,
						],
					},
				],
				recheck: ['journal', 'runtime', 'cluster'],
			},
			{
				title: 'In a container or without root: delegate the control groups',
				why: 'Nested k3s may only manage what its surroundings hand down to it.',
				risk: 'restart',
				interrupts: 'the container',
				steps: [
					{
						tell: 'Run the container privileged with its own cgroup namespace; for rootless k3s allow delegation:',
						commands: [
							'mkdir -p /etc/systemd/system/user@.service.d',
							"printf '[Service]\\nDelegate=cpu cpuset io memory pids\\n' > /etc/systemd/system/user@.service.d/delegate.conf",
							'systemctl daemon-reload',
						],
					},
				],
				recheck: ['journal', 'runtime'],
			},
		]
	},
})
