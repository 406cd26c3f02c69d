import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { agentNode, agentUnit } from '../agent.js'
import { ago, cluster, event, justBooted, list, node, now, pod } from '../cluster-text.js'
import { goodStart, journalText } from '../unit.js'

const localPath = (isDefault = true) => ({
	metadata: {
		name: 'local-path',
		annotations: isDefault ? { 'storageclass.kubernetes.io/is-default-class': 'true' } : {},
	},
	provisioner: 'rancher.io/local-path',
	volumeBindingMode: 'WaitForFirstConsumer',
})
const nfsClass = { metadata: { name: 'nfs' }, provisioner: 'nfs.csi.k8s.io', volumeBindingMode: 'Immediate' }

function claim(storageClassName?: string, more: { mode?: string; phase?: string; created?: string } = {}) {
	return {
		metadata: { namespace: 'shop', name: 'data', creationTimestamp: more.created ?? ago(400) },
		spec: {
			...(storageClassName !== undefined && { storageClassName }),
			accessModes: [more.mode ?? 'ReadWriteOnce'],
		},
		status: { phase: more.phase ?? 'Pending' },
	}
}

const aboutClaim = (reason: string, message: string, more = {}) =>
	event({ kind: 'PersistentVolumeClaim', name: 'data', reason, message, count: 4, ...more })

describe('pvc-pending', () => {
	it('fires on a class that does not exist, and where there is no default', () => {
		const missing = cluster({
			storageclasses: [localPath()],
			persistentvolumeclaims: [claim('ceph-rbd')],
			pods: [
				pod({
					on: '',
					unschedulable:
						'0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found',
				}),
			],
		})
		const examination = judgeFiles(missing)
		expect(rootsOf(examination)).toEqual(['pvc-pending'])
		expect(examination.report.diagnoses[0]?.findings[0]?.says).toContain('ceph-rbd')
		const none = cluster({
			storageclasses: [localPath(false)],
			persistentvolumeclaims: [claim()],
			events: [
				aboutClaim(
					'FailedBinding',
					'no persistent volumes available for this claim and no storage class is set',
				),
			],
		})
		expect(causesOf(judgeFiles(none))).toEqual({ 'pvc-pending': 'certain' })
	})

	it('fires on an access mode that local-path does not have, and not as a fault of local-path', () => {
		const files = cluster({
			storageclasses: [localPath()],
			persistentvolumeclaims: [claim('local-path', { mode: 'ReadWriteMany' })],
			events: [
				aboutClaim(
					'ProvisioningFailed',
					'failed to provision volume with StorageClass "local-path": NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes',
				),
			],
		})
		expect(causesOf(judgeFiles(files))).toEqual({ 'pvc-pending': 'certain' })
	})

	it('fires on a provisioner that does not answer', () => {
		const files = cluster({
			storageclasses: [localPath(), nfsClass],
			persistentvolumeclaims: [claim('nfs')],
			events: [
				aboutClaim(
					'ExternalProvisioning',
					"Waiting for a volume to be created either by the external provisioner 'nfs.csi.k8s.io' or manually",
				),
			],
		})
		expect(causesOf(judgeFiles(files))).toEqual({ 'pvc-pending': 'likely' })
	})

	it('is silent about a claim that waits for its first pod, one that is bound, and lists that were not answered', () => {
		const waits = cluster({
			storageclasses: [localPath()],
			persistentvolumeclaims: [claim('local-path')],
			events: [aboutClaim('WaitForFirstConsumer', 'waiting for first consumer to be created before binding')],
		})
		expect(causesOf(judgeFiles(waits))).toEqual({})
		expect(
			causesOf(
				judgeFiles(
					cluster({
						storageclasses: [localPath()],
						persistentvolumeclaims: [claim('gone', { phase: 'Bound' })],
					}),
				),
			),
		).toEqual({})
		expect(causesOf(judgeFiles(cluster({ persistentvolumeclaims: [claim('anything')] })))).toEqual({})
	})
})

describe('local-path-failed', () => {
	const helper = (state: Record<string, unknown>, created = ago(40)) =>
		pod({
			namespace: 'storage',
			name: 'helper-pod-create-pvc-1',
			created,
			containers: [{ image: 'corp/busybox:1', state }],
		})

	it('fires when the helper gets no image, from wherever it should come', () => {
		const why =
			'failed to pull and unpack image "docker.io/corp/busybox:1": failed to resolve reference "docker.io/corp/busybox:1": failed to do request: Head "https://registry-1.docker.io/v2/corp/busybox/manifests/1": dial tcp: lookup registry-1.docker.io on 10.0.0.1:53: no such host'
		const files = cluster({ pods: [helper({ waiting: { reason: 'ImagePullBackOff', message: why } })] })
		expect(rootsOf(judgeFiles(files))).toEqual(['local-path-failed'])
	})

	it('fires when the provisioner gives up', () => {
		const files = cluster({
			storageclasses: [localPath()],
			persistentvolumeclaims: [claim()],
			events: [
				aboutClaim(
					'ProvisioningFailed',
					'failed to provision volume with StorageClass "local-path": failed to create volume pvc-1: create process timeout after 120 seconds',
				),
			],
		})
		expect(causesOf(judgeFiles(files))).toEqual({ 'local-path-failed': 'certain' })
	})

	it('fires when the provisioner itself goes round in circles', () => {
		const down = pod({
			namespace: 'kube-system',
			name: 'local-path-provisioner-7-x',
			containers: [
				{
					restarts: 5,
					state: { waiting: { reason: 'CrashLoopBackOff', message: 'x' } },
					last: { terminated: { exitCode: 1, reason: 'Error', finishedAt: ago(30), startedAt: ago(31) } },
				},
			],
		})
		const log = {
			'files/var/log/pods/kube-system_local-path-provisioner-7-x_uid-local-path-provisioner-7-x/main/5.log': `${ago(30)} stderr F time="x" level=fatal msg="Error starting daemon: invalid configuration: unknown field"\n`,
		}
		expect(rootsOf(judgeFiles(cluster({ pods: [down] }, log)))).toEqual(['local-path-failed'])
	})

	it('is silent about a helper at its work, and a provisioner that comes up after a boot', () => {
		const young = pod({
			namespace: 'kube-system',
			name: 'local-path-provisioner-7-x',
			created: ago(90_000),
			containers: [{ restarts: 1, state: { waiting: { reason: 'ContainerCreating' } } }],
		})
		const files = {
			...cluster({ pods: [helper({ waiting: { reason: 'ContainerCreating' } }, ago(3)), young] }),
			...justBooted,
		}
		expect(causesOf(judgeFiles(files))).toEqual({})
	})
})

