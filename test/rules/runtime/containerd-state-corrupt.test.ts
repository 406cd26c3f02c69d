import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { cluster, event, pod } from '../cluster-text.js'
import { dying, listed, listingEntry } from '../unit.js'

const containerdLog = 'files/var/lib/rancher/k3s/agent/containerd/containerd.log'

describe('containerd-state-corrupt', () => {
	it('fires on a metadata database that does not open', () => {
		const log =
			'time="2026-11-21T03:00:00.1Z" level=info msg="starting containerd"\ncontainerd: failed to open database /var/lib/rancher/k3s/agent/containerd/io.containerd.metadata.v1.bolt/meta.db: invalid database\n'
		const examination = judgeFiles(dying('containerd exited: exit status 1', { [containerdLog]: log }))
		expect(rootsOf(examination)).toEqual(['containerd-state-corrupt'])
		expect(examination.report.diagnoses[0]?.remedies[0]?.risk).toBe('destructive')
	})

	it('fires on an empty database beside a containerd that ends', () => {
		const listing = listed('/var/lib/rancher/k3s/agent/containerd/io.containerd.metadata.v1.bolt/meta.db', {
			size: 0,
		})
		const files = dying('containerd exited: exit status 1', { 'commands/files.tsv': listing })
		expect(rootsOf(judgeFiles(files, {}, [listingEntry]))).toEqual(['containerd-state-corrupt'])
	})

	it('warns of content that is missing for one pod', () => {
		const files = cluster({
			pods: [pod({ containers: [{ state: { waiting: { reason: 'CreateContainerError', message: 'x' } } }] })],
			events: [
				event({
					reason: 'Failed',
					message:
						'Error: failed to create containerd container: error unpacking image: failed to extract layer: failed to unpack image on snapshotter overlayfs: content digest sha256:ab: not found',
					count: 3,
				}),
			],
		})
		expect(judgeFiles(files).report.diagnoses[0]).toMatchObject({
			cause: 'containerd-state-corrupt',
			severity: 'warning',
		})
	})

	it('is silent about shims that a reboot left behind', () => {
		const log =
			'time="2026-11-21T04:00:02Z" level=error msg="failed to load shim /run/k3s/x" error="unable to make connection"\ntime="2026-11-21T04:00:02Z" level=info msg="cleaning up dead shim" id=x\n'
		expect(causesOf(judgeFiles(cluster({}, { [containerdLog]: log })))).toEqual({})
	})
})
