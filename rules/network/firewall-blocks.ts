import {
	configValue,
	type Evidence,
	type FilterRule,
	fact,
	hint,
	hostArgument,
	log,
	proof,
	rule,
	serverUrl,
	strong,
} from '../../src/rule.js'
import { serverLink } from './server-link.js'

const blocking = new Set(['DROP', 'REJECT', 'drop', 'reject'])

/** Does this list of ports (`6443`, `30000:32767`, `6443,6444`) hold `port`? */
function holdsPort(ports: readonly string[], port: number): boolean {
	return ports.some(text => {
		if (text.startsWith('!')) return !holdsPort([text.replace(/^!\s*/, '')], port)
		const [from, to] = text.split(/[:-]/)
		return port >= Number(from) && port <= Number(to ?? from)
	})
}

/** Ports that a node of this kind needs open to itself or to others. */
function neededPorts({ node, config }: Evidence): number[] {
	const own = Number(configValue(config, 'https-listen-port') ?? 6443)
	return node.role === 'agent' ? [10250, 6444] : [own, own + 1, 10250]
}

function blocks(rule: FilterRule, chain: 'INPUT' | 'OUTPUT', port: number, address?: string): boolean {
	if (rule.chain !== chain || rule.target === undefined || !blocking.has(rule.target)) return false
	if (rule.protocol !== undefined && !['tcp', '6', 'all', '0'].includes(rule.protocol)) return false
	if (
		rule.destinationPorts.length > 0 ? !holdsPort(rule.destinationPorts, port) : rule.sourcePorts.length > 0
	)
		return false
	if (
		/ctstate (?:INVALID|RELATED)|--state INVALID|ct state invalid|KUBE-|limit:|mark match|connlimit/.test(
			rule.text,
		)
	)
		return false
	if (rule.destination !== undefined && address !== undefined && !holdsAddress(rule.destination, address))
		return false
	return rule.destination === undefined || address !== undefined
}

function holdsAddress(network: string, address: string): boolean {
	if (network.startsWith('!')) return !holdsAddress(network.replace(/^!\s*/, ''), address)
	const [base = '', bits = '32'] = network.split('/')
	const number = (text: string) =>
		/^\d+(\.\d+){3}$/.test(text)
			? text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
			: Number.NaN
	const size = 2 ** (32 - Number(bits))
	return Math.floor(number(address) / size) === Math.floor(number(base) / size)
}

const allRules = ({ firewall }: Evidence): FilterRule[] =>
	[...(firewall?.rules ?? []), ...(firewall?.nftRules ?? [])].filter(
		({ table }) => !/^(nat|raw|mangle)$/.test(table),
	)

/** A local connect to what this node itself listens on goes nowhere. */
function deafPorts(evidence: Evidence): number[] {
	const { sockets, probes } = evidence
	return neededPorts(evidence).filter(port => {
		const listens = sockets?.listening.some(socket => socket.port === port && socket.protocol === 'tcp')
		const probe = probes?.ports.find(item => item.port === port && /^(127\.0\.0\.1|::1)$/.test(item.host))
		return listens && (probe?.result === 'timeout' || probe?.result === 'unreachable')
	})
}

