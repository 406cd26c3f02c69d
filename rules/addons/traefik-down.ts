import { configValues, type Evidence, fact, hint, rule, strong } from '../../src/rule.js'
import { isPackaged } from '../images/whose.js'
import { withoutAddOn } from '../kinds.js'
import { apiQuote, citeLine } from '../workload/cite.js'
import { newestLogOf, tellingLine } from '../workload/logs.js'
import { fullName, hasSettled, isOlderThan, isReady, minutes } from '../workload/pods.js'
import { downPod, ownDeployment, podsOf, staysDown } from './own.js'

function isDisabled({ config }: Evidence): boolean {
	return configValues(config, 'disable').some(value => value.split(',').includes('traefik'))
}

/** The chart is there, and what it should bring is not. */
function neverInstalled(evidence: Evidence): boolean {
	const chart = evidence.cluster?.helmCharts?.find(({ name }) => name === 'traefik')
	return (
		chart !== undefined &&
		isPackaged(chart) &&
		evidence.cluster?.workloads !== undefined &&
		ownDeployment(evidence, 'traefik') === undefined &&
		isOlderThan(evidence, chart.createdAt, 3 * minutes) &&
		hasSettled(evidence, 3 * minutes)
	)
}

export default rule({
	cause: 'traefik-down',
	title: 'Traefik does not run, so no ingress works',
	severity: 'warning',
	appliesTo: ['server'],
	notFor: withoutAddOn('traefik'),
	explain:
		'Traefik is the ingress controller that k3s brings: it takes what comes to ports 80 and 443 and hands it to services. k3s installs it as a Helm chart through two jobs. It is not there or not ready, so requests from outside are refused; services inside the cluster still reach each other.',
	docs: [
		'https://docs.k3s.io/networking/networking-services#traefik-ingress-controller',
		'https://docs.k3s.io/add-ons/helm#customizing-packaged-components-with-helmchartconfig',
	],
	signs: [
		fact(['cluster'], (_have, evidence) => {
			const workload = ownDeployment(evidence, 'traefik')
			const down = workload
				? staysDown(evidence, workload, 'traefik')
				: downPod(evidence, 'traefik') !== undefined
			if (!down || isDisabled(evidence)) return undefined
			const pod = podsOf(evidence, 'traefik').find(candidate => !isReady(candidate))
			const [container] = pod?.containers ?? []
			const said = container?.current.message || container?.current.reason
			return strong('cluster', `kube-system/traefik has no ready pod${pod ? ` (${fullName(pod)})` : ''}`, {
				quote: apiQuote('pods', said || pod?.phase || 'no pod'),
				at: pod?.createdAt,
			})
		}),
		fact(['cluster'], (_have, evidence) =>
			!isDisabled(evidence) && neverInstalled(evidence)
				? strong('cluster', 'The chart traefik is there for more than three minutes, its deployment is not', {
						quote: apiQuote('helmcharts', 'traefik'),
					})
				: undefined,
		),
		fact(['cluster', 'podLogs'], (_have, evidence) =>
			podsOf(evidence, 'traefik')
				.filter(pod => !isReady(pod) && pod.containers.some(({ restarts }) => restarts > 1))
				.flatMap(pod =>
					pod.containers.map(({ name }) => {
						const told = newestLogOf(evidence, pod, name)
						const line = told && tellingLine(told)
						return line && hint('podLogs', `Traefik said: ${line.text.slice(0, 300)}`, citeLine(told, line))
					}),
				),
		),
	],
	remedies: () => [
		{
			title: 'See what its pod or its jobs say',
			why: 'A wrong HelmChartConfig, a missing image and a taken port look alike from outside.',
			risk: 'safe',
			interrupts: 'nothing',
			steps: [
				{
					tell: 'On a server:',
					commands: [
						'k3s kubectl -n kube-system get pods,jobs,helmcharts,helmchartconfigs | grep -i -e traefik -e helm',
						'k3s kubectl -n kube-system logs deploy/traefik --tail=40',
						'k3s kubectl -n kube-system logs job/helm-install-traefik --tail=40',
					],
				},
			],
			recheck: ['cluster', 'podLogs'],
		},
	],
})
