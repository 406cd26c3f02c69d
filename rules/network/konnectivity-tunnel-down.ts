import {
	configValue,
	type Evidence,
	fact,
	hint,
	interruptsOfRestart,
	listenersOn,
	log,
	type Message,
	nowOf,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { hasSettled, minutes } from '../workload/pods.js'
import { isReadyOrUnknown } from './ready-nodes.js'
import { answersAsK3s, serverLink } from './server-link.js'

const toKubelet =
	/proxy error from \S{1,60} while dialing \[?(?<host>[0-9a-fA-F.:]{3,45}?)\]?:10250, code (?<code>50\d)/

const noSession = /failed to find Session for client (?<client>[a-z0-9.-]{1,253})/

const isUp = ({ service }: Evidence) => service?.state === 'running'

const goesOn = (evidence: Evidence, { count, lastAt, firstAt }: Message) =>
	count > 2 && lastAt - firstAt > minutes && nowOf(evidence) - lastAt < 3 * minutes

/** The tunnel ends at the kubelet's port on the loopback interface. */
function kubeletElsewhere({ sockets }: Evidence): string | undefined {
	const found = sockets ? listenersOn(sockets, 10250) : []
	const reachable = found.some(({ address }) => /^(?:\*|::|0\.0\.0\.0|127\.0\.0\.1|::1)$/.test(address))
	return found.length > 0 && !reachable ? found[0]?.address : undefined
}

export default rule({
	cause: 'konnectivity-tunnel-down',
	title: 'The tunnel between this node and the servers is down',
	severity: 'warning',
	explain:
		'Each node keeps a websocket open to every server; kubectl logs, exec, port-forward, metrics and webhooks go through it. If it is down, the node stays Ready and its pods run, but these requests end in 502. Load balancers that cut long connections, proxies, and a bind-address that takes the kubelet off the loopback interface are the usual reasons.',
	docs: [
		'https://docs.k3s.io/networking/basic-network-options#control-plane-egress-selector-configuration',
		'https://docs.k3s.io/architecture',
	],
	signs: [
		log(
			/(?:Remotedialer proxy error; reconnecting|Failed to connect to proxy\. Empty dialer response)[^\n]{0,40}: (?<why>[^\n]{1,200})/,
			({ why }) => `the tunnel to the server breaks again and again: ${why}`,
			{
				if: (evidence, message) => {
					const link = serverLink(evidence)
					return (
						evidence.node.role !== 'server' &&
						// A log alone is all that some reports hold.
						(evidence.probes === undefined ? isUp(evidence) : link !== undefined && answersAsK3s(link)) &&
						!/dial tcp|x509|certificate|Unauthorized/.test(message.text) &&
						goesOn(evidence, message)
					)
				},
			},
		),
		log(
			/setup tunnel server: (?<why>[^\n]{1,200})/,
			({ why }) => `k3s cannot set up its end of the tunnel: ${why}`,
		),
		log(
			toKubelet,
			({ host, code }) => `the API server does not get through to the kubelet of ${host} (${code})`,
			{
				if: (evidence, message, { host = '' }) =>
					goesOn(evidence, message) && isReadyOrUnknown(evidence, host),
			},
		),
		log(noSession, ({ client }) => `no tunnel of ${client} is there`, {
			if: (evidence, message, { client = '' }) =>
				goesOn(evidence, message) && isReadyOrUnknown(evidence, client),
		}),
		fact(['sockets', 'service'], ({ service }, evidence) => {
			const address = service.state === 'running' ? kubeletElsewhere(evidence) : undefined
			const bind = configValue(evidence.config, 'bind-address')
			return (
				address !== undefined &&
				strong(
					'sockets',
					`the kubelet listens only on ${address}${bind ? ' (bind-address)' : ''}, while the tunnel asks it on 127.0.0.1`,
					{ quote: sockets10250(evidence) },
				)
			)
		}),
		fact(['sockets', 'config', 'service'], ({ sockets }, evidence) => {
			const link = serverLink(evidence)
			if (evidence.node.role !== 'agent' || !link?.address || !hasSettled(evidence, 3 * minutes))
				return undefined
			const { address, port } = link
			if (!answersAsK3s(link) || sockets.established.length === 0) return undefined
			const stands = sockets.established.some(
				({ remote, remotePort }) => remotePort === port && remote.replace(/^::ffff:/, '') === address,
			)
			// k3s may be connected to another server of the cluster.
			const another = sockets.established.some(({ remotePort }) => remotePort === port || remotePort === 6443)
			return !stands && !another
				? hint(
						'sockets',
						`no connection of this node to ${address}:${port} stands, although the server answers`,
						{
							quote: { file: 'commands/ss-established.txt', text: `no connection to ${address}:${port}` },
						},
					)
				: undefined
		}),
	],
	leadsTo: ['metrics-server-down', 'apiservice-unavailable', 'webhook-blocks'],
	remedies: evidence => {
		const { node, config } = evidence
		const bind = configValue(config, 'bind-address')
		return [
			kubeletElsewhere(evidence) !== undefined && {
				title: 'Let the kubelet listen on the loopback interface again',
				why: 'Without bind-address k3s listens on all addresses. To shield the host, use a packet filter instead.',
				risk: 'restart' as const,
				interrupts: interruptsOfRestart(node),
				steps: [
					{
						tell: `Take bind-address${bind ? '' : ' (or kubelet-arg address)'} out of /etc/rancher/k3s/config.yaml or the unit, then:`,
						commands: [`systemctl restart ${node.unit}`],
					},
				],
				recheck: ['config' as const, 'sockets' as const, 'journal' as const],
			},
			{
				title: 'Restart k3s on this node',
				why: 'It opens its tunnels anew.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				steps: restartSteps(node),
				recheck: ['journal', 'sockets', 'probes'],
			},
			{
				title: 'Look at what lies between the node and the servers',
				why: 'A load balancer before 6443 must pass TCP through as it is and must not cut connections that are idle for a minute; a proxy must not see them at all (NO_PROXY).',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'On a server and here:',
						commands: [
							`journalctl -u ${node.unit} --no-pager | grep -iE "remotedialer|tunnel" | tail -n 20`,
							"ss -tn state established '( dport = :6443 )'",
						],
					},
				],
				recheck: ['journal', 'sockets'],
			},
		]
	},
})

function sockets10250({ sockets }: Evidence) {
	return sockets && listenersOn(sockets, 10250)[0]?.quote
}
