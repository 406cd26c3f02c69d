import {
	type Evidence,
	type Finding,
	fact,
	hint,
	kubeNameArgument,
	proof,
	type Remedy,
	rule,
	strong,
} from '../../src/rule.js'
import { failedPulls } from '../images/pulls.js'
import { pullSigns } from '../images/sign.js'
import { cannotReach, isOwnedBy } from '../images/whose.js'
import { apiQuote, citeLine } from '../workload/cite.js'
import { inNamespace } from '../workload/commands.js'
import { addOnOf, fullName, isOlderThan, lastDeath, minutes } from '../workload/pods.js'
import {
	failedCharts,
	failedContainer,
	helmError,
	helmJobs,
	helmPods,
	logOf,
	recentHelmLogs,
} from './helm-jobs.js'

function ofPods(evidence: Evidence): Finding[] {
	return helmPods(evidence).flatMap(pod => {
		const container = failedContainer(pod)
		const death = container && lastDeath(container)
		if (!container) return []
		const status = death?.exitCode === undefined ? '' : ` with status ${death.exitCode}`
		const says = `${fullName(pod)} ended${status}, tried ${container.restarts + 1} times`
		const words = death?.message || death?.reason || container.current.reason
		const cite = { quote: apiQuote('pods', words), at: death?.finishedAt }
		// Helm may come before what it needs, and tries again.
		return [
			container.restarts > 1 || pod.phase === 'Failed'
				? proof('cluster', says, cite)
				: strong('cluster', says, cite),
		]
	})
}

function ofLogs(evidence: Evidence): Finding[] {
	const logs = evidence.cluster?.pods
		? helmPods(evidence)
				.filter(failedContainer)
				.flatMap(pod => logOf(evidence, pod) ?? [])
		: recentHelmLogs(evidence)
	return logs.flatMap(log => {
		const line = helmError(log)
		return line ? [strong('podLogs', `Helm says: ${line.text.slice(0, 300)}`, citeLine(log, line))] : []
	})
}

function chartName(evidence: Evidence): string | undefined {
	const pod = helmPods(evidence)[0]
	return kubeNameArgument(
		failedCharts(evidence)[0]?.name ??
			pod?.labels['helmcharts.helm.cattle.io/chart'] ??
			pod?.owner?.name.replace(/^helm-(?:install|delete)-/, ''),
	)
}

export default rule({
	cause: 'helm-job-failed',
	title: 'A Helm chart is not installed: its job fails',
	severity: 'warning',
	appliesTo: ['server'],
	explain:
		'k3s installs a HelmChart object (Traefik is one) through a job, helm-install-NAME, whose pod runs helm. That job fails or cannot begin: its image is missing, the chart cannot be fetched, its values are wrong, or an earlier attempt left a release half done. k3s tries again for ever; what the chart should bring is not there, or is old.',
	docs: ['https://docs.k3s.io/add-ons/helm', 'https://helm.sh/docs/helm/helm_history/'],
	signs: [
		...pullSigns({
			of: (pull, evidence) => cannotReach(pull) && isOwnedBy(evidence, pull, 'helm-job-failed'),
			says: pull =>
				`The job has no image: ${pull.image} is not here, and ${pull.host || 'its registry'} cannot be reached`,
		}),
		fact(['cluster'], (_have, evidence) => ofPods(evidence)),
		fact(['cluster'], (_have, evidence) =>
			helmPods(evidence)
				// Told as a pull already.
				.filter(pod => !failedPulls(evidence).some(pull => pull.pods.includes(pod)))
				.filter(({ containers }) =>
					containers.some(({ current }) =>
						/^(?:ErrImage|ImagePull|InvalidImage|CreateContainer)/.test(current.reason),
					),
				)
				.map(pod => {
					const waiting = pod.containers.find(({ current }) => current.state === 'waiting')
					return strong('cluster', `${fullName(pod)} cannot start`, {
						quote: apiQuote('pods', `${waiting?.current.reason ?? ''}: ${waiting?.current.message ?? ''}`),
						at: pod.createdAt,
					})
				}),
		),
		fact(['cluster'], (_have, evidence) =>
			helmJobs(evidence).flatMap(job =>
				job.conditions
					.filter(({ type, status }) => type === 'Failed' && status === 'True')
					.map(({ reason, message, since }) =>
						proof('cluster', `The job ${fullName(job)} has failed: ${reason}`, {
							quote: apiQuote('jobs', message || reason),
							at: since,
						}),
					),
			),
		),
		fact(['cluster'], (_have, evidence) =>
			failedCharts(evidence).map(chart => {
				const condition = chart.conditions.find(({ type }) => type === 'Failed')
				return proof('cluster', `The HelmChart ${fullName(chart)} is marked as failed`, {
					quote: apiQuote('helmcharts', condition?.message || condition?.reason || 'Failed'),
					at: condition?.since,
				})
			}),
		),
		fact(['podLogs'], (_have, evidence) => ofLogs(evidence)),
		fact(['cluster'], (_have, evidence) =>
			helmPods(evidence)
				.filter(pod => pod.phase === 'Pending' && isOlderThan(evidence, pod.createdAt, 5 * minutes))
				.filter(pod => addOnOf(pod) === 'helm-job')
				.map(pod =>
					hint('cluster', `${fullName(pod)} has not begun for more than five minutes`, { at: pod.createdAt }),
				),
		),
	],
	leadsTo: ['traefik-down', 'metrics-server-down'],
	remedies: evidence => {
		const chart = chartName(evidence)
		const namespace = kubeNameArgument(helmPods(evidence)[0]?.namespace) ?? 'kube-system'
		const job = chart ? `helm-install-${chart}` : 'helm-install-CHART'
		const isServer = evidence.node.role !== 'agent'
		const withoutImage = failedPulls(evidence).some(pull => isOwnedBy(evidence, pull, 'helm-job-failed'))
		const image: Remedy = {
			title: 'Bring the image of the helm job to this node',
			why: 'rancher/klipper-helm is part of the archive of images for airgapped hosts; it need not come from a registry.',
			risk: 'safe',
			interrupts: 'nothing',
			steps: [
				{
					tell: 'From a host that has it:',
					commands: [
						'k3s ctr -n k8s.io images ls | grep klipper-helm',
						`scp k3s-airgap-images-ARCH.tar.zst THIS_NODE:${evidence.node.dataDir}/agent/images/`,
					],
				},
			],
			recheck: ['runtime', 'cluster'],
		}
		return [
			withoutImage && image,
			{
				title: 'Read what helm says, and correct the chart or its values',
				why: 'When the HelmChart or its HelmChartConfig changes, k3s starts the job anew by itself.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'On this server:',
						commands: [
							`k3s kubectl -n ${namespace} logs job/${job} --tail=50`,
							`k3s kubectl -n ${namespace} describe pod -l job-name=${job}`,
							`k3s kubectl ${inNamespace(namespace)} get helmchart ${chart ?? 'CHART'} -o yaml`,
						],
					},
				],
				recheck: ['cluster', 'podLogs'],
			},
			chart && isServer
				? {
						title: `Start the job ${job} anew`,
						why: 'k3s makes the job again at once. Right when its cause is gone (the image is there, the network works).',
						risk: 'safe' as const,
						interrupts: 'nothing',
						preconditions: [{ apiReady: true as const }],
						steps: [{ kube: { delete: { kind: 'job', namespace, name: job } } }],
						recheck: ['cluster' as const, 'podLogs' as const],
					}
				: undefined,
			!withoutImage && image,
		]
	},
})
