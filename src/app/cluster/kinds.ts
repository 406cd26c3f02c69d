/** The lists that can be shown: how they are called, typed and counted. */
import type { Listed } from '../../model/live.js'

export interface Kind {
	of: Listed
	/** As the API has it in its objects, and as events name it. */
	word: string
	title: string
	/** What people type for it. */
	also: readonly string[]
	namespaced: boolean
}

export const kindTable: readonly Kind[] = [
	{ of: 'pods', word: 'Pod', title: 'Pods', also: ['po', 'pod'], namespaced: true },
	{ of: 'nodes', word: 'Node', title: 'Nodes', also: ['no'], namespaced: false },
	{ of: 'events', word: 'Event', title: 'Events', also: ['ev', 'event'], namespaced: true },
	{ of: 'services', word: 'Service', title: 'Services', also: ['svc', 'service'], namespaced: true },
	{
		of: 'deployments',
		word: 'Deployment',
		title: 'Deployments',
		also: ['deploy', 'dp', 'deployment'],
		namespaced: true,
	},
	{ of: 'daemonsets', word: 'DaemonSet', title: 'DaemonSets', also: ['ds', 'daemonset'], namespaced: true },
	{
		of: 'statefulsets',
		word: 'StatefulSet',
		title: 'StatefulSets',
		also: ['sts', 'statefulset'],
		namespaced: true,
	},
	{ of: 'jobs', word: 'Job', title: 'Jobs', also: ['job'], namespaced: true },
	{
		of: 'persistentvolumeclaims',
		word: 'PersistentVolumeClaim',
		title: 'Volume claims',
		also: ['pvc', 'pvcs', 'claims'],
		namespaced: true,
	},
	{ of: 'ingresses', word: 'Ingress', title: 'Ingresses', also: ['ing', 'ingress'], namespaced: true },
	{ of: 'helmcharts', word: 'HelmChart', title: 'Helm charts', also: ['helm', 'charts'], namespaced: true },
	{ of: 'addons', word: 'Addon', title: 'Add-ons of k3s', also: ['addon'], namespaced: true },
	{ of: 'namespaces', word: 'Namespace', title: 'Namespaces', also: [], namespaced: false },
]

const byName = new Map(kindTable.map(kind => [kind.of, kind]))

export function kindOf(of: Listed): Kind | undefined {
	return byName.get(of)
}

export function kindWord(of: Listed): string {
	return byName.get(of)?.word ?? of
}
