/** Single faults, each a change of a node that is well, to be told alone or laid upon each other. */
import type { HealthyFiles } from '../healthy/node.js'
import { keepsSaying, klog } from './journal.js'
import { changeNode, condition } from './nodes.js'
import { deadWebhook } from './objects.js'
import { application, crashing, podSays, scaledToNothing, waiting, warns } from './pods.js'
import type { Fault } from './recorded.js'
import { serverEnds } from './start.js'

export const cordoned: Fault = node =>
	changeNode(node, item => ({
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
	condition(node, 'DiskPressure', {
		status: 'True',
		reason: 'KubeletHasDiskPressure',
		message: 'kubelet has disk pressure',
		lastTransitionTime: node.ago(700),
	})
}

export const memoryPressure: Fault = node =>
	condition(node, 'MemoryPressure', {
		status: 'True',
		reason: 'KubeletHasInsufficientMemory',
		message: 'kubelet has insufficient memory available',
		lastTransitionTime: node.ago(700),
	})

const image = 'harbor.lan/shop/web:9'

/** The application's image is not pulled, and the kubelet says why. */
function notPulled(node: HealthyFiles, why: string): void {
	const message = `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${why}`
	const backOff = `Back-off pulling image "${image}": ErrImagePull: ${message}`
	const pod = application(node, waiting('ImagePullBackOff', backOff), { age: 5000, image })
	const times = { count: 14, first: 800, last: 14 }
	warns(node, pod, 'Failed', `Failed to pull image "${image}": ${message}`, times)
}

/** The application ends again and again. */
function ends(node: HealthyFiles, exitCode: number, reason: string): void {
	const message = 'back-off 5m0s restarting failed container=web'
	const again = crashing(node, message, { exitCode, reason, restarts: 9, ran: [42, 40] })
	application(node, again, { age: 5000, image })
}

export const imageNotFound: Fault = node => notPulled(node, `${image}: not found`)

export const crashLoop: Fault = node => ends(node, 1, 'Error')

export const oomKilled: Fault = node => ends(node, 137, 'OOMKilled')

export const claimOfNobody: Fault = node =>
	node.add('persistentvolumeclaims', {
		metadata: { namespace: 'shop', name: 'data', uid: 'u-c', creationTimestamp: node.ago(3000) },
		spec: { storageClassName: 'fast', accessModes: ['ReadWriteOnce'] },
		status: { phase: 'Pending' },
	})

export const silentResolver: Fault = node =>
	podSays(
		node,
		'kube-system_coredns',
		'[ERROR] plugin/errors: 2 harbor.lan. A: read udp 10.42.0.4:40122->10.99.0.1:53: i/o timeout',
		[250, 220, 190, 160, 130, 100, 70, 40, 10],
	)

export const registryByName: Fault = node =>
	notPulled(
		node,
		'failed to do request: Head "https://harbor.lan/v2/shop/web/manifests/9": dial tcp: lookup harbor.lan on 10.99.0.1:53: read udp 10.99.0.11:40000->10.99.0.1:53: i/o timeout',
	)

export const notRestarted: Fault = node =>
	node.change('commands/k3s-version.txt', text => text.replace('v1.36.2+k3s1', 'v1.36.3+k3s1'))

export const noCoreDns: Fault = node => scaledToNothing(node, 'coredns')

export const deadPolicy: Fault = node =>
	deadWebhook(node, {
		kind: 'validating',
		name: 'policy',
		hook: 'policy.corp.example',
		service: { namespace: 'policy', name: 'gate' },
		path: 'check',
	})

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

/** A server whose kernel was booted without the control group of memory. */
export async function memoryCgroupOff(): Promise<HealthyFiles> {
	const node = await serverEnds([
		'error failed to find memory cgroup (v2)',
		'fatal Error: failed to find memory cgroup (v2)',
	])
	node.change('files/proc/cgroups', text => text.replace(/^(memory\t\d+\t\d+\t)1$/m, '$10'))
	return node
}
