import {
	configValue,
	type Evidence,
	fact,
	hint,
	interruptsOfRestart,
	log,
	nowOf,
	proof,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { nodeName } from './identity.js'
import { goesOn, isRunning, isTroubled } from './state.js'

/** RFC 1123, as Kubernetes wants the name of a node; k3s writes it in lower case itself. */
const valid = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/

const refused =
	/(?:[Uu]nable to register node|Node|CSINode|Lease)[^\n]{0,300}(?:is invalid: )?metadata\.(?:name|labels)[^\n]{0,60}: Invalid value: \\?"(?<name>[^"\\]{1,253})|failed to get node name and addresses: (?<why>[^\n]{1,200})|(?<lookup>lookup \S{1,253}[^\n]{0,60}: no such host)/

function faultOf(name: string): string | undefined {
	if (name === '') return 'the host has no name'
	if (/^localhost(?:\.|$)/.test(name)) return `the host is called ${name}, a name that every host has`
	if (name.includes('_')) return `${name} has an underscore, which no name of a node may have`
	if (!valid.test(name)) return `${name} is no valid name of a node (letters, digits, "-" and "." only)`
	return undefined
}

/** The name is asked for and the resolver said that it does not exist. */
function isUnresolved({ names, node }: Evidence): boolean {
	const lookup = names?.lookups.get(names.hostname) ?? names?.lookups.get(node.hostname)
	return lookup !== undefined && lookup.length === 0
}

export default rule({
	cause: 'hostname-invalid',
	title: 'The hostname cannot be the name of a node',
	severity: 'critical',
	severityHere: evidence => (isRunning(evidence) ? 'warning' : undefined),
	explain:
		'k3s registers a host under its hostname, in lower case. The name must consist of letters, digits, hyphens and dots, and must be the only one of its kind in the cluster: with an underscore the API server refuses the node, and hosts that are all called localhost take each other for the same node.',
	docs: [
		'https://docs.k3s.io/installation/requirements#prerequisites',
		'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names',
	],
	signs: [
		log(
			/Sending HTTP\/\S+ 400 response to (?<peer>\S{3,60}): node name not set/,
			({ peer }) => `a node that wants to join from ${peer} says no name`,
			{
				neverProof: true,
				if: (evidence, message) =>
					evidence.node.role !== 'agent' && message.count > 2 && goesOn(evidence, message.lastAt),
			},
		),
		fact(['names'], ({ names }, evidence) => {
			const name = nodeName(evidence)
			const fault = faultOf(name)
			if (!fault) return undefined
			const given = configValue(evidence.config, 'node-name') !== undefined
			const quote = given
				? { file: 'files/etc/rancher/k3s/config.yaml', text: `node-name: ${name}` }
				: { file: 'commands/hostname.txt', line: 1, text: names.hostname }
			const usable = valid.test(name)
			// A single node may well be called localhost; a name that the API refuses never works.
			if (usable && isRunning(evidence)) return hint('names', fault, { quote })
			return (usable ? strong : proof)('names', fault, { quote })
		}),
		log(
			/metadata\.name: Invalid value: \\?"(?<name>[^"\\]{1,253})\\?": a lowercase RFC 1123/,
			({ name }) => `the API server refuses the name ${name}`,
			{
				if: (evidence, { lastText }, { name = '' }) =>
					/[Nn]ode/.test(lastText) && (name === nodeName(evidence) || faultOf(name) !== undefined),
			},
		),
		log(
			/failed to get node name and addresses: (?<why>[^\n]{1,200})/,
			({ why }) => `k3s cannot tell its name or address: ${why}`,
			{
				if: (_evidence, { lastText }) => /hostname|lookup/.test(lastText) && !/default route/.test(lastText),
			},
		),
		log(
			/lookup (?<name>[A-Za-z0-9_.-]{1,253})(?: on \S+)?: no such host/,
			({ name }) => `the host's own name ${name} cannot be resolved`,
			{
				weight: 'hint',
				if: (evidence, { lastAt }, { name = '' }) =>
					name.toLowerCase() === evidence.node.hostname.toLowerCase() &&
					isUnresolved(evidence) &&
					nowOf(evidence) - lastAt < 900_000,
			},
		),
		fact(['names', 'service'], ({ names }, evidence) =>
			isUnresolved(evidence) &&
			isTroubled(evidence) &&
			evidence.journal?.messages.some(
				({ lastText }) => refused.test(lastText) && lastText.includes(names.hostname),
			)
				? hint('names', `${names.hostname} stands neither in /etc/hosts nor in the DNS`, {
						quote: { file: 'files/etc/hosts', text: names.hostname },
					})
				: undefined,
		),
	],
	leadsTo: ['hostname-duplicate', 'hostname-changed', 'node-password-rejected', 'node-not-ready'],
	remedies: ({ node }) => [
		{
			title: 'Give the host a proper name',
			why: 'Do it before the node joins: a node that gets another name later is another node to the cluster.',
			risk: 'restart',
			interrupts: interruptsOfRestart(node),
			steps: [
				{
					tell: 'A short name of letters, digits and hyphens that no other host has; put it into /etc/hosts too:',
					commands: [
						'hostnamectl set-hostname NEW-NAME',
						"echo '127.0.1.1 NEW-NAME' >> /etc/hosts",
						`systemctl restart ${node.unit}`,
					],
				},
			],
			recheck: ['names', 'units', 'journal', 'cluster'],
		},
		{
			title: 'Keep the hostname, and add a suffix to the name of the node',
			why: 'With with-node-id k3s appends a random number that it keeps in /etc/rancher/node/id. It does not help against an underscore.',
			risk: 'restart',
			interrupts: interruptsOfRestart(node),
			steps: [{ edit: '/etc/rancher/k3s/config.yaml', set: { 'with-node-id': true } }, ...restartSteps(node)],
			recheck: ['names', 'units', 'journal', 'cluster'],
		},
	],
})
