/** Single faults, each a change of a recorded node, to be laid upon each other. */
import type { HealthyFiles, Item } from '../healthy/node.js'
import { keepsSaying, klog } from '../variants/bases.js'

export type Fault = (node: HealthyFiles) => void

const selfStatus = (node: HealthyFiles, change: (item: Item) => Item) =>
	node.items('nodes', items => items.map(item => (item.metadata.name === node.host ? change(item) : item)))

function condition(item: Item, type: string, values: Record<string, string>): Item {
	const old = ((item.status?.conditions ?? []) as { type: string }[]).filter(one => one.type !== type)
	return { ...item, status: { ...item.status, conditions: [...old, { type, ...values }] } }
}

export const cordoned: Fault = node =>
	selfStatus(node, item => ({
		...item,
		spec: {
			...item.spec,
			unschedulable: true,
			taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded: node.ago(4000) }],
		},
	}))

export const nearlyFull: Fault = node => {
	node.change('commands/df.txt', text =>
		text.replace(
			/^(\/dev\/vda\s+ext4\s+)\d+\s+\d+\s+\d+\s+\d+%/m,
			'$1270553174016 265000000000 5553174016  98%',
		),
	)
}

export const diskPressure: Fault = node => {
	nearlyFull(node)
	selfStatus(node, item =>
		condition(item, 'DiskPressure', {
			status: 'True',
			reason: 'KubeletHasDiskPressure',
			message: 'kubelet has disk pressure',
			lastTransitionTime: node.ago(700),
		}),
	)
}

export const memoryPressure: Fault = node =>
	selfStatus(node, item =>
		condition(item, 'MemoryPressure', {
			status: 'True',
			reason: 'KubeletHasInsufficientMemory',
			message: 'kubelet has insufficient memory available',
			lastTransitionTime: node.ago(700),
		}),
	)

/** The application's container is in this state. */
function application(
	node: HealthyFiles,
	status: Record<string, unknown>,
	events: [string, string][] = [],
): void {
	let name = ''
	node.items('pods', items =>
		items.map(item => {
			if (item.metadata.namespace !== 'shop') return item
			name = String(item.metadata.name)
			return {
				...item,
				metadata: { ...item.metadata, creationTimestamp: node.ago(5000) },
				status: {
					phase: 'Pending',
					conditions: [{ type: 'Ready', status: 'False' }],
					containerStatuses: [
						{ name: 'web', image: 'harbor.lan/shop/web:9', ready: false, restartCount: 0, ...status },
					],
				},
				spec: { ...item.spec, containers: [{ name: 'web', image: 'harbor.lan/shop/web:9' }] },
			}
		}),
	)
	node.items('events', items => [
		...items,
		...events.map(([reason, message], index) => ({
			metadata: { name: `f.${index}`, namespace: 'shop' },
			involvedObject: { kind: 'Pod', namespace: 'shop', name },
			type: 'Warning',
			reason,
			message,
			count: 14,
			firstTimestamp: node.ago(800),
			lastTimestamp: node.ago(14),
		})),
	])
}

const unresolved =
	'failed to pull and unpack image "harbor.lan/shop/web:9": failed to resolve reference "harbor.lan/shop/web:9"'

export const imageNotFound: Fault = node => {
	const message = `${unresolved}: harbor.lan/shop/web:9: not found`
	application(
		node,
		{
			state: {
				waiting: {
					reason: 'ImagePullBackOff',
					message: `Back-off pulling image "harbor.lan/shop/web:9": ErrImagePull: ${message}`,
				},
			},
		},
		[['Failed', `Failed to pull image "harbor.lan/shop/web:9": ${message}`]],
	)
}

export const crashLoop: Fault = node =>
	application(node, {
		restartCount: 9,
		state: {
			waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container=web' },
		},
		lastState: {
			terminated: { exitCode: 1, reason: 'Error', startedAt: node.ago(42), finishedAt: node.ago(40) },
		},
	})

