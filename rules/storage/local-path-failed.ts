import {
	type Evidence,
	type Finding,
	fact,
	hint,
	type KubePod,
	log,
	proof,
	rule,
	strong,
} from '../../src/rule.js'
import { failedPulls } from '../images/pulls.js'
import { pullSigns } from '../images/sign.js'
import { cannotReach, isOwnedBy } from '../images/whose.js'
import { withoutAddOn } from '../kinds.js'
import { apiQuote, citeEvent, citeLine } from '../workload/cite.js'
import { newestLogOf, recentLogs, tellingLine } from '../workload/logs.js'
import { addOnOf, fullName, hasSettled, isOlderThan, isReady, minutes, stuckState } from '../workload/pods.js'
import { claimEvent, isAboutAccess, pendingClaims, wantsLocalPath } from './claims.js'

function helpers({ cluster }: Evidence): KubePod[] {
	return (cluster?.pods ?? []).filter(
		pod => addOnOf(pod) === 'local-path-helper' && pod.phase !== 'Succeeded' && pod.deletedAt === undefined,
	)
}

/** A helper has a second's work; its pod is gone again after a few. */
function ofHelper(evidence: Evidence, pod: KubePod): Finding | undefined {
	const [container] = pod.containers
	const { reason = '', message = '' } = container?.current ?? {}
	const cite = {
		quote: apiQuote('pods', `${reason || pod.phase}: ${message || pod.message}`),
		at: pod.createdAt,
	}
	if (pod.phase === 'Failed') return strong('cluster', `The helper ${fullName(pod)} has failed`, cite)
	// Told as a pull already.
	if (failedPulls(evidence).some(pull => pull.pods.includes(pod) && cannotReach(pull))) return undefined
	if (/^(?:ErrImage|ImagePull|InvalidImage)/.test(reason))
		return proof('cluster', `The helper ${fullName(pod)} does not get its image ${container?.image}`, cite)
	return isOlderThan(evidence, pod.createdAt, 1 * minutes)
		? strong('cluster', `The helper ${fullName(pod)} has not done its work for more than a minute`, cite)
		: undefined
}

const provisioner = (pod: KubePod) => addOnOf(pod) === 'local-path'

function ofProvisioner(evidence: Evidence): Finding[] {
	const { cluster } = evidence
	const pods = (cluster?.pods ?? []).filter(pod => provisioner(pod) && pod.deletedAt === undefined)
	if (pods.length === 0 || pods.some(isReady)) return []
	return pods
		.filter(pod => {
			const late = isOlderThan(evidence, pod.createdAt, 3 * minutes) && hasSettled(evidence, 3 * minutes)
			const looping = pod.containers.some(({ restarts }) => restarts > 1)
			const stuck = stuckState(pod)
			return late || (stuck !== undefined && (stuck.reason !== 'CrashLoopBackOff' || looping))
		})
		.slice(0, 1)
		.flatMap(pod => {
			const [container] = pod.containers
			const told = container && newestLogOf(evidence, pod, container.name)
			const line = told && tellingLine(told)
			const says = `The provisioner ${fullName(pod)} is not ready (${container?.current.reason || pod.phase})`
			const found = strong('cluster', says, { at: pod.createdAt })
			return line
				? [found, hint('podLogs', `The provisioner said: ${line.text.slice(0, 300)}`, citeLine(told, line))]
				: [found]
		})
}

const trouble =
	/create process timeout|failed to (?:provision|create|delete) volume|no local path available|config doesn't contain node|invalid (?:config|configuration)/

export default rule({
	cause: 'local-path-failed',
	title: 'The local-path provisioner makes no volumes',
	severity: 'warning',
	notFor: withoutAddOn('local-storage'),
	explain:
		'For each volume the local-path provisioner starts a short-lived helper pod on the node, which makes (or removes) a folder there. When the helper cannot run (its image is missing, the folder cannot be written, the node takes no pods) or the provisioner itself is down, claims of the class local-path stay pending. Volumes that exist go on working.',
	docs: ['https://docs.k3s.io/storage#setting-up-the-local-storage-provider'],
	signs: [
		fact(['cluster'], (_have, evidence) => helpers(evidence).map(pod => ofHelper(evidence, pod))),
		...pullSigns({
			of: (pull, evidence) => cannotReach(pull) && isOwnedBy(evidence, pull, 'local-path-failed'),
			says: pull =>
				`${pull.image}, the image of the helper, is not here, and ${pull.host || 'its registry'} cannot be reached`,
		}),
		fact(['cluster'], (_have, evidence) =>
			pendingClaims(evidence)
				.filter(claim => wantsLocalPath(evidence, claim))
				.map(claim => {
					const event = claimEvent(evidence, claim, 'ProvisioningFailed')
					return (
						event &&
						!isAboutAccess(event) &&
						proof('cluster', `local-path makes no volume for ${fullName(claim)}`, citeEvent(event))
					)
				}),
		),
		fact(['cluster'], (_have, evidence) => ofProvisioner(evidence)),
		fact(['podLogs'], (_have, evidence) =>
			recentLogs(evidence, 10 * minutes)
				.filter(({ namespace, pod }) => addOnOf({ namespace, name: pod }) === 'local-path')
				.map(told => {
					const line = told.lines.slice(-50).findLast(({ text }) => trouble.test(text))
					return (
						line &&
						hint(
							'podLogs',
							'The provisioner says that a volume could not be made or removed',
							citeLine(told, line),
						)
					)
				}),
		),
		log(
			/Error syncing pod[^\n]{0,1000}helper-pod-(?:create|delete)-pvc-/,
			'The kubelet cannot run the helper of local-path',
			{ weight: 'hint', if: (_evidence, { count }) => count > 2 },
		),
	],
	leadsTo: ['pvc-pending', 'pod-unschedulable'],
	remedies: ({ node, runtime }) => {
		const image = runtime?.images.flatMap(({ tags }) => tags).find(tag => /library-busybox:/.test(tag))
		return [
			{
				title: 'Let the helper run',
				why: 'Its pod says what it misses; its image stands in the ConfigMap local-path-config (helperPod.yaml).',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: `See the helper, and which image it is to use${image ? ` (this node has ${image})` : ''}:`,
						commands: [
							'k3s kubectl get pods -A | grep helper-pod',
							'k3s kubectl -n kube-system get configmap local-path-config -o yaml',
							'k3s kubectl -n kube-system logs deploy/local-path-provisioner --tail=30',
						],
					},
				],
				recheck: ['cluster', 'podLogs'],
			},
			node.role === 'agent'
				? undefined
				: {
						title: 'Restart the provisioner',
						why: 'It takes up waiting claims anew, and reads its ConfigMap again.',
						risk: 'safe',
						interrupts: 'the making of volumes for some seconds',
						preconditions: [{ apiReady: true }],
						steps: [
							{
								kube: {
									restart: { kind: 'deployment', namespace: 'kube-system', name: 'local-path-provisioner' },
								},
							},
						],
						recheck: ['cluster', 'podLogs'],
					},
		]
	},
})
