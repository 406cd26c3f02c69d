import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { ago, cluster, died, justBooted, pod } from '../cluster-text.js'
import { aboutClaim, claim, localPath } from './claims.js'

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
					last: died(1, 30),
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
