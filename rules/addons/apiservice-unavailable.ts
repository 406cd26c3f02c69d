import {
	type ApiService,
	type Evidence,
	fact,
	kubeNameArgument,
	log,
	persists,
	proof,
	rule,
	strong,
} from '../../src/rule.js'
import { apiQuote } from '../workload/cite.js'
import { inNamespace } from '../workload/commands.js'
import { fullName, hasSettled, isOlderThan, minutes, seconds } from '../workload/pods.js'
import { podsBehind, serviceOf } from './backend.js'
import { discoveryFails, onlyMetrics } from './discovery.js'

/** k3s's own metrics API has a cause of its own. */
const isMetrics = ({ name, service }: ApiService) =>
	name.endsWith('.metrics.k8s.io') &&
	service?.namespace === 'kube-system' &&
	service.name === 'metrics-server'

function down({ cluster }: Evidence): ApiService[] {
	return (cluster?.apiServices ?? []).filter(
		api => !api.available && api.service !== undefined && !isMetrics(api),
	)
}

/** A service that is not there, or has no pod at all, does not come up by waiting; one whose pod starts may. */
function lasts(evidence: Evidence, { reason, since, service }: ApiService): boolean {
	if (reason === 'ServiceNotFound') return true
	const found = service && serviceOf(evidence, service)
	const pods = found && podsBehind(evidence, found)
	if (pods?.length === 0)
		return isOlderThan(evidence, since, 20 * seconds) && hasSettled(evidence, 30 * seconds)
	return isOlderThan(evidence, since, 2 * minutes) && hasSettled(evidence, 2 * minutes)
}

export default rule({
	cause: 'apiservice-unavailable',
	title: 'An aggregated API does not answer',
	severity: 'warning',
	appliesTo: ['server'],
	explain:
		'Some APIs are served by a pod and only passed on by the API server (an APIService object). That pod or its service is gone, so every client that asks which APIs there are waits or complains, garbage collection pauses, and namespaces cannot be deleted, because nobody knows what is in them.',
	docs: [
		'https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/apiserver-aggregation/',
		'https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/',
	],
	signs: [
		fact(['cluster'], (_have, evidence) =>
			down(evidence)
				.filter(api => lasts(evidence, api))
				.map(({ name, service, reason, message, since }) => {
					const says = `${name} is not available${service ? ` from ${fullName(service)}` : ''}: ${reason}`
					return proof('cluster', says, { quote: apiQuote('apiservices', message || reason), at: since })
				}),
		),
		log(
			/(?<group>[a-z0-9.-]{1,200}\/v\w{1,20}): stale GroupVersion discovery/,
			({ group }) => `Discovery of ${group} fails`,
			{
				weight: 'hint',
				if: (evidence, { lastText }) =>
					down(evidence).some(
						({ name }) =>
							lastText.includes(`${name.slice(name.indexOf('.') + 1)}/`) && hasSettled(evidence, 0),
					),
			},
		),
		log(
			/Error updating APIService \\*"(?<name>[a-z0-9.-]{1,253})\\*"[^\n]{0,400}/,
			({ name }) => `The API server cannot fetch what ${name} offers`,
			{
				weight: 'hint',
				if: (evidence, { lastText }) => down(evidence).some(({ name }) => lastText.includes(name)),
			},
		),
		log(discoveryFails, ({ groups = '' }) => `Discovery of APIs fails: ${groups}`, {
			neverProof: true,
			// Where the list of them was answered, it tells better.
			if: (evidence, message, { groups = '' }) =>
				evidence.cluster?.apiServices === undefined && !onlyMetrics(groups) && persists(evidence, message),
		}),
		fact(['cluster'], ({ cluster }, evidence) =>
			(cluster.namespaces ?? [])
				.filter(({ phase }) => phase === 'Terminating')
				.flatMap(namespace =>
					namespace.conditions
						.filter(({ type, status }) => type === 'NamespaceDeletionDiscoveryFailure' && status === 'True')
						.filter(() => down(evidence).length > 0)
						.map(({ message, since }) =>
							strong('cluster', `The namespace ${namespace.name} cannot be deleted: discovery fails`, {
								quote: apiQuote('namespaces', message),
								at: since,
							}),
						),
				),
		),
	],
	leadsTo: ['pod-stuck-terminating'],
	remedies: evidence => {
		const [api] = down(evidence).filter(candidate => lasts(evidence, candidate))
		const name = kubeNameArgument(api?.name)
		return [
			{
				title: 'Bring back what serves it',
				why: 'The API belongs to something that was installed here: an adapter, an operator, a metrics source.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'See what is there:',
						commands: [
							`k3s kubectl get apiservice ${name ?? 'NAME'} -o yaml`,
							`k3s kubectl ${inNamespace(api?.service?.namespace)} get deployments,pods,services,endpointslices`,
						],
					},
				],
				recheck: ['cluster', 'journal'],
			},
			name && api?.service
				? {
						title: `Delete the APIService ${name}`,
						why: 'When what served it was removed, this is what was left behind. A copy of it is kept.',
						risk: 'destructive' as const,
						interrupts: 'clients of that API, which get no answer as it is',
						preconditions: [{ apiReady: true as const }],
						steps: [{ kube: { delete: { kind: 'apiservice', name } } }],
						recheck: ['cluster' as const, 'journal' as const],
					}
				: undefined,
		]
	},
})
