import {
	check,
	type Evidence,
	fail,
	type KubePod,
	kubeNameArgument,
	nowOf,
	pass,
	unseen,
	warn,
} from '../../src/check.js'
import { byArea } from './areas.js'
import { isYoung } from './young.js'

/** A pod that was made a moment ago is on its way. Milliseconds. */
const young = 180_000

function isDone({ phase }: KubePod): boolean {
	return phase === 'Succeeded'
}

export function isReady({ conditions, phase }: KubePod): boolean {
	return phase === 'Running' && conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
}

export function systemPods({ cluster }: Evidence): KubePod[] | undefined {
	return cluster?.pods?.filter(({ namespace }) => namespace === 'kube-system')
}

function why({ containers, reason, message, phase }: KubePod): string {
	const waiting = containers.find(({ ready, current }) => !ready && current.state !== 'running')
	return waiting?.current.reason || reason || message.slice(0, 120) || `${phase || 'not running'}, not ready`
}

/** A replaced pod may linger where another of the same name part is ready. */
function replaced(pod: KubePod, pods: readonly KubePod[]): boolean {
	return (
		pod.deletedAt !== undefined ||
		((pod.phase === 'Failed' || pod.phase === 'Unknown') &&
			pods.some(other => other !== pod && other.owner?.name === pod.owner?.name && isReady(other)))
	)
}

export default check({
	id: 'system-pods',
	list: 'verify',
	title: 'The pods of k3s itself run',
	appliesTo: ['server'],
	explain:
		'In the namespace kube-system: CoreDNS, the local-path provisioner, metrics-server, Traefik and its load balancer, as far as they are not disabled. Jobs that install charts are done.',
	docs: ['https://docs.k3s.io/installation/packaged-components'],
	needs: ['service'],
	look: (_have, { more, diagnoses }) => {
		const found = byArea(diagnoses, 'addons')
		const pods = systemPods(more)
		if (!pods && found.length > 0) return found
		if (!pods)
			return unseen('the pods of kube-system could not be listed from here', [
				'k3s kubectl get pods -n kube-system',
			])
		const now = nowOf(more)
		const starting = isYoung(more)
		const sick = pods.filter(pod => !isReady(pod) && !isDone(pod) && !replaced(pod, pods))
		const results = sick.slice(0, 8).map(pod => {
			const name = kubeNameArgument(pod.name) ?? 'POD'
			const seen = {
				source: 'cluster' as const,
				quote: { file: 'api/pods.json', text: pod.name },
				do: [{ tell: 'See why:', commands: [`k3s kubectl -n kube-system describe pod ${name}`] }],
			}
			const says = `${pod.name}: ${why(pod)}`
			return starting || now - pod.createdAt < young
				? warn(`${says}; k3s or the pod was started a moment ago`, seen)
				: fail(says, seen)
		})
		if (found.length > 0 || results.length > 0) return [...found, ...results]
		if (pods.length === 0) return fail('there is none', { source: 'cluster' })
		return pass(`${pods.filter(isReady).length} are ready`, { source: 'cluster' })
	},
})
