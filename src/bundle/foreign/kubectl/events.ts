/** Rows of `kubectl get events -o wide` as events. */
import { kubectlAge } from '../ages.js'
import type { Row } from '../table.js'
import { isoAgo } from './pods.js'

const kinds: Readonly<Record<string, string>> = {
	pod: 'Pod',
	node: 'Node',
	deployment: 'Deployment',
	replicaset: 'ReplicaSet',
	daemonset: 'DaemonSet',
	statefulset: 'StatefulSet',
	job: 'Job',
	cronjob: 'CronJob',
	persistentvolumeclaim: 'PersistentVolumeClaim',
	persistentvolume: 'PersistentVolume',
	service: 'Service',
	endpoints: 'Endpoints',
	endpointslice: 'EndpointSlice',
	namespace: 'Namespace',
	ingress: 'Ingress',
	addon: 'Addon',
	helmchart: 'HelmChart',
	helmchartconfig: 'HelmChartConfig',
	horizontalpodautoscaler: 'HorizontalPodAutoscaler',
	etcdsnapshotfile: 'ETCDSnapshotFile',
	configmap: 'ConfigMap',
	lease: 'Lease',
	apiservice: 'APIService',
	certificatesigningrequest: 'CertificateSigningRequest',
}

/** `at`: when the table was printed. */
export function eventOfRow({ cells }: Row, at: number): unknown {
	const [kind = '', ...rest] = (cells.get('OBJECT') ?? '').split('/')
	const name = rest.join('/')
	const namespace = cells.get('NAMESPACE') ?? 'default'
	const [component = '', host = ''] = (cells.get('SOURCE') ?? '').split(', ')
	// `3m2s (x5 over 10m)` where FIRST SEEN has no column of its own.
	const seen = /^(\S+)(?: \(x(\d{1,9}) over (\S+)\))?/.exec(cells.get('LAST SEEN') ?? '')
	const last = kubectlAge(seen?.[1] ?? '')
	const first = kubectlAge(cells.get('FIRST SEEN') ?? '') ?? kubectlAge(seen?.[3] ?? '') ?? last
	const count = Number(cells.get('COUNT') || seen?.[2] || 1)
	const about = Object.hasOwn(kinds, kind.toLowerCase()) ? kinds[kind.toLowerCase()] : kind
	return {
		kind: 'Event',
		metadata: { namespace, name: cells.get('NAME') ?? '' },
		involvedObject: { kind: about, name, namespace },
		type: cells.get('TYPE') ?? '',
		reason: cells.get('REASON') ?? '',
		message: cells.get('MESSAGE') ?? '',
		count: Number.isFinite(count) && count > 0 ? count : 1,
		firstTimestamp: isoAgo(at, first),
		lastTimestamp: isoAgo(at, last),
		source: { component, ...(host && { host }) },
	}
}
