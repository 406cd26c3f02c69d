import {
	configValue,
	type Evidence,
	fact,
	hint,
	interruptsOfRestart,
	kubeNameArgument,
	log,
	nowOf,
	proof,
	type Remedy,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { apiQuote } from '../workload/cite.js'
import { certifiedName, formerNode, formerRegistration, memberName } from './former-name.js'
import { isOwnName, nodeName } from './identity.js'
import { isRunning, isTroubled } from './state.js'

/** The name that this host had before, by whatever tells it. */
function formerName(evidence: Evidence): string | undefined {
	const names = [
		formerNode(evidence)?.name,
		certifiedName(evidence),
		formerRegistration(evidence)?.name,
		memberName(evidence),
	]
	return kubeNameArgument(names.find(name => name !== undefined && !isOwnName(evidence, name)))
}

/** Volumes that can only be used on the node of that name. */
function boundVolumes({ cluster }: Evidence, name: string): number {
	return (cluster?.volumes ?? []).filter(({ nodeAffinity }) => nodeAffinity.includes(name)).length
}

export default rule({
	cause: 'hostname-changed',
	title: 'The host was renamed, and is another node now',
	severity: 'critical',
	severityHere: evidence => (isRunning(evidence) ? 'warning' : undefined),
	explain:
		'To Kubernetes the name is the node. After a change of the hostname k3s registers a new node, and the old one stays behind, not ready: its pods are not started here, volumes of local-path are bound to it, and etcd knows the server by the old name.',
	docs: [
		'https://docs.k3s.io/cli/agent#node',
		'https://docs.k3s.io/architecture#how-agent-node-registration-works',
	],
	signs: [
		fact(['cluster'], (_have, evidence) => {
			const former = formerNode(evidence)
			if (!former) return undefined
			const volumes = boundVolumes(evidence, former.name)
			const bound = volumes > 0 ? `; ${volumes} local volume${volumes > 1 ? 's are' : ' is'} bound to it` : ''
			const address = former.addresses.find(({ type }) => type === 'InternalIP')?.address ?? ''
			return (evidence.cluster?.self ? proof : strong)(
				'cluster',
				`The node ${former.name} has the address of this host (${address}) and is not ready; this host is called ${nodeName(evidence)} now${bound}`,
				{
					quote: apiQuote('nodes', `${former.name} InternalIP ${address}`),
					at: former.conditions.find(({ type }) => type === 'Ready')?.since,
				},
			)
		}),
		fact(['journal'], (_have, evidence) => {
			const before = formerRegistration(evidence)
			if (!before) return undefined
			const nodes = evidence.cluster?.nodes
			// The old node was deleted: the change of name is over and done with.
			const gone =
				nodes !== undefined &&
				evidence.node.role !== 'agent' &&
				!nodes.some(({ name }) => name === before.name)
			if (gone) return undefined
			const says = `This host registered as ${before.name} before; now it is ${nodeName(evidence)}`
			const lies =
				nodes?.some(({ name }) => name === before.name) ||
				isTroubled(evidence) ||
				// An agent sees no other node: what it left behind lately is probably still there.
				nowOf(evidence) - before.at < 86_400_000
			return (lies ? strong : hint)('journal', says, { quote: before.quote, at: before.at })
		}),
		fact(['certificates'], (_have, evidence) => {
			const name = certifiedName(evidence)
			if (name === undefined || isOwnName(evidence, name) || isRunning(evidence)) return undefined
			return strong(
				'certificates',
				`The kubelet's certificate is for the node ${name}; this host is ${nodeName(evidence)} now`,
				{
					quote: {
						file: `files${evidence.node.dataDir}/agent/client-kubelet.crt`,
						text: `CN=system:node:${name}`,
					},
				},
			)
		}),
		fact(['files'], (_have, evidence) => {
			const name = memberName(evidence)
			if (name === undefined || isOwnName(evidence, name)) return undefined
			// etcd keeps the first name for ever and is content with it.
			const matters = !isRunning(evidence) || formerNode(evidence)?.name === name
			return (
				matters &&
				hint('files', `etcd knows this server as ${name}`, {
					quote: { file: `files${evidence.node.dataDir}/server/db/etcd/name`, line: 1, text: name },
				})
			)
		}),
		log(
			/header node name does not match auth node name|node "(?<cert>[^"]{1,253})" (?:is not allowed to|cannot) modify node "(?<now>[^"]{1,253})"|nodes "(?<asked>[^"]{1,253})" is forbidden: User "system:node:(?!\k<asked>")(?<user>[^"]{1,253})" cannot/,
			({ cert, now, user, asked }) =>
				(cert ?? user)
					? `this host comes with the certificate of ${cert ?? user} and calls itself ${now ?? asked}`
					: 'a node calls itself otherwise than its certificate',
			{
				// On a server these words may be about another node.
				if: (evidence, _message, { now, asked }) => {
					const name = now ?? asked
					return evidence.node.role === 'agent' || (name !== undefined && isOwnName(evidence, name))
				},
			},
		),
	],
	leadsTo: [
		'etcd-member-conflict',
		'node-password-rejected',
		'pvc-pending',
		'local-path-failed',
		'pod-stuck-terminating',
		'pod-unschedulable',
		'node-not-ready',
	],
	remedies: evidence => {
		const { node, config } = evidence
		const former = formerName(evidence)
		const now = kubeNameArgument(nodeName(evidence)) ?? 'NEW'
		const common = {
			risk: 'restart' as const,
			interrupts: `${interruptsOfRestart(node)}; pods of the new node name start anew`,
			recheck: ['names' as const, 'units' as const, 'journal' as const, 'cluster' as const],
		}
		const keep: Remedy = {
			...common,
			title: former
				? `Let the node be ${former} again, whatever the host is called`
				: 'Let the node have its old name again',
			why: 'Its pods, volumes and etcd member are right again. The hostname can stay as it is.',
			steps: [
				former && configValue(config, 'node-name') === undefined
					? { edit: '/etc/rancher/k3s/config.yaml', set: { 'node-name': former } }
					: {
							tell: 'Set node-name in /etc/rancher/k3s/config.yaml to the old name, or rename the host back (hostnamectl set-hostname OLD).',
						},
				...restartSteps(node),
				{
					tell: 'Once the old node is Ready, take away the one that was made by mistake; on a server with etcd look first that it is no member of its own:',
					commands: ['k3s kubectl get nodes -o wide', `k3s kubectl delete node ${now}`],
				},
			],
		}
		const adopt: Remedy = {
			title: 'Keep the new name, and give the old node up',
			why: 'Right for a node without local volumes. What local-path stored for the old node has to be moved by hand.',
			risk: 'destructive',
			interrupts: 'pods that were bound to the old node are made anew; its local volumes are lost to them',
			steps: [
				{
					tell: `On a server, after a look at what is bound to it${former ? ` (${boundVolumes(evidence, former)} local volumes)` : ''}:`,
					commands: ['k3s kubectl get pv -o wide', `k3s kubectl delete node ${former ?? 'OLD'}`],
				},
			],
			recheck: ['cluster'],
		}
		return [keep, adopt]
	},
})
