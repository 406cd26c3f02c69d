import { fact, hint, log, proof, restartSteps, rule, strong } from '../../src/rule.js'
import { withoutSelinux } from '../kinds.js'

const enforcing = (selinux: string | undefined) => selinux?.trim().toLowerCase() === 'enforcing'

export default rule({
	cause: 'selinux-denied',
	title: 'SELinux blocks k3s or its containers',
	severity: 'critical',
	notFor: withoutSelinux,
	explain:
		'SELinux is enforcing and refused k3s, containerd or a container something that they need. Usually the k3s-selinux policy package is missing or does not fit, or files were copied and lost their labels.',
	docs: ['https://docs.k3s.io/advanced#selinux-support'],
	signs: [
		log(
			/avc: +denied .*(?:comm="(?<comm>k3s[\w-]*|containerd[\w-]*|runc[\w:[\]-]*|iptables)"|container_runtime_t|container_t)/,
			({ comm }) => `SELinux denied ${comm ?? 'a container'} an access`,
			{
				in: 'kernelLog',
				if: ({ kernel }) => kernel?.selinux === undefined || enforcing(kernel.selinux),
			},
		),
		log(/Failed at step EXEC spawning \S+: Permission denied/, 'systemd may not execute k3s', {
			weight: 'hint',
			if: ({ kernel }) => enforcing(kernel?.selinux),
		}),
		log(
			/failed to detect selinux|SELinux is enabled for k3s but process is not running in context/,
			'k3s itself complains of its SELinux context',
			{
				if: ({ kernel }) => kernel?.selinux === undefined || enforcing(kernel.selinux),
			},
		),
		fact(['kernel', 'files', 'service'], ({ kernel, files, service }) => {
			if (!enforcing(kernel.selinux) || service.state === 'running' || service.state === 'stopped')
				return undefined
			const file = files.listed.get('/usr/local/bin/k3s')
			if (!file || (file.mode & 0o111) === 0) return undefined
			return (
				service.failedStart?.end?.how === 'exec' &&
				proof(
					'kernel',
					'SELinux is enforcing, and the k3s binary has its execute bit but may not be executed',
				)
			)
		}),
		fact(['kernel', 'cluster'], ({ kernel, cluster }) => {
			if (!enforcing(kernel.selinux)) return undefined
			const refused = (cluster.events ?? []).find(
				({ type, message }) =>
					type === 'Warning' &&
					/selinux|permission denied.*(?:label|relabel)|lsetxattr|SELinux relabel/i.test(message),
			)
			return refused
				? strong('cluster', `a container could not be labelled: ${refused.message.slice(0, 200)}`, {
						at: refused.lastAt,
					})
				: undefined
		}),
		fact(['kernel', 'config'], ({ kernel, config }, { service }) => {
			if (!enforcing(kernel.selinux) || config.values.get('selinux') || service?.state !== 'crash-looping')
				return undefined
			return hint('config', 'SELinux is enforcing and k3s runs without selinux: true')
		}),
	],
	leadsTo: ['binary-noexec', 'containerd-failed', 'runtime-create-failed', 'node-not-ready'],
	remedies: ({ node }) => [
		{
			title: 'Install the k3s policy and restore the labels',
			why: 'The package allows what k3s and its containers do; restorecon gives moved files their labels back.',
			risk: 'restart',
			interrupts: 'this node for about a minute',
			steps: [
				{
					tell: 'See what was denied, and install the policy that fits this distribution:',
					commands: ['ausearch -m avc -ts recent', 'dnf install -y k3s-selinux'],
				},
				{ run: ['restorecon', '-R', node.dataDir, '/usr/local/bin/k3s'], limitSeconds: 600 },
				...restartSteps(node),
			],
			recheck: ['units', 'journal', 'kernelLog'],
		},
	],
})
