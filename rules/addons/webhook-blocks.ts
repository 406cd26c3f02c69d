import {
	type Evidence,
	type Finding,
	fact,
	hint,
	kubeNameArgument,
	log,
	nowOf,
	proof,
	rule,
	strong,
	type Webhook,
} from '../../src/rule.js'
import { apiQuote, citeEvent } from '../workload/cite.js'
import { inNamespace } from '../workload/commands.js'
import { isRecent } from '../workload/events.js'
import { fullName, hasSettled, minutes, seconds } from '../workload/pods.js'
import { podsBehind, serviceOf } from './backend.js'

const failing =
	/(?:failed calling webhook \\*"(?<name>[^"\\]{1,253})\\*"|conversion webhook for (?<kind>[\w./-]{1,253}, Kind=\w{1,100}) failed): (?<why>[^\n]{1,600}?)(?= err="|\n|$)/

type Lack = 'no-service' | 'no-pods' | 'no-endpoints'

/** What is wrong with the service behind a webhook, as far as the lists tell. */
function lackOf(evidence: Evidence, { service }: Webhook): Lack | undefined {
	if (!service || !evidence.cluster?.services) return undefined
	const found = serviceOf(evidence, service)
	if (!found) return 'no-service'
	if (!found.endpoints || found.endpoints.ready.length > 0) return undefined
	return podsBehind(evidence, found)?.length === 0 ? 'no-pods' : 'no-endpoints'
}

function closed({ failurePolicy }: Webhook): boolean {
	return failurePolicy !== 'Ignore'
}

function calls(evidence: Evidence) {
	return (evidence.cluster?.events ?? []).filter(
		event => failing.test(event.message) && isRecent(evidence, event, 15 * minutes),
	)
}

/** Names of webhooks that were called in vain lately. */
function calledInVain(evidence: Evidence): Set<string> {
	const names = new Set<string>()
	for (const { message } of calls(evidence)) names.add(failing.exec(message)?.groups?.name ?? '')
	for (const { lastText, lastAt } of evidence.journal?.messages ?? []) {
		const name = nowOf(evidence) - lastAt < 15 * minutes ? failing.exec(lastText)?.groups?.name : undefined
		if (name) names.add(name)
	}
	return names
}

function culprits(evidence: Evidence): Webhook[] {
	const vain = calledInVain(evidence)
	return (evidence.cluster?.webhooks ?? []).filter(
		hook => closed(hook) && (vain.has(hook.name) || lackOf(evidence, hook) !== undefined),
	)
}

function ofState(evidence: Evidence, hook: Webhook): Finding | undefined {
	const lack = lackOf(evidence, hook)
	if (!lack || !hook.service) return undefined
	const which = `${hook.configuration} (${hook.kind}, for ${hook.resources.join(', ') || 'everything'})`
	const quote = apiQuote(
		`${hook.kind}webhookconfigurations`,
		`${hook.name}: service ${hook.service.namespace}/${hook.service.name}, failurePolicy ${hook.failurePolicy}`,
	)
	const vain = calledInVain(evidence).has(hook.name)
	if (lack === 'no-service') {
		const says = `${which} asks the service ${fullName(hook.service)}, which does not exist`
		return vain ? proof('cluster', says, { quote }) : strong('cluster', says, { quote })
	}
	const behind = lack === 'no-pods' ? 'behind which there is no pod' : 'behind which no pod is ready'
	const says = `${which} asks the service ${fullName(hook.service)}, ${behind}`
	if (vain && lack === 'no-pods') return proof('cluster', says, { quote })
	if (vain || (lack === 'no-pods' && hasSettled(evidence, 30 * seconds)))
		return strong('cluster', says, { quote })
	// After a boot its pods come up like all others.
	return hasSettled(evidence, 5 * minutes) ? hint('cluster', says, { quote }) : undefined
}

export default rule({
	cause: 'webhook-blocks',
	title: 'An admission webhook that does not answer blocks changes',
	severity: 'warning',
	appliesTo: ['server'],
	explain:
		'The API server asks this webhook before it accepts certain objects, and refuses them when it gets no answer (failurePolicy Fail). The service behind it is gone, has no pod that is ready, or cannot be reached, so nothing of that kind can be created or changed: after a reboot often not even the pod of the webhook itself.',
	docs: [
		'https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/',
		'https://kubernetes.io/docs/concepts/cluster-administration/admission-webhooks-good-practices/',
	],
	signs: [
		fact(['cluster'], ({ cluster }, evidence) =>
			(cluster.webhooks ?? []).filter(closed).map(hook => ofState(evidence, hook)),
		),
		fact(['cluster'], (_have, evidence) =>
			calls(evidence)
				.slice(-3)
				.map(event => {
					const { name } = failing.exec(event.message)?.groups ?? {}
					return strong(
						'cluster',
						`${event.kind} ${fullName(event)} is refused: the webhook ${name} was not reached`,
						citeEvent(event),
					)
				}),
		),
		log(
			failing,
			({ name, kind, why }) =>
				`The API server cannot call the webhook ${name ?? `that converts ${kind}`}: ${(why ?? '').slice(0, 200)}`,
			{
				neverProof: true,
				if: (evidence, { lastText, lastAt, count }) =>
					nowOf(evidence) - lastAt < 15 * minutes &&
					(count > 2 || /failing closed/.test(lastText) || /service \\*"[^"]+\\*" not found/.test(lastText)),
			},
		),
	],
	leadsTo: [
		'manifest-deploy-failed',
		'helm-job-failed',
		'coredns-down',
		'metrics-server-down',
		'traefik-down',
		'local-path-failed',
		'pod-stuck-terminating',
	],
	remedies: evidence => {
		const [hook] = culprits(evidence)
		const kind = `${hook?.kind ?? 'validating'}webhookconfiguration`
		const name = kubeNameArgument(hook?.configuration)
		const service = hook?.service
		return [
			{
				title: 'Bring the service behind the webhook back',
				why: 'Then it does again what it was installed for.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'See what is there, and install or start what is missing:',
						commands: [
							`k3s kubectl ${inNamespace(service?.namespace)} get deployments,pods,services,endpointslices`,
							'k3s kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations',
						],
					},
				],
				recheck: ['cluster', 'journal'],
			},
			name
				? {
						title: `Delete the ${kind} ${name}`,
						why: 'When what it belonged to was removed, this is what was left behind. Nobody checks these objects any more afterwards; a copy of it is kept.',
						risk: 'destructive' as const,
						interrupts: 'the check that it made',
						preconditions: [{ apiReady: true as const }],
						steps: [{ kube: { delete: { kind, name } } }],
						recheck: ['cluster' as const, 'journal' as const],
					}
				: {
						title: 'Delete the webhook, or let it fail open',
						why: 'When what it belonged to was removed, this is what was left behind.',
						risk: 'destructive' as const,
						interrupts: 'the check that it made',
						steps: [
							{
								tell: 'Save it first:',
								commands: [
									`k3s kubectl get ${kind} NAME -o yaml > NAME.yaml`,
									`k3s kubectl delete ${kind} NAME`,
								],
							},
						],
						recheck: ['cluster' as const, 'journal' as const],
					},
		]
	},
})
