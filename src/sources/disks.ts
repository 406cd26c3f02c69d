/** File systems: space, inodes, mounts and their options. */
import type { Bundle } from '../model/bundle.js'
import type { DiskEvidence, Filesystem } from '../model/evidence/index.js'
import { type DfRow, dfRows } from './disks/df.js'
import { findmnt, findmntFile, mountsOf } from './disks/mounts.js'
import { firstAnswer } from './first-answer.js'
import { type Ask, source } from './source.js'

const space = 'commands/df.txt'
const inodes = 'commands/df-inodes.txt'

const spaceColumns = '--output=source,fstype,size,used,avail,pcent,target'
const inodeColumns = '--output=source,itotal,iused,iavail,ipcent,target'

function percentOf({ percent, used, free }: DfRow): number {
	if (percent !== undefined) return Math.min(100, percent)
	return used + free > 0 ? Math.ceil((100 * used) / (used + free)) : 0
}

function parse(bundle: Bundle): DiskEvidence | undefined {
	const mounts = mountsOf(bundle)
	const typeOf = new Map(mounts.map(mount => [mount.target, mount.type]))
	const inodesOf = new Map(dfRows(bundle.files.get(inodes)).map(row => [row.mount, row]))
	const filesystems = dfRows(bundle.files.get(space)).map((row): Filesystem => {
		const nodes = inodesOf.get(row.mount)
		return {
			source: row.source,
			type: row.type ?? typeOf.get(row.mount) ?? '',
			mount: row.mount,
			size: row.total,
			used: row.used,
			available: row.free,
			usedPercent: percentOf(row),
			// btrfs and others make inodes as they need them and count none: 0 of 0 is not exhausted.
			...(nodes &&
				nodes.total > 0 && {
					inodes: {
						total: nodes.total,
						used: nodes.used,
						free: nodes.free,
						quote: { file: inodes, line: nodes.line.number, text: nodes.line.text },
					},
				}),
			quote: { file: space, line: row.line.number, text: row.line.text },
		}
	})
	return filesystems.length > 0 || mounts.length > 0 ? { filesystems, mounts } : undefined
}

async function collect(ask: Ask): Promise<void> {
	// An NFS server that is gone makes df wait for ever: then at least the local disks. busybox knows no --output.
	const limits = { limitSeconds: 6 }
	const [, , tree] = await Promise.all([
		firstAnswer(
			ask,
			space,
			[
				['df', '-B1', spaceColumns],
				['df', '-l', '-B1', spaceColumns],
				['df', '-kP'],
			],
			limits,
		),
		firstAnswer(
			ask,
			inodes,
			[
				['df', inodeColumns],
				['df', '-l', inodeColumns],
				['df', '-iP'],
			],
			limits,
		),
		ask.run(findmntFile, findmnt),
		ask.file('/etc/fstab'),
	])
	if (!tree) await ask.file('/proc/mounts')
}

export const disks = source({
	name: 'disks',
	title: 'disks and mounts',
	wants: node => [
		{ file: space, askFor: 'df -hT' },
		{ file: inodes, askFor: 'df -i' },
		{ file: findmntFile, askFor: 'findmnt', optional: node.init !== 'systemd' },
	],
	collect,
	parse,
})
