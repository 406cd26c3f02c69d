import {
	configValue,
	type Evidence,
	fact,
	interruptsOfRestart,
	listenersOn,
	log,
	proof,
	restartSteps,
	rule,
	strong,
	unitArgument,
} from '../../src/rule.js'

/** Port -> who of k3s needs it. */
const purposes: Record<number, string> = {
	6443: 'the supervisor and API server',
	6444: "k3s's internal API server or load balancer",
	10250: 'the kubelet',
	10248: "the kubelet's health check",
	10249: "kube-proxy's metrics",
	10256: "kube-proxy's health check",
	10257: 'the controller manager',
	10258: 'the cloud controller',
	10259: 'the scheduler',
	10010: "containerd's streaming server",
	2379: 'etcd clients',
	2380: 'etcd peers',
	2381: "etcd's metrics",
	5001: 'the embedded registry',
	8472: 'flannel (vxlan)',
}

/** Programs of k3s itself; a pod's shim holds no host port of these. */
const ours = /^(k3s|k3s-server|k3s-agent|containerd|etcd|kube-|flannel)/

const inUse =
	/listen (?<protocol>tcp|udp) (?<address>\[?[\da-fA-F.:]*\]?):(?<port>\d+): bind: address already in use/

function holder({ sockets, processes }: Evidence, port: number): string | undefined {
	const foreign =
		sockets && listenersOn(sockets, port).find(({ process }) => process !== undefined && !ours.test(process))
	const socket = foreign ?? (sockets && listenersOn(sockets, port)[0])
	if (!socket?.process) return undefined
	const args = processes?.find(({ pid }) => pid === socket.pid)?.args
	return `${socket.process}${socket.pid ? ` (pid ${socket.pid}${args ? `: ${args.slice(0, 120)}` : ''})` : ''}`
}

function neededPorts({ node, config }: Evidence): number[] {
	const api = Number(configValue(config, 'https-listen-port') ?? 6443)
	const common = [10250, 10248, 10249, 10256, 10010]
	return node.role === 'agent'
		? [...common, Number(configValue(config, 'lb-server-port') ?? 6444)]
		: [...common, api, api + 1, 10257, 10258, 10259]
}

export default rule({
	cause: 'port-in-use',
	title: 'Another program holds a port that k3s needs',
	severity: 'critical',
	explain:
		'k3s could not listen on one of its ports because another program on this host does already: another Kubernetes, a second k3s, a proxy, a monitoring agent. k3s gives up and is started again, in vain.',
	docs: ['https://docs.k3s.io/installation/requirements#inbound-rules-for-k3s-nodes'],
	signs: [
		log(
			inUse,
			({ port = '', address = '' }) =>
				`port ${port}${address ? ` on ${address}` : ''} is taken: ${purposes[Number(port)] ?? 'k3s'} cannot listen there`,
		),
		fact(['sockets', 'service', 'journal'], ({ service, journal }, evidence) => {
			// Who holds the port that the failed start could not have.
			const said = service.lastWord?.text ?? journal.messages.find(({ text }) => inUse.test(text))?.text
			const port = Number(inUse.exec(said ?? '')?.groups?.port)
			if (!port || service.state === 'running') return undefined
			const socket =
				evidence.sockets &&
				listenersOn(evidence.sockets, port).find(
					({ process }) => process === undefined || !ours.test(process),
				)
			return (
				socket &&
				proof(
					'sockets',
					`port ${port} is held by ${holder(evidence, port) ?? 'a program whose name could not be seen'}`,
					{ quote: socket.quote },
				)
			)
		}),
		fact(['sockets', 'service'], ({ sockets, service }, evidence) => {
			if (service.state === 'not-installed' || service.state === 'stopped') return undefined
			const troubled = service.state !== 'running'
			return neededPorts(evidence).flatMap(port => {
				const all = listenersOn(sockets, port)
				const foreign = all.find(({ process }) => process !== undefined && !ours.test(process))
				if (!foreign) return []
				// Where k3s runs, only a foreign listener on the very address that k3s uses itself does harm (facts: [::] beside 0.0.0.0).
				const deaf = evidence.probes?.http.some(
					({ url, status, exit }) =>
						url.startsWith(`https://127.0.0.1:${port}/`) && (exit !== 0 || status === 0),
				)
				if (!troubled && !(deaf && port === 6443)) return []
				const says = `port ${port} (${purposes[port] ?? 'k3s'}) is held by ${holder(evidence, port) ?? foreign.process}`
				const shared = all.some(({ process }) => process !== undefined && ours.test(process))
				return [
					(deaf && port === 6443) || (troubled && !shared)
						? strong('sockets', says, { quote: foreign.quote })
						: strong('sockets', `${says}, beside k3s`, { quote: foreign.quote }),
				]
			})
		}),
	],
	leadsTo: ['api-unreachable', 'node-not-ready', 'containerd-failed'],
	remedies: (evidence, findings) => {
		const { node, sockets, units } = evidence
		const port = Number(
			/port (\d+)/.exec(findings.find(({ says }) => /port \d+/.test(says))?.says ?? '')?.[1] ?? 6443,
		)
		const foreign =
			sockets &&
			listenersOn(sockets, port).find(({ process }) => process !== undefined && !ours.test(process))
		const unit = unitArgument(
			units?.all.find(
				({ mainPid, activeState, id }) =>
					mainPid > 0 && mainPid === foreign?.pid && activeState === 'active' && id !== node.unit,
			)?.id,
		)
		return [
			unit
				? {
						title: `Stop ${unit}, which holds port ${port}`,
						why: 'Decide whether that service is needed here; if it is, give it another port.',
						risk: 'restart' as const,
						interrupts: `what ${unit} does`,
						steps: [{ run: ['systemctl', 'disable', '--now', unit] as const }, ...restartSteps(node)],
						recheck: ['sockets' as const, 'units' as const, 'journal' as const],
					}
				: {
						title: `Free port ${port}`,
						why: `${foreign?.process ? `${foreign.process} holds it. ` : ''}Stop that program or give it another port; k3s's own ports mostly cannot be moved.`,
						risk: 'restart' as const,
						interrupts: 'the program that holds the port',
						steps: [
							{ run: ['ss', '-lntup', `sport = :${port}`] as const },
							{
								tell: 'Stop its service or its process, then restart k3s:',
								commands: [
									...(foreign?.pid ? [`ps -fp ${foreign.pid}`, `kill ${foreign.pid}`] : []),
									`systemctl restart ${node.unit}`,
								],
							},
						],
						recheck: ['sockets' as const, 'units' as const, 'journal' as const],
					},
			port === 6443 && node.role === 'server'
				? {
						title: 'Move k3s to another port',
						why: 'Only if the other program must keep 6443: every agent and kubeconfig then needs the new port.',
						risk: 'restart' as const,
						interrupts: interruptsOfRestart(node),
						steps: [
							{ edit: '/etc/rancher/k3s/config.yaml', set: { 'https-listen-port': 7443 } },
							...restartSteps(node),
						],
						recheck: ['sockets' as const, 'units' as const, 'journal' as const],
					}
				: undefined,
		]
	},
})
