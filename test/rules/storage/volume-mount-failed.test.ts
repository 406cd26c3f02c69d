import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { agentNode, agentUnit } from '../agent.js'
import { ago, cluster, event, list, node, now, pod } from '../cluster-text.js'
import { goodStart, journalText } from '../unit.js'

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
