/**
 * How far a start got. Lines of a start-up by the words that k3s v1.19 to v1.36 use for them.
 * The order is that of today's k3s; before spring 2025 the control plane came before the agent part, so a start is
 * judged by which milestones are present, and "furthest" is only the last in this order.
 */
import type { Milestone } from '../../model/evidence/index.js'

export const milestoneOrder: readonly Milestone[] = [
	'starting',
	'datastore-configured',
	'bootstrap-reconciled',
	'certificates',
	'agent-config',
	'containerd',
	'kubelet',
	'etcd',
	'datastore-ready',
	'control-plane',
	'apiserver',
	'ready',
	'node-registered',
	'flannel',
	'tunnel',
]

/** A fragment that stands in the line, and the milestone that it shows. Plain text, because every line is looked at. */
const fragments: readonly [string, Milestone][] = [
	['Starting k3s agent v', 'starting'],
	['Starting k3s v', 'starting'],
	['Database tables and indexes are up to date', 'datastore-configured'],
	['Kine available at', 'datastore-configured'],
	['Kine listening on', 'datastore-configured'],
	['Managed etcd cluster bootstrap already complete', 'datastore-configured'],
	['Managed etcd cluster initializing', 'datastore-configured'],
	['Managed etcd cluster not yet initialized', 'datastore-configured'],
	['Successfully reconciled with', 'bootstrap-reconciled'],
	['Reconciling bootstrap data between', 'bootstrap-reconciled'],
	['Active TLS secret', 'certificates'],
	['Password verified locally for node', 'agent-config'],
	['was already loaded', 'agent-config'],
	['containerd is now running', 'containerd'],
	['Running kubelet ', 'kubelet'],
	['Connection to etcd is ready', 'etcd'],
	['etcd data store connection OK', 'etcd'],
	['ETCD server is now running', 'datastore-ready'],
	['Running kube-apiserver ', 'control-plane'],
	['Kube API server is now running', 'apiserver'],
	['k3s is up and running', 'ready'],
	['k3s agent is up and running', 'ready'],
	['nnotations and labels have been set successfully on node', 'node-registered'],
	['Running flannel backend', 'flannel'],
	['Remotedialer connected to proxy', 'tunnel'],
	['Started tunnel to', 'tunnel'],
]

/** Every fragment stands near the beginning of its line; the arguments of a component may be thousands long. */
const longestHead = 240

/** The milestone that this line shows, if any. */
export function milestoneOf(body: string): Milestone | undefined {
	// Milestones are info lines of k3s itself; floods of klog and etcd lines are passed over at once.
	if (!body.startsWith('time=')) return undefined
	const head = body.slice(0, longestHead)
	if (!head.includes(' level=info ')) return undefined
	for (const [fragment, milestone] of fragments) if (head.includes(fragment)) return milestone
	return undefined
}

export function rankOf(milestone: Milestone | undefined): number {
	return milestone ? milestoneOrder.indexOf(milestone) : -1
}
