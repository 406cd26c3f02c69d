import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { ago, cluster, event, pod } from '../cluster-text.js'
import {
	crashing,
	error,
	goodStart,
	journalText,
	listed,
	listingEntry,
	restarting,
	type Said,
	unitShow,
} from '../unit.js'

const containerdLog = 'files/var/lib/rancher/k3s/agent/containerd/containerd.log'
const templates = '/var/lib/rancher/k3s/agent/etc/containerd'
const shutdown = (why: string) => error(`Shutdown request received: ${JSON.stringify(why)}`)

/** A start in which a component died, as k3s logs it since November 2025. */
function died(why: string, second = 0): Said[] {
	return [
		[second, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
		[second + 1, 'k3s', 'time="x" level=info msg="Starting k3s v1.36.2+k3s1 (abcdef12)"'],
		[second + 2, 'k3s', shutdown(why)],
		[second + 3, 'systemd', "%u: Failed with result 'protocol'."],
		[second + 3, 'systemd', 'Failed to start %u - Lightweight Kubernetes.'],
	]
}

function dying(why: string, more: Record<string, string> = {}): Record<string, string> {
	return {
		'commands/systemctl-show.txt': unitShow(restarting),
		'journal/k3s.log': journalText([...died(why), ...died(why, 10)]),
		...more,
	}
}

describe('containerd-config-invalid', () => {
	it('fires on a template that Go cannot execute, and shows its line', () => {
		const why = `failed to start container runtime: template: compiled_template:3:5: executing "compiled_template" at <.Nowhere>: can't evaluate field Nowhere in type templates.ContainerdConfig`
		const files = dying(why, {
			[`files${templates}/config-v3.toml.tmpl`]: '# ours\n{{ template "base" . }}\nx = {{ .Nowhere }}\n',
		})
		const examination = judgeFiles(files)
		expect(rootsOf(examination)).toEqual(['containerd-config-invalid'])
		const [diagnosis] = examination.report.diagnoses
		expect(diagnosis?.findings.map(({ quote }) => quote?.text)).toContain('x = {{ .Nowhere }}')
		expect(diagnosis?.remedies[0]?.steps[0]).toEqual({
			move: `${templates}/config-v3.toml.tmpl`,
			to: `${templates}/config-v3.toml.tmpl.bak`,
		})
	})

	it('fires on a panic of older versions', () => {
		const files = crashing('panic: template: compiled_template:7: unexpected "}" in operand')
		files['journal/k3s.log'] = (files['journal/k3s.log'] ?? '').replace(
			/time="[^"]*" level=fatal msg="(panic: .*)"/g,
			(_all, text: string) => text.replaceAll('\\"', '"'),
		)
		expect(rootsOf(judgeFiles(files))).toEqual(['containerd-config-invalid'])
	})

	it('fires on TOML that containerd refuses in a last line without a time', () => {
		const log =
			'time="2026-11-21T03:00:00.1Z" level=info msg="containerd successfully booted in 0.3s"\ncontainerd: failed to load TOML from /var/lib/rancher/k3s/agent/etc/containerd/config.toml: (9, 3): no value can start with x\n'
		const examination = judgeFiles(dying('containerd exited: exit status 1', { [containerdLog]: log }))
		expect(rootsOf(examination)).toEqual(['containerd-config-invalid'])
		expect(examination.report.diagnoses[0]?.confidence).toBe('certain')
		expect(causesOf(examination)).toHaveProperty('containerd-failed')
	})

	it('is silent where a template is in use and all is well', () => {
		const files = cluster(
			{},
			{
				[`files${templates}/config-v3.toml.tmpl`]: '{{ template "base" . }}\n',
				[containerdLog]:
					'time="2026-11-21T04:00:02Z" level=info msg="containerd successfully booted in 0.3s"\n',
			},
		)
		expect(causesOf(judgeFiles(files))).toEqual({})
	})

	it('is silent where k3s ends for another reason', () => {
		const files = dying('kubelet exited: unknown flag: --x', {
			[`files${templates}/config.toml.tmpl`]: 'version = 2\n',
		})
		expect(rootsOf(judgeFiles(files))).not.toContain('containerd-config-invalid')
	})
})

