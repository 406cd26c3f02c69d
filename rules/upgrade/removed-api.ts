import { type Evidence, fact, log, nowOf, proof, rule, strong } from '../../src/rule.js'
import { recentLogs } from '../workload/logs.js'
import { minutes } from '../workload/pods.js'

/** Group versions that Kubernetes and Traefik took away, with what took their place. */
const gone: Record<string, string> = {
	'extensions/v1beta1': 'apps/v1, networking.k8s.io/v1 (gone since 1.16 and 1.22)',
	'apps/v1beta1': 'apps/v1 (gone since 1.16)',
	'apps/v1beta2': 'apps/v1 (gone since 1.16)',
	'policy/v1beta1': 'policy/v1; PodSecurityPolicy has no successor of that name (gone since 1.25)',
	'networking.k8s.io/v1beta1': 'networking.k8s.io/v1 (gone since 1.22)',
	'rbac.authorization.k8s.io/v1beta1': 'rbac.authorization.k8s.io/v1 (gone since 1.22)',
	'apiextensions.k8s.io/v1beta1': 'apiextensions.k8s.io/v1 (gone since 1.22)',
	'admissionregistration.k8s.io/v1beta1': 'admissionregistration.k8s.io/v1 (gone since 1.22)',
	'batch/v1beta1': 'batch/v1 (gone since 1.25)',
	'discovery.k8s.io/v1beta1': 'discovery.k8s.io/v1 (gone since 1.25)',
	'autoscaling/v2beta1': 'autoscaling/v2 (gone since 1.25)',
	'autoscaling/v2beta2': 'autoscaling/v2 (gone since 1.26)',
	'flowcontrol.apiserver.k8s.io/v1beta2': 'flowcontrol.apiserver.k8s.io/v1 (gone since 1.29)',
	'flowcontrol.apiserver.k8s.io/v1beta3': 'flowcontrol.apiserver.k8s.io/v1 (gone since 1.32)',
	'storage.k8s.io/v1beta1': 'storage.k8s.io/v1',
	'traefik.containo.us/v1alpha1': 'traefik.io/v1alpha1 (gone with Traefik 3, k3s 1.32)',
}

const refused =
	/(?:failed to process|Applying manifest at) "?(?<path>\/[^\s":]+)"?(?: failed)?: .*(?:the server could not find the requested resource|no matches for kind "(?<kind>[^"]+)" in version "(?<version>[^"]+)"|resource mapping not found)/

/** Taken away, or a beta of Kubernetes itself; a kind of somebody else's CRD is merely not installed (yet). */
function isGone(version: string | undefined): boolean {
	return (
		version === undefined ||
		Object.hasOwn(gone, version) ||
		/^(?:[a-z.]+\.k8s\.io|apps|batch|policy|autoscaling|extensions)\/v\d+(?:alpha|beta)\d+$/.test(version)
	)
}

/** A controller that was written for the old API: `failed to list *v1beta1.CronJob`. */
const unlistable =
	/[Ff]ailed to list \*(?<version>v\d+(?:alpha|beta)\d+)\.(?<kind>[A-Z][A-Za-z]{1,60}): the server could not find the requested resource/

const takenKinds =
	/^(?:CronJob|PodDisruptionBudget|PodSecurityPolicy|Ingress|IngressClass|EndpointSlice|HorizontalPodAutoscaler|CSIDriver|CSINode|CSIStorageCapacity|StorageClass|Deployment|DaemonSet|StatefulSet|ReplicaSet|Role|ClusterRole|RoleBinding|ClusterRoleBinding|CustomResourceDefinition|MutatingWebhookConfiguration|ValidatingWebhookConfiguration|RuntimeClass|Event|FlowSchema|PriorityLevelConfiguration)$/

const isTaken = (groups: Record<string, string> | undefined) => takenKinds.test(groups?.kind ?? '')

/** Group versions in manifests on disk that are known to be gone. */
function goneIn({ files, node }: Evidence): { path: string; version: string; line: number }[] {
	const found: { path: string; version: string; line: number }[] = []
	for (const [path, text] of files?.texts ?? []) {
		if (!path.startsWith(`${node.dataDir}/server/manifests/`) || !/\.(ya?ml|json)$/i.test(path)) continue
		for (const [index, line] of text.split('\n').entries()) {
			const version = /^\s*"?apiVersion"?:\s*"?([\w.-]+\/v\w+)/.exec(line)?.[1]
			if (version && Object.hasOwn(gone, version)) found.push({ path, version, line: index + 1 })
		}
	}
	return found
}

