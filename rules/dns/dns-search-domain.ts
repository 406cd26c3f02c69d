import { type Evidence, fact, hint, interruptsOfRestart, log, nowOf, rule, strong } from '../../src/rule.js'
import { minutes } from '../workload/pods.js'
import { corednsSaid } from './coredns.js'

/** What pods get as search list beside the cluster's own three. */
function searched({ names }: Evidence): string[] {
	return (names?.podResolv ?? names?.resolv)?.search ?? []
}

/** A whole top-level domain: every name of the world may be found below it. Private networks use single words, too. */
const isTopLevel = (domain: string) =>
	/^(?:com|net|org|info|biz|dev|app|cloud|io|eu|de|uk|fr|nl|cn|ru|us)\.?$/i.test(domain)

/** Names of the outside with a search domain at their end, as CoreDNS passes them on. */
function expanded(evidence: Evidence) {
	const domains = searched(evidence).filter(domain => domain.includes('.') && domain !== '.')
	for (const said of corednsSaid(evidence).reverse()) {
		const name = /plugin\/errors: \d (?<name>[A-Za-z0-9._-]{3,260})\. /.exec(said.text)?.groups?.name ?? ''
		const domain = domains.find(candidate => name.endsWith(`.${candidate}`))
		const rest = domain ? name.slice(0, -domain.length - 1) : ''
		// `www.example.org.corp.example`: a whole name of the outside before the search domain.
		if (domain && /\.(?:com|org|net|io|dev|de|eu|info)$/.test(rest)) return { said, name, domain }
	}
	return undefined
}

export default rule({
	cause: 'dns-search-domain',
	title: "The host's search domains make names resolve wrongly in pods",
	severity: 'info',
	explain:
		"Pods get the search list of the node's resolv.conf behind that of the cluster, with ndots:5: every name with fewer than five dots is first tried with each of these domains. If one of them answers for any name (a wildcard record, as home routers and some providers have), pods get a wrong address for names of the outside, while the host gets the right one.",
	docs: [
		'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config',
		'https://docs.k3s.io/cli/agent#networking',
	],
	signs: [
		fact(['names'], (_have, evidence) => {
			const file = (evidence.names?.podResolv ?? evidence.names?.resolv)?.file ?? '/etc/resolv.conf'
			const top = searched(evidence).find(isTopLevel)
			return top === undefined
				? undefined
				: strong('names', `${file} lets every name be searched below "${top}", a top-level domain`, {
						quote: { file: `files${file}`, text: `search ${searched(evidence).join(' ')}` },
					})
		}),
		fact(['names', 'podLogs'], (_have, evidence) => {
			const found = expanded(evidence)
			return (
				found &&
				hint(
					'podLogs',
					`pods ask for ${found.name}: a name of the outside with the search domain ${found.domain} at its end`,
					{
						quote: found.said.quote,
						at: found.said.at,
					},
				)
			)
		}),
		fact(['cluster'], ({ cluster }, evidence) => {
			const event = cluster.events?.findLast(
				({ reason, message, lastAt }) =>
					reason === 'DNSConfigForming' &&
					/[Ss]earch [Ll]ine limits/.test(message) &&
					nowOf(evidence) - lastAt < 60 * minutes,
			)
			return (
				event &&
				hint('cluster', 'the search list is longer than pods may have, so some domains were left out', {
					quote: { file: 'api/events.json', text: event.message.slice(0, 400) },
					at: event.lastAt,
				})
			)
		}),
		log(
			/[Ss]earch [Ll]ine limits were exceeded[^\n]{0,200}/,
			'the kubelet left domains out of the search list of pods, because there are too many',
			{ weight: 'hint' },
		),
	],
	leadsTo: ['registry-unreachable', 'helm-job-failed'],
	remedies: ({ node, names }) => [
		{
			title: 'Give pods a resolver file without search domains',
			why: 'The host keeps its own. Pods that run keep the old list until they are made anew.',
			risk: 'restart',
			interrupts: interruptsOfRestart(node),
			steps: [
				{
					tell: 'On each node, with the servers of its resolv.conf:',
					commands: [
						`echo "nameserver ${names?.resolved?.nameservers[0] ?? names?.resolv?.nameservers.find(address => !address.startsWith('127.')) ?? 'SERVER'}" > /etc/k3s-resolv.conf`.replace(
							/[^\w "./>:-]/g,
							'',
						),
						'echo "resolv-conf: /etc/k3s-resolv.conf" >> /etc/rancher/k3s/config.yaml',
						`systemctl restart ${node.unit}`,
						'k3s kubectl -n kube-system rollout restart deployment coredns',
					],
				},
			],
			recheck: ['names', 'config'],
		},
		{
			title: 'Look at what a pod gets',
			why: 'A dot at the end of the name switches the search off: if that helps, it was the search list.',
			risk: 'safe',
			interrupts: 'nothing',
			steps: [
				{
					tell: 'From a pod:',
					commands: ['cat /etc/resolv.conf', 'nslookup example.org', 'nslookup example.org.'],
				},
			],
			recheck: [],
		},
	],
})