describe('containerd-failed', () => {
	it('fires when containerd ends and nothing tells why', () => {
		expect(rootsOf(judgeFiles(dying('containerd exited: signal: killed')))).toEqual(['containerd-failed'])
		expect(rootsOf(judgeFiles(crashing('containerd exited: exit status 2')))).toEqual(['containerd-failed'])
	})

	it('fires when crictl gets no answer on a node that has been up for long', () => {
		const entry = {
			file: 'crictl/version.txt',
			argv: ['k3s', 'crictl', 'version'],
			exit: 1,
			why: 'failed' as const,
			stderr:
				'time="x" level=fatal msg="validate service connection: rpc error: code = Unavailable desc = dial unix /run/k3s/containerd/containerd.sock: connect: connection refused"',
		}
		expect(causesOf(judgeFiles(cluster(), {}, [entry]))).toEqual({ 'containerd-failed': 'likely' })
	})

	it('is silent about the first seconds of a start', () => {
		const lines: Said[] = [
			...goodStart(),
			[
				1,
				'k3s',
				'time="x" level=info msg="Waiting for containerd startup: rpc error: code = Unavailable desc = connection refused"',
			],
		]
		const files = { ...cluster(), 'journal/k3s.log': journalText(lines) }
		expect(causesOf(judgeFiles(files))).toEqual({})
	})
})

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

describe('runtime-create-failed', () => {
	const refused = (why: string) =>
		cluster({
			pods: [pod({ containers: [{ state: { waiting: { reason: 'ContainerCreating' } } }] })],
			events: [
				event({
					reason: 'FailedCreatePodSandBox',
					message: `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to start sandbox "x": failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${why}: unknown`,
					count: 4,
				}),
			],
		})

	it('fires when the kernel refuses a cgroup, a mount or a filter', () => {
		for (const why of [
			'unable to apply cgroup configuration: failed to write 12: open /sys/fs/cgroup/kubepods/cgroup.procs: permission denied',
			'error mounting "proc" to rootfs at "/proc": operation not permitted',
			'seccomp: config provided but seccomp not supported',
		])
			expect(causesOf(judgeFiles(refused(why)))).toMatchObject({ 'runtime-create-failed': 'likely' })
	})

	it('is silent where AppArmor, a full disk or a missing program is the reason', () => {
		for (const why of [
			'apparmor failed to apply profile',
			'write /x: no space left on device',
			'exec: "runc": executable file not found in $PATH',
		])
			expect(causesOf(judgeFiles(refused(why)))).not.toHaveProperty('runtime-create-failed')
	})
})

describe('docker-backend-problem', () => {
	it('fires when k3s is told to use Docker and Docker is stopped', () => {
		const files = crashing(
			'Error: failed to start container runtime: failed to get docker runtime info: Cannot connect to the Docker daemon at unix:///var/run/docker.sock',
		)
		files['files/etc/rancher/k3s/config.yaml'] = 'docker: true\n'
		files['commands/systemctl-show.txt'] =
			`${unitShow(restarting)}\n${unitShow({ Id: 'docker.service', ActiveState: 'inactive', SubState: 'dead' }, [])}`
		expect(rootsOf(judgeFiles(files))).toEqual(['docker-backend-problem'])
	})

	it('is silent about a stopped Docker that k3s does not use', () => {
		const files = cluster()
		files['commands/systemctl-show.txt'] =
			`${unitShow()}\n${unitShow({ Id: 'docker.service', ActiveState: 'inactive', SubState: 'dead' }, [])}`
		expect(causesOf(judgeFiles(files))).toEqual({})
	})
})
