import { check, type Evidence, fail, pass, type Step, warn } from '../../src/check.js'
import { clusterNetworks } from '../network/cluster-networks.js'
import { droppedInbound, inboundTraffic } from './inbound.js'

/** The cluster's own networks, defaults where nothing is set. */
function networks(evidence: Evidence): string[] {
	const known = clusterNetworks(evidence).map(({ text }) => text)
	return known.length > 0 ? known : ['10.42.0.0/16', '10.43.0.0/16']
}

function openings(evidence: Evidence): { firewalld: Step; ufw: Step } {
	const traffic = inboundTraffic(evidence)
	const inside = networks(evidence)
	return {
		firewalld: {
			tell: 'Switch it off (systemctl disable --now firewalld), as k3s recommends, or open it:',
			commands: [
				...traffic.map(({ port, protocol }) => `firewall-cmd --permanent --add-port=${port}/${protocol}`),
				...inside.map(network => `firewall-cmd --permanent --zone=trusted --add-source=${network}`),
				'firewall-cmd --reload',
			],
		},
		ufw: {
			tell: 'Switch it off (ufw disable), as k3s recommends, or open it:',
			commands: [
				...traffic.map(({ port, protocol }) => `ufw allow ${port}/${protocol}`),
				...inside.map(network => `ufw allow from ${network} to any`),
			],
		},
	}
}

export default check({
	id: 'firewall',
	list: 'preflight',
	title: 'The packet filters of this host let the cluster through',
	explain:
		'k3s writes packet filter rules of its own. A firewall beside it has to let the ports of k3s and the networks of pods and services through; k3s recommends to switch firewalld and ufw off.',
	docs: [
		'https://docs.k3s.io/installation/requirements#networking',
		'https://docs.k3s.io/installation/requirements#operating-systems',
	],
	needs: ['firewall'],
	look: ({ firewall }, { more }) => {
		const { firewalld, ufw } = openings(more)
		const dropped = droppedInbound(more)
		const active = firewall.firewalld?.running ? firewalld : firewall.ufw?.active ? ufw : undefined
		const failures = dropped.map(({ port, protocol, from, dropped: { by, quote } }) =>
			fail(`what ${from} send to ${port}/${protocol} is thrown away ${by}`, {
				source: 'firewall',
				quote,
				...(active === undefined && {
					do: [
						{
							tell: 'Let it pass:',
							commands: [`iptables -I INPUT -p ${protocol} --dport ${port} -j ACCEPT`],
						},
					],
				}),
			}),
		)
		const running = firewall.firewalld?.running
			? firewallRuns(
					'firewalld',
					opensAll(more, firewall.firewalld.text),
					firewalld,
					'commands/firewall-cmd.txt',
				)
			: firewall.ufw?.active
				? firewallRuns('ufw', opensAll(more, firewall.ufw.text), ufw, 'commands/ufw-status.txt')
				: undefined
		if (failures.length > 0 || running) return [...failures, running]
		return pass('no rule throws away what other nodes send', { source: 'firewall' })
	},
})

function firewallRuns(name: string, missing: readonly string[], open: Step, file: string) {
	const quote = { file, text: name }
	if (missing.length === 0)
		return pass(`${name} is on, and lets the cluster through`, { source: 'firewall', quote })
	return warn(`${name} is on, and its rules do not name ${missing.join(', ')}`, {
		source: 'firewall',
		quote,
		do: [open],
	})
}

/** What the listing does not name: ports, and networks of the cluster. */
function opensAll(evidence: Evidence, text: string): string[] {
	const ports = inboundTraffic(evidence)
		.filter(({ port, protocol }) => !new RegExp(`(?<![\\d/])${port}(?:/${protocol})?(?![\\d])`).test(text))
		.map(({ port, protocol }) => `${port}/${protocol}`)
	return [...ports, ...networks(evidence).filter(network => !text.includes(network))]
}
