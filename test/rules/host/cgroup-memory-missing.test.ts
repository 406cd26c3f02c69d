import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { crashing, info, running } from '../unit.js'

const refusal =
	'Error: failed to find memory cgroup, you may need to add "cgroup_memory=1 cgroup_enable=memory" to your linux cmdline (/boot/cmdline.txt on a Raspberry Pi)'
const line = 'console=serial0,115200 root=PARTUUID=1 rootfstype=ext4 fsck.repair=yes rootwait'
const off = {
	'files/proc/cgroups':
		'#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpuset\t3\t9\t1\ncpu\t1\t9\t1\nmemory\t0\t9\t0\npids\t8\t9\t1\n',
	'commands/uname.txt': 'Linux pi 6.1.21-v8+ #1 SMP aarch64 GNU/Linux\n',
}

describe('cgroup-memory-missing', () => {
	it('fires on a Raspberry Pi, and appends to its one line', () => {
		const files = crashing(refusal, { ...off, 'files/boot/firmware/cmdline.txt': `${line}\n` })
		const examination = judgeFiles(files)
		expect(rootsOf(examination)).toEqual(['cgroup-memory-missing'])
		expect(examination.report.diagnoses[0]?.remedies[0]?.steps[0]).toEqual({
			editLines: '/boot/firmware/cmdline.txt',
			changes: [{ line, becomes: [`${line} cgroup_memory=1 cgroup_enable=memory`] }],
		})
	})

	it('fires in the words of other versions, and where a controller was not handed down', () => {
		for (const word of [
			'failed to find memory cgroup (v2)',
			'Error: failed to find cpuset cgroup (v2)',
			'unhandled cgroup mode',
		])
			expect(rootsOf(judgeFiles(crashing(word)))).toEqual(['cgroup-memory-missing'])
		const files = crashing('Error: something else', {
			'commands/findmnt.json':
				'{"filesystems":[{"target":"/sys/fs/cgroup","source":"cgroup2","fstype":"cgroup2","options":"rw"}]}',
			'files/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io pids\n',
		})
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'cgroup-memory-missing': 'certain' })
	})

	it('offers to take cgroup_disable out where that is the reason', () => {
		const files = crashing(refusal, {
			...off,
			'files/proc/cmdline': 'root=/dev/sda1 cgroup_disable=memory quiet\n',
		})
		expect(judgeFiles(files).report.diagnoses[0]?.remedies[0]?.title).toContain('cgroup_disable')
	})

	it('is silent on the warning about cpuset, and on a node that runs', async () => {
		const files = running(off, [
			[590, 'k3s', info('Failed to find cpuset cgroup, you may need to add "cgroup_enable=cpuset"')],
		])
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('cgroup-memory-missing')
		expect(causesOf(await judgeRecording('cgroup-v1'))).not.toHaveProperty('cgroup-memory-missing')
	})
})
