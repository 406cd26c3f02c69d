import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { cluster, pod } from '../cluster-text.js'
import { aboutClaim, claim, localPath } from './claims.js'

const nfsClass = { metadata: { name: 'nfs' }, provisioner: 'nfs.csi.k8s.io', volumeBindingMode: 'Immediate' }

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
