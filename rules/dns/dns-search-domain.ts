import {
	type Evidence,
	fact,
	hint,
	interruptsOfRestart,
	log,
	nobodysName,
	nowOf,
	proof,
	rule,
	strong,
} from '../../src/rule.js'
import { recentLogs } from '../workload/logs.js'
import { minutes } from '../workload/pods.js'
import { corednsSaid } from './coredns.js'

/** What pods get as search list beside the cluster's own three. */
function searched({ names }: Evidence): string[] {
	return (names?.podResolv ?? names?.resolv)?.search ?? []
}

/** A whole top-level domain: every name of the world may be found below it. Private networks use single words, too. */
const isTopLevel = (domain: string) =>
	/^(?:com|net|org|info|biz|dev|app|cloud|io|eu|de|uk|fr|nl|cn|ru|us)\.?$/i.test(domain)

const outside = /\.(?:com|org|net|io|dev|de|eu|info)$/

/** `www.example.org.corp.example`: a whole name of the outside before a search domain; that domain. */
function expandedBy(name: string, domains: readonly string[]): string | undefined {
	return domains.find(
		domain => name.endsWith(`.${domain}`) && outside.test(name.slice(0, -domain.length - 1)),
	)
}

/** What CoreDNS was asked, where it logs it or fails: the name, and whether an address was found. */
const asked =
	/plugin\/errors: \d (?<failed>[A-Za-z0-9._-]{3,260})\. |"(?:A|AAAA) IN (?<told>[A-Za-z0-9._-]{3,260})\. [^"]{1,80}" (?<code>[A-Z]{3,20})/

/** The newest question for a name of the outside with a search domain at its end; answered ones first. */
function expanded(evidence: Evidence) {
	const domains = searched(evidence).filter(domain => domain.includes('.') && domain !== '.')
	if (domains.length === 0) return undefined
	const found = corednsSaid(evidence).flatMap(said => {
		const groups = asked.exec(said.text)?.groups
		const name = groups?.told ?? groups?.failed ?? ''
		const domain = expandedBy(name, domains)
		return domain === undefined ? [] : [{ said, name, domain, answered: groups?.code === 'NOERROR' }]
	})
	return found.findLast(({ answered }) => answered) ?? found.at(-1)
}

/** Pods that were given an address for such a name: what nslookup and TLS libraries print. */
function misled(evidence: Evidence) {
	const domains = searched(evidence).filter(domain => domain.includes('.') && domain !== '.')
	if (domains.length === 0) return undefined
	for (const { file, pod, lines } of recentLogs(evidence)) {
		for (const { text, line, at } of lines.slice(-100)) {
			const name =
				/(?:Name:\s{0,8}|certificate is valid for [^\n]{1,200}, not |dial tcp: lookup )(?<name>[A-Za-z0-9.-]{3,253})/.exec(
					text,
				)?.groups?.name
			const domain = name && expandedBy(name, domains)
			if (domain) return { name, domain, pod, quote: { file, line, text: text.slice(0, 300) }, at }
		}
	}
	return undefined
}

export default rule({
	cause: 'dns-search-domain',
	title: "The host's search domains make names resolve wrongly in pods",
	severity: 'warning',
	// A list that only might do harm is worth knowing; one that does sends pods to wrong places.
	severityHere: (_evidence, findings) =>
		findings.some(({ weight, source }) => weight === 'proof' || (weight === 'strong' && source === 'podLogs'))
			? undefined
			: 'info',
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
		fact(['names'], ({ names }, evidence) => {
			const domain = searched(evidence).find(
				searchedBelow => (names.lookups.get(`${nobodysName}.${searchedBelow}`)?.length ?? 0) > 0,
			)
			return (
				domain !== undefined &&
				proof(
					'names',
					`a name that nobody has given is known below the search domain ${domain}: it answers for every name`,
					{
						quote: {
							file: `commands/getent-${nobodysName}.${domain}.txt`,
							line: 1,
							text: names.lookups.get(`${nobodysName}.${domain}`)?.join(' ') ?? '',
						},
					},
				)
			)
		}),
		fact(['names', 'podLogs'], (_have, evidence) => {
			const found = expanded(evidence)
			if (!found) return undefined
			const { said, name, domain, answered } = found
			return answered
				? strong(
						'podLogs',
						`${name} has an address: whatever is asked below the search domain ${domain} is answered`,
						{
							quote: said.quote,
							at: said.at,
						},
					)
				: hint(
						'podLogs',
						`pods ask for ${name}: a name of the outside with the search domain ${domain} at its end`,
						{
							quote: said.quote,
							at: said.at,
						},
					)
		}),
		fact(['names', 'podLogs'], (_have, evidence) => {
			const found = misled(evidence)
			return (
				found &&
				strong(
					'podLogs',
					`${found.pod} was sent to ${found.name}, a name with the search domain ${found.domain} at its end`,
					{
						quote: found.quote,
						at: found.at,
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
