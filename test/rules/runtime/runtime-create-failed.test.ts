import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles } from '../../judge.js'
import { cluster, event, pod } from '../cluster-text.js'

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
