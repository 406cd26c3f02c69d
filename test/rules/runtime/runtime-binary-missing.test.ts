import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { ago, cluster, event, pod } from '../cluster-text.js'
import { listed, listingEntry } from '../unit.js'

describe('runtime-binary-missing', () => {
	const bin = `/data/k3s/data/${'a'.repeat(64)}/bin`
	const unpacked = (...without: string[]) =>
		[
			listed('/data/k3s', { type: 'd' }),
			listed('/data/k3s/data/current', { type: 'l', target: `/data/k3s/data/${'a'.repeat(64)}` }),
			...['k3s', 'runc', 'containerd-shim-runc-v2', 'flannel']
				.filter(name => !without.includes(name))
				.map(name => listed(`${bin}/${name}`, { mode: '755' })),
		].join('')
	const entry = { ...listingEntry, argv: ['find', '/data/k3s', '-maxdepth', '5'] }
	const waiting = pod({ containers: [{ state: { waiting: { reason: 'ContainerCreating' } } }] })
	const sandbox = (why: string) =>
		event({
			reason: 'FailedCreatePodSandBox',
			message: `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to start sandbox "x": failed to create containerd task: failed to create shim task: ${why}`,
			count: 3,
		})

	it('fires when the shim is gone, in another data directory', () => {
		const files = cluster(
			{
				pods: [waiting],
				events: [
					sandbox(
						'runtime "io.containerd.runc.v2" binary not installed "containerd-shim-runc-v2": file does not exist',
					),
				],
			},
			{ 'commands/files.tsv': unpacked('containerd-shim-runc-v2') },
		)
		const examination = judgeFiles(files, { dataDir: '/data/k3s' }, [entry])
		expect(rootsOf(examination)).toEqual(['runtime-binary-missing'])
		const [diagnosis] = examination.report.diagnoses
		expect(diagnosis?.severity).toBe('critical')
		expect(diagnosis?.remedies[0]?.steps).toContainEqual({
			move: bin.replace('/bin', ''),
			to: `${bin.replace('/bin', '')}.broken`,
		})
	})

	it('warns beforehand while everything still runs', () => {
		const files = cluster({ pods: [pod()] }, { 'commands/files.tsv': unpacked('runc') })
		const [diagnosis] = judgeFiles(files, { dataDir: '/data/k3s' }, [entry]).report.diagnoses
		expect(diagnosis).toMatchObject({
			cause: 'runtime-binary-missing',
			severity: 'warning',
			confidence: 'likely',
		})
	})

	it('fires for a pod whose RuntimeClass has no runtime here', () => {
		const files = cluster({
			pods: [waiting, pod({ name: 'web-1' })],
			events: [
				event({
					reason: 'FailedCreatePodSandBox',
					message:
						'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "nvidia" is configured',
					count: 4,
				}),
			],
		})
		expect(judgeFiles(files).report.diagnoses[0]).toMatchObject({
			cause: 'runtime-binary-missing',
			severity: 'warning',
			confidence: 'certain',
		})
	})

	it('is silent about a pod whose own command does not exist', () => {
		const message =
			'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "serve": executable file not found in $PATH: unknown'
		const files = cluster({
			pods: [
				pod({
					containers: [
						{
							restarts: 4,
							state: { waiting: { reason: 'CrashLoopBackOff', message: '' } },
							last: {
								terminated: {
									exitCode: 128,
									reason: 'StartError',
									message,
									startedAt: ago(30),
									finishedAt: ago(30),
								},
							},
						},
					],
				}),
			],
			events: [event({ reason: 'Failed', message: `Error: ${message}`, count: 5 })],
		})
		expect(causesOf(judgeFiles(files))).toEqual({ 'pod-crashloop': 'certain' })
	})

	it('is silent where all programs are there, and where they could not be seen', () => {
		const whole = cluster({ pods: [pod()] }, { 'commands/files.tsv': unpacked() })
		expect(causesOf(judgeFiles(whole, { dataDir: '/data/k3s' }, [entry]))).toEqual({})
		const shallow = cluster(
			{ pods: [pod()] },
			{ 'commands/files.tsv': unpacked('k3s', 'runc', 'containerd-shim-runc-v2', 'flannel') },
		)
		expect(causesOf(judgeFiles(shallow, { dataDir: '/data/k3s' }, [entry]))).toEqual({})
	})

	it('sees past the names of the recording', async () => {
		const rename = (text: string) =>
			text.replaceAll('"runc\\"', '"crun\\"').replaceAll('\\"runc\\', '\\"crun\\')
		expect(rootsOf(await judgeRecording('runc-gone', { 'api/events.json': rename }))).toEqual([
			'runtime-binary-missing',
		])
	})
})
