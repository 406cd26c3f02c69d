/** What the kernel says of failing disks and damaged file systems. */
import type { Mount } from '../../src/rule.js'

const faults: readonly [RegExp, string][] = [
	[/Remounting filesystem read-only/i, 'The kernel has made a file system read-only'],
	[/EXT4-fs error \(device (?<dev>[\w!-]+)\)/, 'ext4 found an error'],
	[
		/XFS \((?<dev>[\w!-]+)\): .*(?:Corruption|Shutting down filesystem|metadata I\/O error|log I\/O error)/i,
		'XFS met an error',
	],
	[/BTRFS.*(?:forced readonly|errors? while writing|failed to read)/i, 'btrfs met an error'],
	[/(?:I\/O error, dev|Buffer I\/O error on dev(?:ice)?) (?<dev>[\w!-]+)/i, 'A disk reports I/O errors'],
	[/critical (?:medium|target) error, dev (?<dev>[\w!-]+)/i, 'A disk reports a damaged sector'],
	[
		/nvme (?<dev>nvme\d+).*(?:controller is down|I\/O \d+ .*timeout|Abort status)/i,
		'An NVMe disk does not answer',
	],
	[/Aborting journal on device (?<dev>[\w!-]+)/i, "A file system's journal was aborted"],
]

/** What a line of the kernel's log says of a disk, in a sentence; `undefined` where it says nothing of one. */
export function kernelFault(text: string): string | undefined {
	for (const [pattern, says] of faults) {
		const match = pattern.exec(text)
		if (match) return match.groups?.dev ? `${says} (${match.groups.dev})` : says
	}
	return undefined
}

/**
 * Whether the line is about the disk behind a mount: `sda` and `nvme0` for `/dev/sda2` and `/dev/nvme0n1p3`.
 * Device mapper's names (`dm-0`) say nothing of their disks, so they count for every `/dev/mapper` mount.
 */
export function namesDevice(text: string, { source, target }: Mount): boolean {
	if (text.includes(` ${target} `)) return true
	const device = source.replace(/\[.*$/, '').replace(/^\/dev\//, '')
	if (device === '' || device.length > 64) return false
	if (device.startsWith('mapper/') || device === 'root')
		return /\bdm-\d+|\b(?:sd[a-z]+|nvme\d+n\d+|vd[a-z]+|mmcblk\d+)/.test(text)
	const disk = device.replace(/(?<=\d)p\d+$/, '').replace(/^((?:sd|vd|xvd|hd)[a-z]+)\d+$/, '$1')
	const words = new Set(text.split(/[^\w!-]+/))
	return words.has(device) || words.has(disk) || words.has(disk.replace(/n\d+$/, ''))
}
