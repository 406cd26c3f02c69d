import { fact, hint, log, proof, rule, strong } from '../../src/rule.js'
import { foreignOn } from '../network/listeners.js'

/** Units of other Kubernetes distributions that want the same ports and the same kubelet. */
const rivals =
	/^(k3s(-agent|-[\w.-]+)?|rke2-(server|agent)|kubelet|snap\.microk8s\.daemon-[\w-]+|k0s(controller|worker))\.service$/

export default rule({
	cause: 'server-and-agent-both',
	title: 'Two Kubernetes services run on this host and fight',
	severity: 'critical',
	explain:
		'More than one k3s service, or k3s and another Kubernetes distribution, are active on the same host. They use the same ports, the same kubelet directory and the same network interfaces, so each breaks the other. A server already runs an agent of its own; installing the agent beside it is a common mistake.',
	docs: ['https://docs.k3s.io/installation/requirements', 'https://docs.k3s.io/architecture'],
	signs: [
		fact(['units'], ({ units, node }, { service }) => {
			const busy = units.all.filter(
				({ id, activeState }) =>
					rivals.test(id) && ['active', 'activating', 'reloading'].includes(activeState),
			)
			const others = busy.filter(({ id }) => id !== node.unit)
			if (others.length === 0 || !busy.some(({ id }) => id === node.unit)) return undefined
			// Several k3s servers with data directories of their own are possible, if rare: then none is in trouble.
			const dataDirs = new Set(
				busy.map(
					({ exec }) =>
						exec[0]?.find((_word, index, words) => /^(-d|--data-dir)$/.test(words[index - 1] ?? '')) ?? '',
				),
			)
			const apart = dataDirs.size === busy.length && service?.state === 'running'
			if (apart) return undefined
			const says = `${busy.map(({ id, activeState }) => `${id} (${activeState})`).join(' and ')} are on at the same time`
			const troubled =
				service?.state !== 'running' || busy.some(({ activeState }) => activeState !== 'active')
			return others.map(({ quote }) => (troubled ? proof : strong)('units', says, { quote }))
		}),
		log(
			/fileutil: file already locked/,
			'another process has the data of etcd open: a second k3s, or one that was not stopped',
		),
		fact(['sockets', 'processes', 'service'], ({ processes, service }, evidence) => {
			if (service.state === 'running' || service.state === 'stopped') return undefined
			// k3s runs all of these inside its own process.
			const apart = [6443, 10250, 10248, 10257, 10259]
				.map(port => foreignOn(evidence, port))
				.find(socket => /^(?:kubelet|kube-\w+|k0s|rke2|microk8s\S*)/.test(socket?.process ?? ''))
			const args = processes.find(({ pid }) => pid === apart?.pid)?.args ?? apart?.process
			return (
				apart &&
				proof(
					'sockets',
					`another Kubernetes runs here: port ${apart.port} is held by ${args?.slice(0, 120)}`,
					{ quote: apart.quote },
				)
			)
		}),
		fact(['processes'], ({ processes }) => {
			const modes = new Set(
				processes.map(({ args }) => /(?:^|\/)k3s (server|agent)\b/.exec(args)?.[1]).filter(Boolean),
			)
			return modes.size > 1 && hint('processes', 'a k3s server and a k3s agent process run side by side')
		}),
	],
	leadsTo: ['port-in-use', 'api-unreachable', 'node-not-ready'],
	remedies: ({ node, units }) => {
		const other = units?.all.find(
			({ id, activeState }) => id !== node.unit && rivals.test(id) && activeState !== 'inactive',
		)
		const unwanted = other?.id ?? (node.unit === 'k3s.service' ? 'k3s-agent.service' : 'k3s.service')
		return [
			{
				title: `Stop and disable ${unwanted}`,
				why: `Decide which of the two is wanted here. This keeps ${node.unit}.`,
				risk: 'restart',
				interrupts: `what ${unwanted} runs`,
				steps: [
					{ run: ['systemctl', 'disable', '--now', unwanted] },
					{ run: ['systemctl', '--no-block', 'restart', node.unit] },
					{ waitFor: { unitActive: node.unit }, limitSeconds: 180 },
				],
				recheck: ['units', 'journal', 'sockets'],
			},
		]
	},
})
