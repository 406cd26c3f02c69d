import { check, fail, filesystemOf, mountOf, pass, warn } from '../../src/check.js'

/** Types that containerd's overlayfs snapshotter does not work on. */
const refuses =
	/^(?:nfs\d?|cifs|smb3|smbfs|fuse\..*|fuseblk|ecryptfs|vfat|msdos|exfat|ntfs3?|9p|afs|overlay|aufs)$/
const fleeting = /^(?:tmpfs|ramfs)$/

export default check({
	id: 'file-system',
	list: 'preflight',
	title: 'The file system carries containers',
	matters: true,
	explain:
		'Containers are stacked with overlayfs, which does not work on network file systems, on FAT, or on another overlay; programs and images cannot be used where a file system is mounted read-only or noexec.',
	docs: ['https://docs.k3s.io/advanced#using-the-fuse-overlayfs-snapshotter'],
	needs: ['disks'],
	look: ({ disks, node }) => {
		const held = filesystemOf(disks, node.dataDir)
		const mount = mountOf(disks, node.dataDir)
		if (!held && !mount) return undefined
		const type = mount?.type ?? held?.type ?? ''
		const target = mount?.target ?? held?.mount ?? '/'
		const options = mount?.options ?? []
		const seen = {
			source: 'disks' as const,
			quote: mount
				? { file: 'commands/findmnt.json', text: `${mount.target} ${type} ${options.join(',')}` }
				: { file: 'commands/df.txt', text: `${target} ${type}` },
		}
		const other = {
			...seen,
			do: [
				{ tell: 'Give k3s a disk of its own with ext4 or xfs: data-dir in /etc/rancher/k3s/config.yaml.' },
			],
		}
		return [
			options.includes('ro') &&
				fail(`${target} is mounted read-only`, {
					...seen,
					do: [
						{
							tell: 'See why, then mount it for writing:',
							commands: ['dmesg | tail -50', 'findmnt -o TARGET,OPTIONS'],
						},
					],
				}),
			options.includes('noexec') &&
				fail(`${target} is mounted noexec: what k3s unpacks there cannot be run`, {
					...seen,
					do: [{ tell: 'Take noexec out of its line in /etc/fstab and mount it anew.' }],
				}),
			refuses.test(type)
				? fail(`${node.dataDir} would lie on ${type}, which overlayfs does not work on`, other)
				: fleeting.test(type)
					? warn(`${node.dataDir} would lie in memory (${type}): it is gone after a reboot`, other)
					: type === 'zfs'
						? warn(`${node.dataDir} would lie on zfs: overlayfs works there from OpenZFS 2.2 on`, other)
						: pass(`${type || 'a file system'} on ${target}`, seen),
		]
	},
})
