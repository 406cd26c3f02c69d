/** Recorded nodes that are well, each with one innocent oddity of its host: nothing may be made of it. */
import { describe, expect, it } from 'vitest'
import { judgeRecording, type Patch } from '../../judge.js'
import { kernelLog } from './host-text.js'

const append = (line: string) => (text: string) => `${text}${line}\n`

const oddities: Record<string, Patch> = {
	'a disk of somebody else is full': {
		'commands/df.txt': append('/dev/sdb1 ext4 900000000000 900000000000 0 100% /mnt/backup'),
		'commands/df-inodes.txt': append('/dev/sdb1 60000000 60000000 0 100% /mnt/backup'),
	},
	'images of snaps are full and read-only, as always': {
		'commands/df.txt': append('/dev/loop7 squashfs 67108864 67108864 0 100% /snap/core20/1'),
		'commands/findmnt.json': text =>
			text.replace(
				'"filesystems": [',
				'"filesystems": [{"target":"/snap/core20/1","source":"/dev/loop7","fstype":"squashfs","options":"ro,nodev"},',
			),
	},
	'swap is on': {
		'commands/swapon.txt': '/dev/dm-1 partition 8589934592 1048576 -2\n',
		'files/proc/meminfo': text =>
			text.replace(/SwapTotal:.*/, 'SwapTotal: 8388604 kB').replace(/SwapFree:.*/, 'SwapFree: 8387580 kB'),
	},
	'no time service': {
		'commands/timedatectl.txt': 'Timezone=Etc/UTC\nCanNTP=no\nNTP=no\nNTPSynchronized=no\n',
		'commands/chronyc-tracking.txt':
			'Reference ID    : 00000000 ()\nSystem time     : 0.000000000 seconds fast of NTP time\nLeap status     : Not synchronised\n',
	},
	'the clock is a tenth of a second off': {
		'commands/chronyc-tracking.txt':
			'Reference ID    : C0A80101 (10.0.0.1)\nSystem time     : 0.112000000 seconds slow of NTP time\nLeap status     : Normal\n',
	},
	'no modprobe and no list of modules': { 'files/proc/modules': null },
	'a container met its own memory limit, a USB stick was pulled': kernelLog(
		'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,mems_allowed=0,oom_memcg=/kubepods/pod1,task_memcg=/kubepods/pod1/c,task=stress,pid=99,uid=0',
		'blk_update_request: I/O error, dev sdz, sector 0',
		"overlayfs: fs on '/x' does not support file handles, falling back to xino=off.",
	),
	'the CPUs are busy': {
		'files/proc/pressure/cpu':
			'some avg10=97.10 avg60=96.00 avg300=94.20 total=1\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
	},
	'a second network card and a tunnel': {
		'commands/ip-addr.json': text =>
			text.replace(
				/\]\s*$/,
				',{"ifname":"tailscale0","flags":["UP"],"operstate":"UNKNOWN","mtu":1280,"addr_info":[{"family":"inet","local":"100.64.0.9","prefixlen":32,"scope":"global"}]}]',
			),
	},
	'the defaults of the kernel for inotify': {
		'commands/sysctl.txt': text =>
			text.replace(/(max_user_instances = )\d+/, '$1128').replace(/(max_user_watches = )\d+/, '$18192'),
	},
	'a kernel without modules for IPVS': {
		'commands/k3s-check-config.txt': append('- CONFIG_IP_VS: missing (fail)'),
	},
	'a line for swap and a share in fstab': {
		'files/etc/fstab':
			'UUID=1 / ext4 errors=remount-ro 0 1\nUUID=2 none swap sw 0 0\nnas:/pool /mnt/nas nfs noauto,nofail 0 0\n',
	},
	'a drop-in with generous limits': {
		'commands/systemctl-cat.txt': append(
			'\n# /etc/systemd/system/k3s.service.d/limits.conf\n[Service]\nLimitNOFILE=1048576\nTasksMax=infinity\nCPUQuota=\n',
		),
	},
}

describe('a node that is well', () => {
	for (const name of ['healthy-server', 'agent-healthy', 'ha-healthy'])
		it.each(Object.entries(oddities))(`${name}: %s`, async (_oddity, patch) => {
			const { report } = await judgeRecording(name, patch)
			const made = report.diagnoses.filter(({ confidence }) => confidence !== 'possible')
			expect(made.map(({ cause, findings }) => [cause, findings[0]?.says])).toEqual([])
			expect(report.verdict).toBe('healthy')
		})
})