export default rule({
	cause: 'removed-api',
	title: 'A manifest or chart uses an API that this version no longer has',
	severity: 'warning',
	appliesTo: ['server'],
	explain:
		'Kubernetes drops old versions of its APIs. A file in server/manifests or a Helm chart still names one, so it cannot be applied; what it describes is not created or not updated any more.',
	docs: [
		'https://kubernetes.io/docs/reference/using-api/deprecation-guide/',
		'https://docs.k3s.io/installation/packaged-components',
	],
	signs: [
		log(
			refused,
			({ path, kind, version }) =>
				`${path}: ${kind ? `no ${kind} in ${version}` : 'the API server does not know what it asks for'}`,
			{ if: (_evidence, _message, { version }) => isGone(version) },
		),
		fact(['files', 'service'], (_have, evidence) => {
			const lines = evidence.journal?.newest?.messages ?? []
			return goneIn(evidence).map(({ path, version, line }) => {
				const quote = { file: `files${path}`, line, text: `apiVersion: ${version}` }
				const failed = lines.some(({ text }) => text.includes(path) && refused.test(text))
				return (failed ? proof : strong)('files', `${path} uses ${version}: use ${gone[version]}`, { quote })
			})
		}),
		log(
			unlistable,
			({ version, kind }) =>
				`something still asks for ${kind} in ${version}, which this version does not have`,
			{
				neverProof: true,
				if: (evidence, { count, lastAt }, groups) =>
					isTaken(groups) && count > 2 && nowOf(evidence) - lastAt < 15 * minutes,
			},
		),
		fact(['podLogs'], (_have, evidence) =>
			recentLogs(evidence)
				.map(({ file, namespace, pod, lines }) => {
					const told = lines.slice(-200).filter(({ text }) => isTaken(unlistable.exec(text)?.groups))
					const line = told.at(-1)
					const { kind, version } = unlistable.exec(line?.text ?? '')?.groups ?? {}
					return (
						line &&
						told.length > 2 &&
						strong(
							'podLogs',
							`${namespace}/${pod} still asks for ${kind} in ${version}, which this version does not have`,
							{
								quote: { file, line: line.line, text: line.text.slice(0, 400) },
								at: line.at,
								count: told.length,
							},
						)
					)
				})
				.slice(0, 5),
		),
		fact(['cluster'], ({ cluster }, { api }) => {
			const events = (cluster.events ?? []).filter(
				({ reason, message }) =>
					/Apply|Parse|Validate/.test(reason) &&
					refused.test(message) &&
					isGone(refused.exec(message)?.groups?.version),
			)
			return api?.answered
				? events
						.slice(-3)
						.map(({ message, lastAt, count }) =>
							strong('cluster', message.slice(0, 240), { at: lastAt, count }),
						)
				: undefined
		}),
		log(
			/unable to build kubernetes objects from .*no matches for kind "(?<kind>[^"]+)" in version "(?<version>[^"]+)"/,
			({ kind, version }) => `a Helm chart asks for ${kind} in ${version}, which this version does not have`,
			{ if: (_evidence, _message, { version }) => isGone(version) },
		),
	],
	leadsTo: ['manifest-deploy-failed', 'helm-job-failed'],
	remedies: evidence => {
		const found = goneIn(evidence)[0]
		const path = found?.path ?? `${evidence.node.dataDir}/server/manifests/FILE.yaml`
		return [
			{
				title: found
					? `Rewrite ${found.path} for an API that exists`
					: 'Rewrite the manifest for an API that exists',
				why: `${found ? `${found.version} is gone: use ${gone[found.version]}. ` : ''}k3s applies the file again within 15 seconds.`,
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'See which versions there are, then edit the file:',
						commands: ['k3s kubectl api-versions', `vi ${path}`],
					},
				],
				backup: found ? [found.path] : [],
				recheck: ['journal', 'files', 'cluster'],
			},
		]
	},
})
