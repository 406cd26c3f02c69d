import { describe, expect, it } from 'vitest'
import { kernel } from '../../src/sources/kernel.js'
import { bundleOf } from '../bundle-of.js'

const uname = 'Linux a1 6.18.44 #1 SMP PREEMPT_DYNAMIC @0 x86_64 GNU/Linux\n'
const cgroups = `#subsys_name	hierarchy	num_cgroups	enabled
cpuset	3	91	1
memory	4	639	1
pids	8	91	1
`

function mounted(...mounts: [target: string, fstype: string][]): Record<string, string> {
	const filesystems = mounts.map(([target, fstype]) => ({ target, source: fstype, fstype, options: 'rw' }))
	return { 'commands/findmnt.json': JSON.stringify({ filesystems }) }
}

const legacy = mounted(
	['/sys/fs/cgroup', 'tmpfs'],
	['/sys/fs/cgroup/unified', 'cgroup2'],
	['/sys/fs/cgroup/memory', 'cgroup'],
)

function parse(files: Record<string, string>) {
	return kernel.parse(bundleOf({ 'commands/uname.txt': uname, ...files }))
}

describe('the kernel', () => {
	it('tells its release and machine, whoever wrote the uname', () => {
		const forms: [string, string, string][] = [
			[uname, '6.18.44', 'x86_64'],
			[
				'Linux pi 6.6.31+rpt-rpi-v8 #1 SMP Debian 1:6.6.31 (2024-05-29) aarch64 GNU/Linux',
				'6.6.31+rpt-rpi-v8',
				'aarch64',
			],
			[
				'Linux c 3.10.0-1160.el7.x86_64 #1 SMP Mon x86_64 x86_64 x86_64 GNU/Linux',
				'3.10.0-1160.el7.x86_64',
				'x86_64',
			],
			['Linux alpine 6.6.7-0-lts #1-Alpine SMP PREEMPT_DYNAMIC armv7l Linux', '6.6.7-0-lts', 'armv7l'],
			['Linux x 1.0 strange machine', '1.0', ''],
		]
		for (const [text, release, arch] of forms)
			expect(parse({ 'commands/uname.txt': text })).toMatchObject({ release, arch })
	})

	it('tells its settings, command line, modules, boot and system', () => {
		const found = parse({
			'commands/sysctl.txt': 'net.ipv4.ip_forward = 1\nfs.file-nr = 4339\t0\t92233\nbroken line\nvm.x =\n',
			'files/proc/cmdline': 'console=ttyS0 cgroup_disable=memory\n',
			'files/proc/modules': 'br_netfilter 32768 0 - Live 0x0\noverlay 1 2 - Live 0x0\n',
			'files/proc/sys/kernel/random/boot_id': '12178e45-9dc8\n',
			'files/proc/uptime': '7307.75 5985.24\n',
			'commands/getenforce.txt': 'Enforcing\n',
			'files/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID=\'12\'\n',
		})
		expect(found).toMatchObject({
			cmdline: 'console=ttyS0 cgroup_disable=memory',
			bootId: '12178e45-9dc8',
			uptimeSeconds: 7307.75,
			selinux: 'Enforcing',
			os: { id: 'debian', pretty: 'Debian GNU/Linux 12 (bookworm)', version: '12' },
		})
		expect([...(found?.sysctl ?? [])]).toEqual([
			['net.ipv4.ip_forward', '1'],
			['fs.file-nr', '4339\t0\t92233'],
			['vm.x', ''],
		])
		expect(found?.modules?.has('br_netfilter')).toBe(true)
	})

	it('does not claim that no module is loaded where the list was not readable', () => {
		expect(parse({})).not.toHaveProperty('modules')
		expect(parse({ 'files/proc/modules': '' })).not.toHaveProperty('modules')
	})

	it('is unknown when nothing was answered', () => {
		expect(
			kernel.parse(bundleOf({ 'commands/uname.txt': '\0', 'commands/sysctl.txt': '=\n' })),
		).toBeUndefined()
	})
})

describe('cgroups', () => {
	it('are of version 2 where the unified hierarchy is mounted', () => {
		const found = parse({
			...mounted(['/sys', 'sysfs'], ['/sys/fs/cgroup', 'cgroup2']),
			'files/proc/cgroups': cgroups,
			'files/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io hugetlb pids\n',
		})
		expect(found?.cgroup.version).toBe(2)
		// /proc/cgroups still says that memory is enabled; what counts is what the hierarchy offers.
		expect(found?.cgroup.controllers.get('memory')).toBe(false)
		expect(found?.cgroup.controllers.get('pids')).toBe(true)
		expect(found?.cgroup.controllers.get('hugetlb')).toBe(true)
	})

	it('are of version 1 where each controller has its own, hybrid or not', () => {
		const found = parse({ ...legacy, 'files/proc/cgroups': cgroups.replace('639\t1', '1\t0') })
		expect(found?.cgroup.version).toBe(1)
		expect(found?.cgroup.controllers.get('memory')).toBe(false)
		expect(found?.cgroup.controllers.get('cpuset')).toBe(true)
	})

	it('are told by /proc/self/cgroup where the mounts are not known', () => {
		const own = (text: string) => parse({ 'files/proc/self/cgroup': text })?.cgroup.version
		expect(own('9:name=systemd:/../..\n4:memory:/..\n0::/../..\n')).toBe(1)
		expect(own('0::/user.slice/session-1.scope\n')).toBe(2)
		expect(own('1:name=systemd:/\n0::/\n')).toBe(2)
		expect(own('nonsense\n')).toBeUndefined()
	})
})
