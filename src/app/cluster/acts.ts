/**
 * What can be done with a pod, what made it, and its node: remedies of Kubernetes steps. They are only made here; they
 * are shown, confirmed, run and written down as every other remedy is.
 */
import { kubeNameArgument } from '../../model/argument.js'
import type { Remedy } from '../../model/remedy.js'
import type { ObjectRef } from './object.js'
import { type PodRow, podRows } from './pods.js'
import { type WorkloadName, workloadOf } from './related.js'
import type { Sight } from './sight.js'

/** What is asked again afterwards. */
const recheck: Remedy['recheck'] = ['api', 'cluster', 'runtime', 'podLogs']

/** Names come from the API: one that is no name of Kubernetes gets into no command. */
const named = (...names: string[]) => names.every(name => kubeNameArgument(name) !== undefined)

export function actsOf(sight: Sight, ref: ObjectRef): Remedy[] {
	if (!named(ref.name) || (ref.namespace !== '' && !named(ref.namespace))) return []
	switch (ref.of) {
		case 'pods': {
			const row = podRows(sight, '').find(
				({ namespace, name }) => namespace === ref.namespace && name === ref.name,
			)
			return row ? podActs(row, sight) : []
		}
		case 'nodes':
			return nodeActs(ref.name, sight)
		case 'deployments':
			return restart({ kind: 'Deployment', name: ref.name }, ref.namespace)
		case 'daemonsets':
			return restart({ kind: 'DaemonSet', name: ref.name }, ref.namespace)
		case 'statefulsets':
			return restart({ kind: 'StatefulSet', name: ref.name }, ref.namespace)
		default:
			return []
	}
}

function podActs(row: PodRow, sight: Sight): Remedy[] {
	const workload = workloadOf(row, sight)
	return [
		...deletion(row, workload),
		...(workload ? restart(workload, row.namespace) : []),
		...(row.node === '' ? [] : nodeActs(row.node, sight)),
	]
}

function deletion({ namespace, name, pod }: PodRow, workload: WorkloadName | undefined): Remedy[] {
	const deletePod = { namespace, name }
	// A job's pods and bare ones are not simply made again.
	const again = workload !== undefined && workload.kind !== 'Job'
	const gentle: Remedy = {
		title: `Delete the pod ${namespace}/${name}`,
		why: again
			? `${workload.kind} ${workload.name} makes a new one in its place: its containers start afresh, maybe on another node.`
			: workload
				? `The job ${workload.name} decides whether it tries once more.`
				: 'Nothing makes it again: it is gone for good, and so is what it kept in itself.',
		risk: again ? 'restart' : 'destructive',
		interrupts: `what this pod serves, ${again ? 'until the new one is ready' : 'for good'}`,
		steps: [{ kube: { deletePod } }],
		recheck,
	}
	if (pod?.deletedAt === undefined) return [gentle]
	// It is on its way out already: only force makes a difference.
	return [
		{
			title: `Remove the pod ${namespace}/${name} by force`,
			why: 'It should be gone already. By force the API forgets it at once, whether or not its containers have ended: they may go on running unseen, and two of them may write to one volume.',
			risk: 'destructive',
			interrupts: 'nothing more than its deletion did',
			steps: [{ kube: { deletePod, force: true } }],
			recheck,
		},
	]
}

const restartable: ReadonlySet<WorkloadName['kind']> = new Set(['Deployment', 'DaemonSet', 'StatefulSet'])

function restart({ kind, name }: WorkloadName, namespace: string): Remedy[] {
	if (!restartable.has(kind) || !named(name, namespace)) return []
	return [
		{
			title: `Restart ${kind} ${namespace}/${name}`,
			why: 'Its pods are replaced one after the other, as after a change of their template.',
			risk: 'restart',
			interrupts: `pods of ${name}, one after the other; one that has a single pod is away for a moment`,
			steps: [{ kube: { restart: { kind: kind.toLowerCase(), namespace, name } } }],
			recheck,
		},
	]
}

function nodeActs(name: string, { cluster }: Sight): Remedy[] {
	const node = cluster.nodes?.find(candidate => candidate.name === name)
	if (!node || !named(name)) return []
	if (node.unschedulable)
		return [
			{
				title: `Uncordon the node ${name}`,
				why: 'New pods may be put on it again.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [{ kube: { uncordon: name } }],
				recheck,
			},
		]
	return [
		{
			title: `Cordon the node ${name}`,
			why: 'No new pods are put on it; those that run there stay.',
			risk: 'safe',
			interrupts: 'nothing; but pods that end find no place there any more',
			steps: [{ kube: { cordon: name } }],
			recheck,
		},
	]
}
