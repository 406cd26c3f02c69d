import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { cluster, event, pod } from '../cluster-text.js'
import { journalText, listed, listingEntry } from '../unit.js'
import { head, pull } from './waiting.js'

describe('airgap-images-missing', () => {
	const silent = `${head('registry-1.docker.io', 'rancher/mirrored-pause')}dial tcp 3.3.3.3:443: i/o timeout`
	const sandbox = `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox image "rancher/mirrored-pause:3.6": ${pull('docker.io/rancher/mirrored-pause:3.6', silent)}`
	const stuck = (name: string, namespace = 'kube-system') =>
		pod({ namespace, name, containers: [{ state: { waiting: { reason: 'ContainerCreating' } } }] })
	const failed = (name: string, namespace = 'kube-system') =>
		event({ namespace, name, reason: 'FailedCreatePodSandBox', message: sandbox, count: 5 })

	it('fires when no pod gets its pause image, in another data directory too', () => {
		const files = cluster(
			{
				pods: [stuck('coredns-1'), stuck('app-1', 'shop')],
				events: [failed('coredns-1'), failed('app-1', 'shop')],
			},
			{ 'commands/files.tsv': listed('/data/k3s', { type: 'd' }) + listed('/data/k3s/agent', { type: 'd' }) },
		)
		const entry = { ...listingEntry, argv: ['find', '/data/k3s', '-maxdepth', '5'] }
		const examination = judgeFiles(files, { dataDir: '/data/k3s' }, [entry])
		expect(rootsOf(examination)).toEqual(['airgap-images-missing'])
		const [diagnosis] = examination.report.diagnoses
		expect(diagnosis?.severity).toBe('critical')
		expect(diagnosis?.findings.map(({ says }) => says)).toContain(
			'/data/k3s/agent/images holds no image archive',
		)
		expect(JSON.stringify(diagnosis?.remedies[1])).toContain(
			'/data/k3s/agent/images/k3s-airgap-images-amd64.tar.zst',
		)
	})

	it('fires on the recording whatever the version of the pause image', async () => {
		const other = (text: string) =>
			text
				.replaceAll('mirrored-pause:3.6', 'mirrored-pause:3.10')
				.replaceAll('manifests/3.6', 'manifests/3.10')
		const examination = await judgeRecording('images-missing', {
			'api/events.json': other,
			'journal/k3s.log': other,
		})
		expect(rootsOf(examination)).toEqual(['airgap-images-missing'])
	})

	it('is told by an archive that cannot be imported', () => {
		const line =
			'time="2026-11-21T04:00:02Z" level=error msg="Failed to process image event: failed to import /var/lib/rancher/k3s/agent/images/k3s-airgap-images-amd64.tar.zst: unexpected EOF"'
		const files = cluster({ pods: [stuck('coredns-1')], events: [failed('coredns-1')] })
		files['journal/k3s.log'] = journalText([
			[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
			[1, 'k3s', 'time="2026-11-21T04:00:01Z" level=info msg="Starting k3s v1.33.4+k3s1 (abcdef12)"'],
			[2, 'k3s', line],
			[3, 'k3s', 'time="2026-11-21T04:00:03Z" level=info msg="k3s is up and running"'],
		])
		const [diagnosis] = judgeFiles(files).report.diagnoses
		expect(diagnosis?.findings.some(({ says }) => says.includes('unexpected EOF'))).toBe(true)
	})

	it('leaves a chart of the operator’s to the helm job, and a volume’s helper to local-path', async () => {
		expect(causesOf(await judgeRecording('helm-no-image'))).not.toHaveProperty('airgap-images-missing')
		expect(causesOf(await judgeRecording('local-path-helper'))).not.toHaveProperty('airgap-images-missing')
	})

	it('is silent on an online node that is pulling, and on a node that needs no archive', () => {
		const pulling = cluster({
			pods: [
				pod({
					namespace: 'kube-system',
					name: 'coredns-1',
					containers: [
						{
							image: 'rancher/mirrored-coredns-coredns:1.12.0',
							state: { waiting: { reason: 'ContainerCreating' } },
						},
					],
				}),
			],
			events: [
				event({
					namespace: 'kube-system',
					name: 'coredns-1',
					reason: 'Pulling',
					message: 'Pulling image "rancher/mirrored-coredns-coredns:1.12.0"',
				}),
			],
		})
		expect(rootsOf(judgeFiles(pulling))).toEqual([])
		expect(causesOf(judgeFiles(cluster({ pods: [pod()] })))).toEqual({})
	})
})
