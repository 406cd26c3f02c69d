import {
	type Evidence,
	fact,
	hint,
	interruptsOfRestart,
	log,
	type Message,
	nowOf,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'

/** Rights are created in the first minutes of a start, and refusals before that are usual. Milliseconds. */
const settling = 180_000
const recent = 600_000

function stillRefused({ journal, service }: Evidence, message: Message, now: number): boolean {
	const readyAt = journal?.newest?.readyAt
	if (service?.state !== 'running' || readyAt === undefined) return false
	return message.lastAt - readyAt > settling && now - message.lastAt < recent && message.count >= 3
}

const forbidden =
	/(?:is forbidden: )?User "(?<user>system:(?:k3s[\w-]*|kube-[\w-]+|node:[\w.-]+|admin|apiserver|cloud-controller-manager|volume-scheduler)|k3s-cloud-controller-manager)" cannot (?<verb>\w+) resource "(?<resource>[\w.-]+)"/

/** A node that was renamed asks with the certificate of its old name: it lacks no right. */
function comesAsAnother({ text }: Message, user: string): boolean {
	const asked = /\bnodes \\?"(?<name>[^"\\]{1,253})\\?" is forbidden/.exec(text)?.groups?.name
	return asked !== undefined && user.startsWith('system:node:') && user !== `system:node:${asked}`
}

export default rule({
	cause: 'rbac-denied',
	title: 'A part of k3s lacks the rights that it needs',
	severity: 'warning',
	explain:
		'The API server refuses requests of k3s itself, because a cluster role or its binding is missing or was changed. k3s creates them at its start; somebody may have deleted or overwritten them, an admission webhook may keep them from being created, or the versions of server and agent differ too much.',
	docs: ['https://kubernetes.io/docs/reference/access-authn-authz/rbac/'],
	signs: [
		log(forbidden, ({ user, verb, resource }) => `${user} may not ${verb} ${resource}`, {
			if: (evidence, message, { user = '' }) =>
				stillRefused(evidence, message, nowOf(evidence)) && !comesAsAnother(message, user),
		}),
		log(forbidden, ({ user, verb, resource }) => `${user} may not ${verb} ${resource}`, {
			// k3s ends with these words, or waits with them for ever.
			if: (evidence, message, { user = '' }) =>
				/hanging|crash-looping|failed/.test(evidence.service?.state ?? '') &&
				(message.count > 2 || evidence.service?.failedStart?.end?.lastWord?.key === message.key) &&
				!comesAsAnother(message, user),
		}),
		log(
			/failed to check if RBAC allows|flannel failed to wait for RBAC/,
			'flannel waited for its rights in vain',
		),
		log(
			/unable to verify node identity|Failed to ensure node-password secret/,
			'the server could not look into the secrets of its nodes',
			{
				weight: 'hint',
				if: (_evidence, { count }) => count >= 3,
			},
		),
		fact(['podLogs'], ({ podLogs }, more) =>
			podLogs
				.filter(({ namespace }) => namespace === 'kube-system')
				.flatMap(({ pod, file, lines }) => {
					const refused = lines.filter(({ text }) => /is forbidden: User "system:serviceaccount:/.test(text))
					const line = refused.at(-1)
					const first = refused[0]
					const user = /User "(system:serviceaccount:[\w:.-]+)"/.exec(line?.text ?? '')?.[1]
					if (!line || !first) return []
					// While a cluster starts, an add-on may come before its rights.
					const goesOn = refused.length > 2 && line.at - first.at > settling && nowOf(more) - line.at < recent
					return [
						(goesOn ? strong : hint)(
							'podLogs',
							`${pod} is refused: ${user ?? 'its service account'} lacks a right`,
							{
								quote: { file, line: line.line, text: line.text.slice(0, 600) },
								at: line.at,
							},
						),
					]
				})
				.slice(0, 3),
		),
		// An agent's own credentials see but little, and that is right.
		fact(['api'], ({ api, node }) =>
			node.role !== 'agent' && /\(Forbidden\)|is forbidden: User/i.test(api.error ?? '')
				? strong('api', 'this node is refused by the API', {
						quote: { file: 'bundle.json', text: (api.error ?? '').slice(0, 400) },
					})
				: undefined,
		),
	],
	leadsTo: ['node-not-ready', 'local-path-failed', 'metrics-server-down', 'coredns-down'],
	remedies: ({ node }) => [
		{
			title: 'Restart k3s: it creates the roles that it needs',
			why: 'The API server puts its own roles and bindings right at each start; k3s applies its manifests again.',
			risk: 'restart',
			interrupts: interruptsOfRestart(node),
			steps:
				node.role === 'agent'
					? [{ tell: 'On a server:', commands: ['systemctl restart k3s'] }]
					: restartSteps(node),
			recheck: ['journal', 'api', 'cluster'],
		},
		{
			title: 'Look at the role and the binding that the refusal names',
			why: 'The refusal names who asked, and for what.',
			risk: 'safe',
			interrupts: 'nothing',
			steps: [
				{
					tell: 'With the names from the finding:',
					commands: [
						'k3s kubectl auth can-i --list --as=USER',
						'k3s kubectl get clusterrole,clusterrolebinding | grep -e k3s -e system:',
					],
				},
			],
			recheck: ['cluster'],
		},
	],
})