export const oomKilled: Fault = node =>
	application(node, {
		restartCount: 9,
		state: {
			waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container=web' },
		},
		lastState: {
			terminated: { exitCode: 137, reason: 'OOMKilled', startedAt: node.ago(42), finishedAt: node.ago(40) },
		},
	})

export const claimOfNobody: Fault = node =>
	node.items('persistentvolumeclaims', items => [
		...items,
		{
			metadata: { namespace: 'shop', name: 'data', uid: 'u-c', creationTimestamp: node.ago(3000) },
			spec: { storageClassName: 'fast', accessModes: ['ReadWriteOnce'] },
			status: { phase: 'Pending' },
		},
	])

export const silentResolver: Fault = node => {
	const file = node
		.names()
		.filter(name => name.includes('/kube-system_coredns'))
		.sort()
		.at(-1)
	const lines = [250, 220, 190, 160, 130, 100, 70, 40, 10].map(
		seconds =>
			`${node.ago(seconds)} stdout F [ERROR] plugin/errors: 2 harbor.lan. A: read udp 10.42.0.4:40122->10.99.0.1:53: i/o timeout\n`,
	)
	node.append(file ?? '', lines.join(''))
}

export const registryByName: Fault = node => {
	const message = `${unresolved}: failed to do request: Head "https://harbor.lan/v2/shop/web/manifests/9": dial tcp: lookup harbor.lan on 10.99.0.1:53: read udp 10.99.0.11:40000->10.99.0.1:53: i/o timeout`
	application(
		node,
		{
			state: {
				waiting: {
					reason: 'ImagePullBackOff',
					message: `Back-off pulling image "harbor.lan/shop/web:9": ErrImagePull: ${message}`,
				},
			},
		},
		[['Failed', `Failed to pull image "harbor.lan/shop/web:9": ${message}`]],
	)
}

export const notRestarted: Fault = node =>
	node.change('commands/k3s-version.txt', text => text.replace('v1.36.2+k3s1', 'v1.36.3+k3s1'))

export const noCoreDns: Fault = node => {
	node.items('deployments', items =>
		items.map(item =>
			item.metadata.name === 'coredns' ? { ...item, spec: { ...item.spec, replicas: 0 }, status: {} } : item,
		),
	)
	node.items('pods', items => items.filter(({ metadata }) => !String(metadata.name).startsWith('coredns')))
}

export const deadWebhook: Fault = node => {
	node.items('validatingwebhookconfigurations', items => [
		...items,
		{
			metadata: { name: 'policy', creationTimestamp: node.ago(90_000) },
			webhooks: [
				{
					name: 'policy.corp.example',
					failurePolicy: 'Fail',
					clientConfig: { service: { namespace: 'policy', name: 'gate' } },
					rules: [{ resources: ['pods'] }],
				},
			],
		},
	])
	keepsSaying(node, [
		klog(
			'Failed calling webhook, failing closed policy.corp.example: failed calling webhook \\"policy.corp.example\\": failed to call webhook: Post \\"https://gate.policy.svc:443/check?timeout=10s\\": service \\"gate\\" not found',
			'dispatcher.go:221',
		),
	])
}

export const slowDisk: Fault = node =>
	keepsSaying(node, [
		`{"level":"warn","ts":"${node.ago(5)}","caller":"wal/wal.go:805","msg":"slow fdatasync","took":"1.871s","expected-duration":"1s"}`,
	])

export const fullEtcd: Fault = node =>
	keepsSaying(node, [
		klog('"Failed to update lease" err="etcdserver: mvcc: database space exceeded"', 'controller.go:201'),
	])

export const failedSnapshots: Fault = node =>
	keepsSaying(
		node,
		['error Failed to take scheduled snapshot: failed to initialize S3 client: s3 bucket k3s does not exist'],
		120,
		600,
	)

export const swap: Fault = node =>
	node.put(
		'files/proc/swaps',
		'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/swap.img                               file\t\t4194300\t\t0\t\t-2\n',
	)
