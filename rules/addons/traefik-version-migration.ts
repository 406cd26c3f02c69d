import { type Evidence, type Finding, fact, hint, rule, strong } from '../../src/rule.js'
import { withoutAddOn } from '../kinds.js'
import { citeLine } from '../workload/cite.js'
import { recentLogs } from '../workload/logs.js'
import { addOnOf, minutes } from '../workload/pods.js'

/** `v1.36.2+k3s1` -> 36 */
function minorOf({ k3s }: Evidence): number | undefined {
	const minor = Number(
		/^v1\.(?<minor>\d{1,3})\./.exec(k3s?.runningVersion ?? k3s?.version ?? '')?.groups?.minor,
	)
	return Number.isInteger(minor) ? minor : undefined
}

/** Traefik 3 came with k3s v1.32. */
const hasTraefik3 = (evidence: Evidence) => (minorOf(evidence) ?? 0) >= 32

const oldWords =
	/(?<what>error while (?:parsing|adding|checking) rule|unsupported function|unexpected number of parameters; got \d+, expected|invalid rule syntax|no matches for kind \\*"\w{1,60}\\*" in version \\*"traefik\.containo\.us|traefik\.containo\.us\/v1alpha1[^\n]{0,100}(?:not found|could not find))/i

/** The newest line of each of Traefik's logs that a pattern fits. */
function saidByTraefik(
	evidence: Evidence,
	words: RegExp,
	says: (groups: Record<string, string>) => string,
): Finding[] {
	return recentLogs(evidence, 60 * minutes)
		.filter(({ namespace, pod }) => addOnOf({ namespace, name: pod }) === 'traefik')
		.flatMap(told => {
			const line = told.lines.slice(-500).findLast(({ text }) => words.test(text))
			return line ? [strong('podLogs', says(words.exec(line.text)?.groups ?? {}), citeLine(told, line))] : []
		})
}

const inLogs = (evidence: Evidence) =>
	saidByTraefik(evidence, oldWords, ({ what = '' }) => `Traefik does not understand a route: ${what}`)

const unread =
	/(?<kind>[a-z]{1,40}\.(?:traefik\.io|traefik\.containo\.us)) is forbidden: User \\*"system:serviceaccount:kube-system:traefik|could not find the requested resource \(get (?<old>ingresses\.extensions)\)/

/** What this Traefik asks for and does not get: its rights and kinds are those of another version of it. */
const inVain = (evidence: Evidence) =>
	saidByTraefik(evidence, unread, ({ kind, old }) =>
		old
			? `Traefik asks for ${old}, which this Kubernetes has no more: it is a Traefik of version 1`
			: `Traefik may not read ${kind}: its rights and kinds are those of another version of it`,
	)

export default rule({
	cause: 'traefik-version-migration',
	title: 'Routes are written for an older Traefik',
	severity: 'warning',
	appliesTo: ['server'],
	notFor: withoutAddOn('traefik'),
	explain:
		'With v1.32 k3s moved from Traefik 2 to Traefik 3. Routes in the API group traefik.containo.us are no longer read (the group is traefik.io now), and some matchers changed: several values in one Host(), PathPrefix() and HostRegexp() with braces. Traefik itself is healthy, but these routes are gone, and requests to them answer 404.',
	docs: [
		'https://doc.traefik.io/traefik/migrate/v2-to-v3/',
		'https://docs.k3s.io/networking/networking-services#traefik-ingress-controller',
	],
	signs: [
		fact(['podLogs'], (_have, evidence) => (hasTraefik3(evidence) ? inLogs(evidence) : undefined)),
		fact(['podLogs'], (_have, evidence) => inVain(evidence)),
		fact(['cluster', 'k3s'], ({ cluster }, evidence) => {
			const old = (cluster.crds ?? []).filter(name => name.endsWith('.traefik.containo.us'))
			const own = cluster.helmCharts?.some(({ name }) => name === 'traefik')
			return (
				old.length > 0 &&
				own &&
				hasTraefik3(evidence) &&
				hint(
					'cluster',
					`The cluster still knows ${old.length} kinds of the old group traefik.containo.us, which this Traefik does not read`,
				)
			)
		}),
	],
	remedies: () => [
		{
			title: 'Rewrite the routes for Traefik 3',
			why: 'Traefik can also go on reading the old rules for a while: core.defaultRuleSyntax=v2.',
			risk: 'safe',
			interrupts: 'nothing',
			steps: [
				{
					tell: 'Find them, change the group to traefik.io/v1alpha1 and the matchers, and apply them:',
					commands: [
						'k3s kubectl get ingressroutes.traefik.containo.us,middlewares.traefik.containo.us -A',
						'k3s kubectl get ingressroutes.traefik.io -A',
						'k3s kubectl -n kube-system logs deploy/traefik --tail=50',
					],
				},
			],
			recheck: ['cluster', 'podLogs'],
		},
		{
			title: 'Let Traefik read the old rules meanwhile',
			why: 'A HelmChartConfig sets options of the chart that k3s brings; k3s rolls Traefik by itself.',
			risk: 'restart',
			interrupts: 'ingress, for some seconds',
			steps: [
				{
					tell: 'As a file in server/manifests: {apiVersion: helm.cattle.io/v1, kind: HelmChartConfig, metadata: {name: traefik, namespace: kube-system}, spec: {valuesContent: "core: {defaultRuleSyntax: v2}"}}',
				},
			],
			recheck: ['cluster', 'podLogs'],
		},
	],
})
