/** How a packet filter is opened for k3s. */
import { type Argv, type Evidence, hostArgument, type Remedy, serverUrl } from '../../src/rule.js'
import { clusterNetworks } from './cluster-networks.js'
import type { Dropped } from './filter.js'
import { apiPort } from './firewall-needs.js'

/** `iptables -D …` for a rule that was written by hand; rules of ufw and firewalld come back by themselves. */
function deletion({ rule }: Dropped): Argv | undefined {
	if (rule?.table !== 'filter' || !/^(?:INPUT|OUTPUT|FORWARD)$/.test(rule.chain)) return undefined
	if (!/^-A [A-Z]+ [A-Za-z0-9 .,:/_!-]{1,400}$/.test(rule.text)) return undefined
	const program = rule.quote.file.includes('ip6tables') ? 'ip6tables' : 'iptables'
	return [program, '-D', ...rule.text.split(' ').slice(1)]
}

/** Takes the rules away that drop what k3s needs. */
export function withoutRules(dropped: readonly Dropped[]): Remedy | undefined {
	const lines = new Map<string, Argv>()
	for (const one of dropped) {
		const argv = deletion(one)
		if (argv) lines.set(argv.join(' '), argv)
	}
	if (lines.size === 0) return undefined
	const commands = [...lines.values()]
	return {
		title: 'Take the rule away that drops this traffic',
		why: 'It is gone until whatever set it (a script, a firewall service) sets it again: find that too.',
		risk: 'safe',
		interrupts: 'nothing; the host is less shielded than before',
		steps: commands.map(run => ({ run })),
		undo: commands.map(([program, , ...rest]) => ({ run: [program, '-A', ...rest] as const })),
		recheck: ['firewall', 'probes', 'journal'],
	}
}

interface Opening {
	protocol: 'tcp' | 'udp'
	port: number
}

/** What a node of this kind has open to the other nodes. */
function openings(evidence: Evidence): Opening[] {
	const all: Opening[] = [
		{ protocol: 'udp', port: 8472 },
		{ protocol: 'tcp', port: 10250 },
	]
	return evidence.node.role === 'agent' ? all : [{ protocol: 'tcp', port: apiPort(evidence) }, ...all]
}

function podSources(evidence: Evidence): string[] {
	const known = clusterNetworks(evidence).map(({ text }) => text)
	return known.length > 0 ? known : ['10.42.0.0/16', '10.43.0.0/16']
}

/** Opens the ports in ufw or firewalld, whichever is on here. */
export function openFrontEnd(evidence: Evidence): Remedy | undefined {
	const { firewall } = evidence
	if (firewall?.ufw?.active) {
		const rules: readonly string[][] = [
			...openings(evidence).map(({ protocol, port }) => ['allow', `${port}/${protocol}`]),
			...podSources(evidence).map(source => ['allow', 'from', source, 'to', 'any']),
		]
		return {
			title: 'Allow the ports of k3s and its networks in ufw',
			why: 'ufw denies what is not allowed, and its rules come back with every boot.',
			risk: 'safe',
			interrupts: 'nothing',
			steps: rules.map(rule => ({ run: ['ufw', ...rule] as const })),
			undo: rules.map(rule => ({ run: ['ufw', 'delete', ...rule] as const })),
			recheck: ['firewall', 'probes', 'journal'],
		}
	}
	if (!firewall?.firewalld?.running) return undefined
	const ports = openings(evidence).map(({ protocol, port }) => `port=${port}/${protocol}`)
	const sources = podSources(evidence).map(source => `source=${source}`)
	const change = (verb: 'add' | 'remove') => [
		...ports.map(port => ({ run: ['firewall-cmd', '--permanent', `--${verb}-${port}`] as const })),
		...sources.map(source => ({
			run: ['firewall-cmd', '--permanent', '--zone=trusted', `--${verb}-${source}`] as const,
		})),
		{ run: ['firewall-cmd', '--reload'] as const },
	]
	return {
		title: 'Allow the ports of k3s and its networks in firewalld',
		why: 'firewalld rejects what its zones do not name.',
		risk: 'safe',
		interrupts: 'nothing',
		steps: change('add'),
		undo: change('remove'),
		recheck: ['firewall', 'probes', 'journal'],
	}
}

/** What is done on the server, or on the way to it. */
export function openServer(evidence: Evidence): Remedy {
	const link = serverUrl(evidence.config)
	const host = hostArgument(link?.host) ?? 'SERVER'
	const port = link?.port ?? 6443
	return {
		title: `Open the ports on the server ${host}`,
		why: 'The packets are swallowed there or on the way (a cloud security group, a router).',
		risk: 'safe',
		interrupts: 'nothing',
		steps: [
			{
				tell: `On ${host}, with the firewall that it uses:`,
				commands: [
					'ufw status verbose',
					`ufw allow ${port}/tcp`,
					'ufw allow 8472/udp',
					'firewall-cmd --list-all',
					`firewall-cmd --permanent --add-port=${port}/tcp --add-port=8472/udp --add-port=10250/tcp`,
					'firewall-cmd --reload',
					"iptables -S | grep -E 'DROP|REJECT'",
				],
			},
			{ tell: `In a cloud: the security group of the server must let ${port}/tcp in from this node.` },
		],
		recheck: ['probes', 'journal'],
	}
}

/** Where the guilty rule is no simple one of iptables. */
export function findRule(dropped: readonly Dropped[]): Remedy {
	const first = dropped[0]
	return {
		title: 'Find out who sets this rule, and change it there',
		why: 'Rules of ufw, firewalld, nftables.service or a script are set again at each boot: what is taken away by hand comes back.',
		risk: 'safe',
		interrupts: 'nothing',
		steps: [
			{
				tell: first ? `It is: ${first.quote.text.slice(0, 300)}` : 'Look through the filters:',
				commands: [
					'iptables-save | grep -nE "DROP|REJECT"',
					'nft -a list ruleset',
					'systemctl list-units --state=active ufw.service firewalld.service nftables.service netfilter-persistent.service',
				],
			},
		],
		recheck: ['firewall', 'probes'],
	}
}