describe('volume-mount-failed', () => {
	const creating = pod({ containers: [{ state: { waiting: { reason: 'ContainerCreating' } } }] })
	const failed = (message: string, more = {}) => event({ reason: 'FailedMount', message, count: 5, ...more })

	it('fires on a host without the client, and names its package', () => {
		for (const [message, words] of [
			[
				'MountVolume.SetUp failed for volume "share" : mount failed: exit status 32\nMounting arguments: -t nfs 10.1.1.1:/x /y\nOutput: mount: /y: bad option; for several filesystems (e.g. nfs, cifs) you might need a /sbin/mount.<type> helper program.',
				'nfs',
			],
			[
				'MountVolume.SetUp failed for volume "share" : mount failed: exit status 32\nOutput: mount: /y: unknown filesystem type \'cifs\'.',
				'cifs',
			],
			[
				'MountVolume.WaitForAttach failed for volume "iscsi" : executable file not found: "iscsiadm": executable file not found in $PATH',
				'iscsi',
			],
		] as const) {
			const examination = judgeFiles(cluster({ pods: [creating], events: [failed(message)] }))
			expect(causesOf(examination)).toEqual({ 'volume-mount-failed': 'certain' })
			expect(examination.report.diagnoses[0]?.remedies[0]?.title).toContain(words)
		}
	})

	it('fires on storage that refuses or is silent, and on a driver that does not run here', () => {
		for (const message of [
			'MountVolume.SetUp failed for volume "v" : mount failed: exit status 32\nOutput: mount.nfs: access denied by server while mounting 10.1.1.1:/x',
			'MountVolume.MountDevice failed for volume "v" : kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name driver.longhorn.io not found in the list of registered CSI drivers',
		])
			expect(causesOf(judgeFiles(cluster({ pods: [creating], events: [failed(message)] })))).toEqual({
				'volume-mount-failed': 'certain',
			})
	})

	it('is told by the journal on an agent, which sees no events', () => {
		const line = (second: number): [number, string, string] => [
			second,
			'k3s',
			`E1121 04:09:${second - 540}.1     700 nestedpendingoperations.go:348] Operation for "{volumeName:kubernetes.io/nfs/u-v}" failed. No retries permitted until x. Error: MountVolume.SetUp failed for volume "v" (UniqueName: "kubernetes.io/nfs/u-v") pod "a-1" (UID: "u") : mount failed: exit status 32`,
		]
		const output: [number, string, string] = [
			580,
			'k3s',
			"Output: mount: /var/lib/kubelet/pods/u/volumes/kubernetes.io~nfs/v: unknown filesystem type 'nfs'.",
		]
		const files = {
			'commands/systemctl-show.txt': agentUnit(),
			'commands/date.txt': `${now}\n`,
			'journal/k3s-agent.log': journalText([...goodStart(), line(550), line(580), output]),
			'api/nodes.json': list(node()),
			'api/pods.json': list(creating),
		}
		expect(rootsOf(judgeFiles(files, agentNode))).toEqual(['volume-mount-failed'])
	})

	it('is silent about a missing ConfigMap, about what passed, and about a pod that runs', () => {
		const config = failed('MountVolume.SetUp failed for volume "c" : configmap "x" not found')
		expect(causesOf(judgeFiles(cluster({ pods: [creating], events: [config] })))).not.toHaveProperty(
			'volume-mount-failed',
		)
		const mount = 'MountVolume.SetUp failed for volume "v" : Output: mount: unknown filesystem type \'nfs\''
		expect(
			causesOf(judgeFiles(cluster({ pods: [creating], events: [failed(mount, { last: ago(3000) })] }))),
		).toEqual({})
		expect(causesOf(judgeFiles(cluster({ pods: [pod()], events: [failed(mount)] })))).toEqual({})
	})

	it('sees past the names of the recording', async () => {
		const rename = (text: string) =>
			text
				.replaceAll('10.99.0.1:/export', 'nas.corp:/srv')
				.replaceAll('"d\\"', '"media\\"')
				.replaceAll('share-', 'films-')
		const examination = await judgeRecording('nfs-no-client', {
			'api/events.json': rename,
			'api/pods.json': rename,
			'journal/k3s.log': rename,
		})
		expect(rootsOf(examination)).toEqual(['volume-mount-failed'])
	})
})
