import {
	configValue,
	type Evidence,
	fact,
	hint,
	interruptsOfRestart,
	log,
	proof,
	restartSteps,
	rule,
	type Socket,
	strong,
	unitArgument,
} from '../../src/rule.js'
import { apiPort } from './firewall-needs.js'
import { foreignOn } from './listeners.js'

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

const inUse =
	/listen (?<protocol>tcp|udp)[46]? (?<address>\[?[\da-fA-F.:]*\]?):(?<port>\d+): bind: address already in use/

function nameOf({ processes }: Evidence, { process, pid }: Socket): string {
	const args = processes?.find(other => other.pid === pid)?.args
	return `${process}${pid ? ` (pid ${pid}${args ? `: ${args.slice(0, 120)}` : ''})` : ''}`
}

/** The port that the failed start could not have. */
function refusedPort({ service, journal }: Evidence): { port: number; protocol: 'tcp' | 'udp' } | undefined {
	const said = [service?.lastWord, ...(journal?.messages ?? [])].map(message =>
		inUse.exec(message?.text ?? ''),
	)
	const groups = said.find(match => match !== null)?.groups
	return groups && { port: Number(groups.port), protocol: groups.protocol === 'udp' ? 'udp' : 'tcp' }
}

function neededPorts(evidence: Evidence): number[] {
	const { node, config } = evidence
	const api = apiPort(evidence)
	const common = [10250, 10248, 10249, 10256]
	return node.role === 'agent'
		? [...common, Number(configValue(config, 'lb-server-port') ?? 6444)]
		: [api, api + 1, ...common, 10257, 10258, 10259]
}

/**
 * Who answers on the API's port when k3s talks to itself. k3s listens on `[::]` without an error even where another
 * program listens on `0.0.0.0`, and from then on its own requests end there.
 */
function stolenApi(evidence: Evidence): Socket | undefined {
	const { node, probes, service } = evidence
	const port = apiPort(evidence)
	const foreign = node.role === 'agent' ? undefined : foreignOn(evidence, port)
	if (!foreign || service?.state === 'running' || service?.state === 'stopped') return undefined
	const own = probes?.http.filter(({ url }) => url.startsWith(`https://127.0.0.1:${port}/`)) ?? []
	const answersAsK3s = own.some(({ body }) => /^pong|BEGIN CERTIFICATE/.test(body))
	return own.length > 0 && !answersAsK3s ? foreign : undefined
}

export default rule({
	cause: 'port-in-use',
	title: 'Another program holds a port that k3s needs',
	severity: 'critical',
	explain:
		'k3s could not listen on one of its ports because another program on this host does already: another Kubernetes, a second k3s, a proxy, a monitoring agent. k3s gives up and is started again in vain, or talks to the other program as if it were its own server.',
	docs: ['https://docs.k3s.io/installation/requirements#inbound-rules-for-k3s-nodes'],
	signs: [
		log(
			inUse,
			({ port = '', address = '' }) =>
				`port ${port}${address ? ` on ${address}` : ''} is taken: ${purposes[Number(port)] ?? 'k3s'} cannot listen there`,
		),
		log(
			inUse,
			({ port = '' }) => `containerd cannot have port ${port}: ${purposes[Number(port)] ?? 'its own'}`,
			{ in: 'containerd' },
		),
		fact(['sockets', 'service', 'journal'], ({ service }, evidence) => {
			const refused = refusedPort(evidence)
			if (!refused || service.state === 'running') return undefined
			const socket = foreignOn(evidence, refused.port, refused.protocol)
			return (
				socket &&
				proof('sockets', `port ${refused.port} is held by ${nameOf(evidence, socket)}`, {
					quote: socket.quote,
				})
			)
		}),
		fact(['sockets', 'probes', 'service'], (_have, evidence) => {
			const socket = stolenApi(evidence)
			return (
				socket &&
				proof(
					'sockets',
					`port ${socket.port} (${purposes[6443]}) is held by ${nameOf(evidence, socket)}, and what answers there is not k3s`,
					{ quote: socket.quote },
				)
			)
		}),
		fact(['sockets', 'service'], ({ service }, evidence) => {
			// Without a word of a port, a foreign listener on another address may do no harm at all.
			if (['running', 'stopped', 'not-installed'].includes(service.state) || refusedPort(evidence)) return []
			const stolen = stolenApi(evidence)
			return neededPorts(evidence).flatMap(port => {
				const foreign = foreignOn(evidence, port)
				if (!foreign || foreign === stolen) return []
				const says = `port ${port} (${purposes[port] ?? 'k3s'}) is held by ${nameOf(evidence, foreign)}`
				// Where k3s's own words are missing, a listener in its way while it fails again and again is the likely reason.
				const weigh = !evidence.journal && service.state === 'crash-looping' ? strong : hint
				return [weigh('sockets', says, { quote: foreign.quote })]
			})
		}),
	],
	leadsTo: ['api-unreachable', 'node-not-ready', 'containerd-failed'],
	remedies: (evidence, findings) => {
		const { node, units } = evidence
		const said = findings.map(({ says }) => /port (\d+)/.exec(says)?.[1]).find(port => port !== undefined)
		const port = Number(said ?? 6443)
		const foreign = foreignOn(evidence, port) ?? foreignOn(evidence, port, 'udp')
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
