import {
	type Evidence,
	type Finding,
	fact,
	hint,
	type KubeService,
	proof,
	rule,
	strong,
} from '../../src/rule.js'
import { withoutAddOn } from '../kinds.js'
import { apiQuote } from '../workload/cite.js'
import { inNamespace, nameOr, restartCommand } from '../workload/commands.js'
import { addOnOf, fullName, listed } from '../workload/pods.js'
import { type Refusal, refusals } from '../workload/scheduling.js'

function portless(evidence: Evidence): Refusal[] {
	return refusals(evidence).filter(
		({ pod, obstacles }) => addOnOf(pod) === 'servicelb' && obstacles.has('ports'),
	)
}

/** Services of type LoadBalancer that ask for the same port. */
function rivals({ cluster }: Evidence): { port: number; services: KubeService[] }[] {
	const byPort = new Map<string, { port: number; services: KubeService[] }>()
	for (const service of cluster?.services ?? []) {
		if (service.type !== 'LoadBalancer') continue
		for (const { port, protocol } of service.ports) {
			const key = `${protocol} ${port}`
			const found = byPort.get(key) ?? { port, services: [] }
			if (!found.services.includes(service)) found.services.push(service)
			byPort.set(key, found)
		}
	}
	return [...byPort.values()].filter(({ services }) => services.length > 1)
}

function ofRivals(evidence: Evidence): Finding[] {
	return rivals(evidence)
		.filter(({ services }) => services.some(({ externalAddresses }) => externalAddresses.length === 0))
		.map(({ port, services }) => {
			const says = `Port ${port} is wanted by several LoadBalancer services: ${listed(services.map(fullName))}`
			const without = services.filter(({ externalAddresses }) => externalAddresses.length === 0)
			const quote = apiQuote('services', `${listed(without.map(fullName))} has no address`)
			// Another load balancer than k3s's may share ports, or give each an address of its own.
			return portless(evidence).length > 0
				? strong('cluster', says, { quote })
				: hint('cluster', says, { quote })
		})
}

export default rule({
	cause: 'servicelb-port-conflict',
	title: 'A LoadBalancer service gets no port: it is taken',
	severity: 'warning',
	appliesTo: ['server'],
	notFor: withoutAddOn('servicelb'),
	explain:
		"k3s's own load balancer (ServiceLB) starts a pod svclb-NAME on the nodes for each LoadBalancer service, and that pod takes the service's port on the host. A port can be had once on each node: Traefik has 80 and 443. The second service stays without an address, and its pod pending.",
	docs: ['https://docs.k3s.io/networking/networking-services#service-load-balancer'],
	signs: [
		fact(['cluster'], (_have, evidence) =>
			portless(evidence).map(({ pod, text, total, since }) =>
				proof('cluster', `${fullName(pod)} finds no node with its port free`, {
					quote: apiQuote('pods', `0/${total} nodes are available: ${text}`),
					at: since,
				}),
			),
		),
		fact(['cluster'], (_have, evidence) => ofRivals(evidence)),
	],
	leadsTo: ['pod-unschedulable'],
	remedies: evidence => {
		const rival = rivals(evidence)[0]?.services.find(
			({ externalAddresses }) => externalAddresses.length === 0,
		)
		const where = inNamespace(rival?.namespace)
		return [
			{
				title: 'Use an Ingress, or another port',
				why: 'Web applications share ports 80 and 443 through the ingress controller; other services need a port of their own.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'See who has which port, then change one of them:',
						commands: [
							'k3s kubectl get svc -A | grep LoadBalancer',
							`k3s kubectl ${where} edit svc ${nameOr(rival?.name, 'SERVICE')}`,
						],
					},
				],
				recheck: ['cluster'],
			},
			{
				title: 'Do without the Traefik of k3s',
				why: 'If another ingress controller is to have ports 80 and 443. Everything that goes through Traefik then ends.',
				risk: 'destructive',
				interrupts: 'every ingress that Traefik serves',
				steps: [
					{
						tell: 'On every server, disable: [traefik] in /etc/rancher/k3s/config.yaml, then:',
						commands: [restartCommand(evidence.node)],
					},
				],
				recheck: ['config', 'cluster'],
			},
		]
	},
})
