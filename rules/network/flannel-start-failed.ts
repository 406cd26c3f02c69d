import {
	type Evidence,
	fact,
	hint,
	interruptsOfRestart,
	log,
	persists,
	presence,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { withoutFlannel } from '../kinds.js'
import { apiQuote } from '../workload/cite.js'
import { hasSettled, isOlderThan, minutes } from '../workload/pods.js'
import { flannelBackend, usesFlannel } from './cluster-networks.js'
import { withoutNetwork } from './sandbox-events.js'

/** Ends of flannel that have a cause of their own. */
const elsewhere =
	/default (?:v6 )?route|doesn't contain|address for interface|address found for given interface|looking up interface|determine MTU|[iI][pP]6?[tT]ables|must share the same IP|Forbidden|forbidden|x509|Unauthorized|unknown flannel backend/

const another =
	/failed to create vxlan device: (?:file exists|address already in use)|address already in use|file exists/

/** Interfaces of other overlays that want flannel's number or port. */
function rivals({ network }: Evidence): string[] {
	return (network?.interfaces ?? [])
		.filter(({ name, vxlan }) => vxlan !== undefined && name !== 'flannel.1')
		.filter(({ vxlan }) => vxlan?.id === 1 || vxlan?.port === 8472)
		.map(({ name }) => name)
}

/** It wrote its subnet meanwhile: what the kubelet said before is over. */
function hasSubnet({ files, network }: Evidence): boolean {
	const there = files ? presence(files, '/run/flannel/subnet.env') : 'unknown'
	// Where nobody looked: flannel makes its device and writes the file in one go.
	const device = network?.interfaces.some(
		({ name, addresses }) => /^flannel/.test(name) && addresses.length > 0,
	)
	return there === 'present' || (there === 'unknown' && device === true)
}

export default rule({
	cause: 'flannel-start-failed',
	title: 'flannel does not start',
	severity: 'critical',
	notFor: withoutFlannel,
	explain:
		"flannel connects the pods of this node with those of others. It needs a range of addresses from the controller manager (the node's podCIDR), a kernel that can do what its backend wants, and the API server. Without it there is no /run/flannel/subnet.env, no pod gets an address, and k3s may end.",
	docs: [
		'https://docs.k3s.io/networking/basic-network-options',
		'https://github.com/flannel-io/flannel/blob/master/Documentation/troubleshooting.md',
	],
	signs: [
		log(
			/(?<why>failed to (?:register flannel network|create the flannel backend|create the SubnetManager|get the network config|acquire lease)[^"\n]{0,240}|flannel failed to wait for PodCIDR assignment[^"\n]{0,120}|error parsing subnet config[^"\n]{0,160}|could not create wireguard interface[^"\n]{0,160}|failed to open wgctrl[^"\n]{0,120}|took too long to get ready\. Please check your network host configuration|your PublicIP differs from interface IP[^"\n]{0,120}|failed to patch node[^"\n]{0,160})/,
			({ why }) => `flannel could not start: ${why}`,
			{ if: (_evidence, { text }) => !elsewhere.test(text) },
		),
		log(/flannel exited: (?<why>[^\n]{1,300})/, ({ why }) => `flannel ended: ${why}`, {
			if: (_evidence, { text }) => !elsewhere.test(text),
		}),
		fact(['network'], (_have, evidence) => {
			const said = evidence.journal?.messages.some(({ text }) => /flannel/.test(text) && another.test(text))
			const found = rivals(evidence)
			return said && found.length > 0
				? strong(
						'network',
						`another overlay uses the number or port of flannel's device: ${found.join(', ')}`,
						{
							quote: { file: 'commands/ip-addr.json', text: found.join(', ') },
						},
					)
				: undefined
		}),
		// While k3s starts, this is said for some seconds.
		log(
			/failed to (?:setup|set up) network for sandbox[^\n]{0,400}subnet\.env: no such file/,
			'flannel has not written /run/flannel/subnet.env, so that no pod gets an address',
			{
				neverProof: true,
				if: (evidence, message) =>
					flannelBackend(evidence) !== 'none' && !hasSubnet(evidence) && persists(evidence, message),
			},
		),
		fact(['files', 'service'], ({ files }, evidence) => {
			if (!usesFlannel(evidence) || !hasSettled(evidence, 2 * minutes)) return undefined
			if (presence(files, '/run/flannel/subnet.env') !== 'absent') return undefined
			// An agent only knows from its last start whether the cluster uses flannel.
			const weigh = evidence.node.role === 'server' ? strong : hint
			return weigh('files', 'k3s is up, but flannel has not written /run/flannel/subnet.env', {
				quote: { file: 'commands/files.tsv', text: '/run/flannel' },
			})
		}),
		fact(['cluster'], (_have, evidence) =>
			flannelBackend(evidence) === 'none' || hasSubnet(evidence)
				? undefined
				: withoutNetwork(
						evidence,
						/subnet\.env: no such file/,
						() => 'flannel has not written /run/flannel/subnet.env, so that no pod gets an address',
					),
		),
		fact(['cluster', 'service'], ({ cluster }, evidence) => {
			const { self } = cluster
			if (!self || self.podCidrs.length > 0 || !usesFlannel(evidence)) return undefined
			if (!isOlderThan(evidence, self.createdAt, 3 * minutes) || !hasSettled(evidence, 3 * minutes))
				return undefined
			return strong('cluster', `the controller manager has given ${self.name} no podCIDR`, {
				quote: apiQuote('nodes', `${self.name}: spec.podCIDR is missing`),
			})
		}),
	],
	leadsTo: ['cni-not-ready', 'node-not-ready', 'coredns-down', 'vxlan-blocked'],
	remedies: evidence => {
		const { node } = evidence
		const found = rivals(evidence)
		const backend = flannelBackend(evidence)
		return [
			found.length > 0 && {
				title: 'Decide between flannel and the other overlay',
				why: `${found.join(', ')} has the same vxlan number or port. Left over from another CNI or Docker Swarm, it can be deleted; if it is in use, the two cannot share the host.`,
				risk: 'restart' as const,
				interrupts: 'what uses the other overlay',
				steps: [
					{
						tell: 'Look at it, and delete it if nothing uses it:',
						commands: [
							...found
								.slice(0, 4)
								.map(name => `ip -d link show ${/^[\w.-]{1,15}$/.test(name) ? name : 'DEVICE'}`),
							'ip link delete DEVICE',
							`systemctl restart ${node.unit}`,
						],
					},
				],
				recheck: ['network' as const, 'journal' as const],
			},
			{
				title: 'Restart k3s, so that flannel tries again',
				why: 'Right after the reason was put away, or where the API server was not reachable for a moment.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				steps: restartSteps(node),
				recheck: ['journal', 'files', 'runtime', 'cluster'],
			},
			{
				title: 'See what flannel needs and does not get',
				why: 'The podCIDR comes from the controller manager of a server; the devices from the kernel.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'On a server, and here:',
						commands: [
							'k3s kubectl get nodes -o custom-columns=NAME:.metadata.name,PODCIDR:.spec.podCIDR',
							`ip -d link show ${backend === 'wireguard-native' ? 'flannel-wg' : 'flannel.1'}`,
							backend === 'wireguard-native' ? 'modprobe wireguard' : 'modprobe vxlan',
						],
					},
				],
				recheck: ['network', 'journal'],
			},
		]
	},
})
