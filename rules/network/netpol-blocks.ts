import { type Evidence, fact, hint, kubeNameArgument, log, nowOf, rule, strong } from '../../src/rule.js'
import { recentLogs } from '../workload/logs.js'
import { listed, minutes } from '../workload/pods.js'

type Policy = NonNullable<NonNullable<Evidence['cluster']>['networkPolicies']>[number]

/** Policies that are about every pod of their namespace. */
function broad({ cluster }: Evidence): Policy[] {
	return (cluster?.networkPolicies ?? []).filter(({ podSelector }) => Object.keys(podSelector).length === 0)
}

/** What a pod says when it may not ask for names, or may not speak to anybody. kube-router refuses, others drop. */
const shutOut =
	/(?:lookup [^\n]{1,200}|read udp [^\n]{1,120}:53|dial tcp [^\n]{1,120}|connect to [^\n]{1,120}|Failed to watch[^\n]{1,200}): [^\n]{0,80}(?:i\/o timeout|connection refused|timed out)|bad address '|Temporary failure in name resolution|EAI_AGAIN|ETIMEDOUT|Could not resolve host|getaddrinfo ENOTFOUND|wget: (?:download timed out|can't connect to remote host)|curl: \((?:6|7|28)\)|no servers could be reached/

interface Victim {
	namespace: string
	pod: string
	text: string
	file: string
	line: number
	at: number
}

/** Pods that were shut out within the last minutes, by what they said. */
function victims(evidence: Evidence): Victim[] {
	return recentLogs(evidence, 10 * minutes).flatMap(({ namespace, pod, file, lines }) => {
		const recent = lines.slice(-100).filter(({ at }) => nowOf(evidence) - at < 10 * minutes)
		const said = recent.filter(({ text }) => shutOut.test(text))
		const last = said.at(-1)
		return last && said.length > 1
			? [{ namespace, pod, file, text: last.text, line: last.line, at: last.at }]
			: []
	})
}

export default rule({
	cause: 'netpol-blocks',
	title: 'A NetworkPolicy keeps pods from what they need',
	severity: 'warning',
	explain:
		'As soon as a NetworkPolicy is about a pod, everything is forbidden that no policy allows, and k3s enforces it by packet filter rules on each node. A policy "deny all" without one for DNS (53/udp and tcp to kube-system) makes every name unknown to the pods of that namespace; one in kube-system stops CoreDNS, metrics-server and Traefik.',
	docs: [
		'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
		'https://docs.k3s.io/security/hardening-guide#networkpolicies',
	],
	signs: [
		fact(['cluster', 'podLogs'], (_have, evidence) => {
			const policies = broad(evidence)
			const all = victims(evidence)
			return [...new Set(policies.map(({ namespace }) => namespace))].flatMap(namespace => {
				const here = all.filter(victim => victim.namespace === namespace)
				const first = here[0]
				if (!first) return []
				const names = policies.filter(policy => policy.namespace === namespace).map(({ name }) => name)
				const says = `${listed(here.map(({ pod }) => pod))} of ${namespace} is shut out, and ${listed(names)} is about every pod there`
				// Where pods of namespaces without such a policy suffer alike, it is not the policy.
				const others = all.some(victim => !policies.some(policy => policy.namespace === victim.namespace))
				return (others ? hint : strong)('podLogs', says, {
					quote: { file: first.file, line: first.line, text: first.text },
					at: first.at,
				})
			})
		}),
		log(
			/Aborting sync\. Failed to run iptables-restore[^\n]{0,200}/,
			'The network policy controller cannot write its rules: policies are enforced as they were before',
			{
				if: (evidence, { count, lastAt }) => count > 1 && nowOf(evidence) - lastAt < 10 * minutes,
			},
		),
		log(
			/(?<why>(?:Failed to|[Ee]rror )[^\n]{1,200})/,
			({ why }) => `the network policy controller fails: ${why}`,
			{ weight: 'hint', if: (_evidence, { component }) => component.startsWith('network_policy_controller') },
		),
	],
	leadsTo: [
		'coredns-down',
		'metrics-server-down',
		'traefik-down',
		'pod-probe-failing',
		'pod-crashloop',
		'dns-upstream-broken',
	],
	remedies: evidence => {
		const policies = broad(evidence)
		const hit = policies.find(policy =>
			victims(evidence).some(({ namespace }) => namespace === policy.namespace),
		)
		const namespace = kubeNameArgument((hit ?? policies[0])?.namespace) ?? 'NAMESPACE'
		const name = kubeNameArgument((hit ?? policies[0])?.name) ?? 'POLICY'
		return [
			{
				title: 'Allow what the pods need, DNS first',
				why: 'Policies add up: one more that allows DNS lets the strict one stay as it is.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'On a server, look at the policy, then apply one more:',
						commands: [
							`k3s kubectl -n ${namespace} describe networkpolicy`,
							`apiVersion: networking.k8s.io/v1`,
							`kind: NetworkPolicy`,
							`metadata: {name: allow-dns, namespace: ${namespace}}`,
							`spec: {podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]}]}`,
						],
					},
				],
				recheck: ['cluster', 'podLogs'],
			},
			{
				title: 'Take the policy away for a moment, to be sure',
				why: 'If the pods then work, it was the policy. Keep a copy, it was made for a reason.',
				risk: 'safe',
				interrupts: 'nothing; the namespace is open meanwhile',
				steps: [
					{
						tell: 'On a server:',
						commands: [
							`k3s kubectl -n ${namespace} get networkpolicy ${name} -o yaml > ${name}.yaml`,
							`k3s kubectl -n ${namespace} delete networkpolicy ${name}`,
							`k3s kubectl apply -f ${name}.yaml`,
						],
					},
				],
				recheck: ['cluster', 'podLogs'],
			},
		]
	},
})
