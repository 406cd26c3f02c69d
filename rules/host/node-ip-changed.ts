import { configValue, type Evidence, fact, hint, log, proof, rule, strong } from '../../src/rule.js'
import { apiQuote } from '../workload/cite.js'
import {
	certifiedAddresses,
	configuredAddresses,
	foreignAddress,
	hostAddresses,
	isAddress,
	ownAddresses,
} from './identity.js'
import { movedMember } from './moved-member.js'
import { readdress } from './readdress.js'
import { said } from './said.js'
import { isRunning, isTroubled } from './state.js'

const now = (evidence: Evidence) => hostAddresses(evidence.network)[0]?.address ?? 'another one'

/** The address under which the cluster knows this node, which it had when k3s started and does not have now. */
function lostAddress(evidence: Evidence): { by: string; address: string } | undefined {
	const own = ownAddresses(evidence)
	// A certificate for an address of today was made today: then somebody else has written the other one.
	return certifiedAddresses(evidence).some(address => own.has(address)) ? undefined : foreignAddress(evidence)
}

const cannotListen =
	/listen (?:tcp|udp)\d? \[?(?<ip>[0-9a-fA-F.:]{2,45}?)\]?:\d{1,5}: bind: cannot assign requested address/

export default rule({
	cause: 'node-ip-changed',
	title: 'The address of this host has changed',
	severity: 'critical',
	severityHere: evidence => (isRunning(evidence) ? 'warning' : undefined),
	explain:
		'A node is known to the others by its address: etcd has it in its list of members, other nodes send pod traffic there, and agents look for the server there. This host has another address now (DHCP, another network card, a moved virtual machine), and what still names the old one no longer finds it.',
	docs: [
		'https://docs.k3s.io/datastore/ha-embedded',
		'https://docs.k3s.io/cli/server#cluster',
		'https://docs.k3s.io/installation/requirements#networking',
	],
	signs: [
		fact(['journal'], (_have, evidence) => {
			const moved = movedMember(evidence)
			if (!moved) return undefined
			const own = ownAddresses(evidence)
			const says = `etcd knows this server (${moved.name}) at ${moved.before}; it is at ${moved.now} now`
			// Still having the old address as well, it was rather told to use another one.
			return own.size > 0 && !own.has(moved.before)
				? proof('journal', says, moved.message)
				: strong('journal', says, moved.message)
		}),
		fact(['network', 'journal'], ({ network }, evidence) => {
			const moved = movedMember(evidence)
			const device = network.interfaces.find(({ addresses }) =>
				addresses.some(({ address }) => address === moved?.now),
			)
			return (
				moved &&
				device &&
				!ownAddresses(evidence).has(moved.before) &&
				strong('network', `${device.name} has ${moved.now}, and no interface has ${moved.before}`, {
					quote: { file: 'commands/ip-addr.json', text: `${device.name} ${moved.now}` },
				})
			)
		}),
		fact(['cluster', 'network'], (_have, evidence) => {
			const lost = lostAddress(evidence)
			if (!lost) return undefined
			const says = `The cluster knows this node at ${lost.address} (${lost.by}), which no interface of this host has; it has ${now(evidence)}`
			return strong('cluster', says, { quote: apiQuote('nodes', `${lost.by}: ${lost.address}`) })
		}),
		fact(['network', 'service'], ({ network }, evidence) => {
			const own = ownAddresses(evidence)
			const tunnel = network.interfaces.find(
				({ name, vxlan }) => /^flannel/.test(name) && vxlan?.local !== undefined && !own.has(vxlan.local),
			)
			return (
				tunnel &&
				isRunning(evidence) &&
				hint(
					'network',
					`${tunnel.name} still sends from ${tunnel.vxlan?.local}, which this host no longer has`,
					{ quote: { file: 'commands/ip-addr.json', text: `${tunnel.name} local ${tunnel.vxlan?.local}` } },
				)
			)
		}),
		fact(['certificates', 'network'], (_have, evidence) => {
			const own = ownAddresses(evidence)
			const names = certifiedAddresses(evidence)
			const named = configuredAddresses(evidence)
			if (names.length === 0 || own.size === 0) return undefined
			if (names.some(address => own.has(address) || named.has(address))) return undefined
			return hint(
				'certificates',
				`The kubelet's certificate was made for ${names.join(', ')}; this host has ${now(evidence)}`,
				{
					quote: {
						file: `files${evidence.node.dataDir}/agent/serving-kubelet.crt`,
						text: names.join(', '),
					},
				},
			)
		}),
		fact(['config', 'network', 'service'], ({ config }, evidence) => {
			const given = configValue(config, 'node-ip')?.split(',')[0]?.trim()
			const own = ownAddresses(evidence)
			if (!given || !isAddress(given) || own.size === 0 || own.has(given)) return undefined
			if (isRunning(evidence) && !certifiedAddresses(evidence).includes(given)) return undefined
			const origin = config.values.get('node-ip')?.origin
			const says = `node-ip is ${given}, which no interface of this host has (it has ${now(evidence)})`
			const cite = {
				quote: {
					file: origin?.file.startsWith('/') ? `files${origin.file}` : (origin?.file ?? ''),
					text: `node-ip: ${given}`,
					...(origin?.line && { line: origin.line }),
				},
			}
			// Once it was right: the certificate of an earlier start has it.
			return certifiedAddresses(evidence).includes(given) && isTroubled(evidence)
				? strong('config', says, cite)
				: hint('config', says, cite)
		}),
		said(
			/failed to validate nodeIP: node IP: \W{0,3}(?<ip>[0-9a-fA-F.:]{2,45})\W{0,3} not found in the host's network interfaces/,
			match => `the kubelet does not find the node's address ${match.groups?.ip} on this host`,
		),
		said(cannotListen, match => `k3s cannot listen on ${match.groups?.ip}: this host does not have it`, {
			if: (evidence, { lastText }) => {
				const own = ownAddresses(evidence)
				return own.size > 0 && !own.has(cannotListen.exec(lastText)?.groups?.ip ?? '')
			},
		}),
		log(
			/failed to find interface with specified node ip/,
			'the network policy controller does not find the address of the node on this host',
			{
				neverProof: true,
				// Nothing but a log: it names the address that the node was told, and nobody can say who is right.
				if: evidence => evidence.network === undefined || lostAddress(evidence) !== undefined,
			},
		),
	],
	leadsTo: [
		'etcd-member-conflict',
		'etcd-peer-unreachable',
		'cert-san-missing',
		'flannel-start-failed',
		'flannel-iface-wrong',
		'vxlan-blocked',
		'konnectivity-tunnel-down',
		'api-unreachable',
		'node-not-ready',
	],
	remedies: evidence => readdress(evidence, movedMember(evidence), lostAddress(evidence)?.address),
})