export default rule({
	cause: 'firewall-blocks',
	title: 'A firewall drops traffic that the cluster needs',
	severity: 'critical',
	explain:
		'A packet filter on this host, on the server or between them drops or rejects connections that k3s needs: 6443 to the servers, 10250 between nodes, 2379-2380 between etcd servers, 8472/udp for the pod network. ufw and firewalld do so by default once they are switched on.',
	docs: [
		'https://docs.k3s.io/installation/requirements#networking',
		'https://docs.k3s.io/advanced#additional-os-preparations',
	],
	signs: [
		fact(['firewall', 'probes', 'sockets'], (_have, evidence) => {
			const deaf = deafPorts(evidence)
			return deaf.map(port => {
				const guilty = allRules(evidence).find(
					rule => blocks(rule, 'INPUT', port) || blocks(rule, 'OUTPUT', port),
				)
				const says = `k3s listens on port ${port}, but a connection to it from this very host goes nowhere`
				return guilty
					? proof('firewall', `${says}: this rule drops it`, { quote: guilty.quote })
					: strong('probes', says)
			})
		}),
		fact(['firewall', 'probes', 'config'], (_have, evidence) => {
			const link = serverLink(evidence)
			if (!link?.probe || !['timeout', 'unreachable', 'refused', 'failed'].includes(link.probe.result))
				return undefined
			const address = evidence.names?.lookups.get(link.host)?.[0] ?? link.host
			const port = link.probe.port
			const guilty = allRules(evidence).find(rule => blocks(rule, 'OUTPUT', port, address))
			return (
				guilty &&
				proof('firewall', `this host itself rejects or drops what goes to ${link.host}:${port}`, {
					quote: guilty.quote,
				})
			)
		}),
		fact(['probes', 'config', 'network', 'service'], ({ network }, evidence) => {
			// The host tells its hardware address but does not answer on the port: it is up and drops the packets.
			const link = serverLink(evidence)
			if (link?.probe?.result !== 'timeout') return undefined
			const address = evidence.names?.lookups.get(link.host)?.[0] ?? link.host
			const up = network.neighbours?.some(
				({ address: other, answers, state }) =>
					other === address &&
					answers &&
					(state === 'REACHABLE' || state === 'DELAY' || state === 'PROBE' || state === 'STALE'),
			)
			const says = `${link.host} is up, but port ${link.probe.port} swallows connections (no answer, no refusal)`
			return up
				? proof('probes', says, { quote: link.probe.quote })
				: hint(
						'probes',
						`port ${link.probe.port} of ${link.host} swallows connections: neither answer nor refusal`,
						{ quote: link.probe.quote },
					)
		}),
		fact(['firewall', 'service'], ({ firewall, service }, evidence) => {
			if (!firewall.ufw?.active || service.state === 'running') return undefined
			const port = neededPorts(evidence)[0] ?? 6443
			const allows = new RegExp(`(?:^|\\s)${port}(?:/tcp)?\\s+ALLOW`, 'm').test(firewall.ufw.text)
			return allows ? undefined : hint('firewall', `ufw is on and has no rule that allows ${port}/tcp`)
		}),
		fact(['firewall', 'service'], ({ firewall, service }, evidence) => {
			const closed = firewall.policies.get('filter/INPUT') === 'DROP' && deafPorts(evidence).length > 0
			return closed && service.state !== 'not-installed'
				? strong('firewall', 'the policy of INPUT is DROP, and k3s cannot talk to itself')
				: undefined
		}),
		log(
			/dial tcp (?<peer>\S+:(?:6443|10250|2379|2380)): .*(?:host administratively prohibited|operation not permitted|permission denied)/,
			({ peer }) => `a packet filter refused the connection to ${peer}`,
		),
	],
	leadsTo: [
		'api-unreachable',
		'etcd-peer-unreachable',
		'vxlan-blocked',
		'konnectivity-tunnel-down',
		'metrics-server-down',
		'node-not-ready',
	],
	remedies: evidence => {
		const { firewall, config } = evidence
		const link = serverUrl(config)
		const host = hostArgument(link?.host) ?? 'SERVER'
		const guilty = allRules(evidence).filter(rule =>
			[...neededPorts(evidence), link?.port ?? 6443].some(
				port => blocks(rule, 'INPUT', port) || blocks(rule, 'OUTPUT', port, link?.host),
			),
		)
		const deletions = guilty
			.filter(({ table, text }) => table === 'filter' && /^-A [A-Z]+ [A-Za-z0-9 .,:/_-]+$/.test(text))
			.map(({ text }) => ['iptables', '-D', ...text.split(' ').slice(1)] as [string, ...string[]])
		return [
			deletions.length > 0
				? {
						title: 'Take the rule away that drops this traffic',
						why: 'It is gone until whatever set it (a script, a firewall service) sets it again: find that too.',
						risk: 'restart' as const,
						interrupts: 'nothing; the host is less shielded than before',
						steps: deletions.map(run => ({ run })),
						undo: deletions.map(argv => ({
							run: argv.map(word => (word === '-D' ? '-A' : word)) as [string, ...string[]],
						})),
						recheck: ['firewall' as const, 'probes' as const, 'journal' as const],
					}
				: undefined,
			firewall?.ufw?.active
				? {
						title: 'Allow the ports of k3s and its networks in ufw',
						why: 'ufw denies what is not allowed.',
						risk: 'safe' as const,
						interrupts: 'nothing',
						steps: [
							{ run: ['ufw', 'allow', '6443/tcp'] as const },
							{ run: ['ufw', 'allow', 'from', '10.42.0.0/16', 'to', 'any'] as const },
							{ run: ['ufw', 'allow', 'from', '10.43.0.0/16', 'to', 'any'] as const },
						],
						undo: [
							{ run: ['ufw', 'delete', 'allow', '6443/tcp'] as const },
							{ run: ['ufw', 'delete', 'allow', 'from', '10.42.0.0/16', 'to', 'any'] as const },
							{ run: ['ufw', 'delete', 'allow', 'from', '10.43.0.0/16', 'to', 'any'] as const },
						],
						recheck: ['firewall' as const, 'probes' as const],
					}
				: undefined,
			evidence.node.role === 'agent' || link
				? {
						title: `Open the ports on the server ${host}`,
						why: 'The packets are swallowed there or on the way (a cloud security group, a router).',
						risk: 'safe' as const,
						interrupts: 'nothing',
						steps: [
							{
								tell: `On ${host}, with the firewall that it uses:`,
								commands: [
									'ufw status verbose',
									'ufw allow 6443/tcp',
									'ufw allow 8472/udp',
									'firewall-cmd --list-all',
									'firewall-cmd --permanent --add-port=6443/tcp --add-port=8472/udp --add-port=10250/tcp',
									'firewall-cmd --reload',
									"iptables -S | grep -E 'DROP|REJECT'",
								],
							},
							{ tell: 'In a cloud: the security group of the server must let 6443/tcp in from this node.' },
						],
						recheck: ['probes' as const, 'journal' as const],
					}
				: undefined,
		]
	},
})
