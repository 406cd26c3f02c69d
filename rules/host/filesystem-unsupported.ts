import {
	configValue,
	type Evidence,
	fact,
	hint,
	interruptsOfRestart,
	log,
	mountOf,
	type Remedy,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { isTroubled } from './state.js'

const cannot =
	/"(?<name>[\w-]{1,40})" snapshotter cannot be enabled for "(?<dir>[^"]{1,400})"(?<rest>[^\n]{0,400})/

/** The same words end in other reasons, which have causes of their own. */
const elsewhere =
	/no space left|read-only file system|permission denied|operation not permitted|input\/output error|quota exceeded|no such device|too many open files/i

const kernelSays =
	/overlayfs: (?:filesystem on '?(?<dir>[^' ]{1,300})'? not supported|upper fs (?:needs to support d_type|does not support)|missing 'lowerdir'|fs on \S+ does not support file handles)/

/** Types on which overlay cannot put its upper layer. */
const unfit =
	/^(?:nfs\d?|cifs|smb3?|overlay|aufs|ecryptfs|vfat|exfat|ntfs\w*|fuse(?:\.\w+)?|fuseblk|9p|virtiofs|ceph|glusterfs)$/

function typeOf(evidence: Evidence): { type: string; target: string } | undefined {
	const { disks, node } = evidence
	const mount = disks && mountOf(disks, `${node.dataDir}/agent/containerd`)
	return mount && { type: mount.type, target: mount.target }
}

function snapshotter({ config }: Evidence): string {
	return configValue(config, 'snapshotter') ?? 'overlayfs'
}

export default rule({
	cause: 'filesystem-unsupported',
	title: 'The file system of the data directory cannot carry containers',
	severity: 'critical',
	severityHere: ({ service }) => (service?.state === 'running' ? 'warning' : undefined),
	explain:
		'containerd lays the layers of an image over each other with overlay, and overlay wants certain abilities of the file system below: not every one has them. Network shares, eCryptfs, an overlay in an overlay (a container), XFS without ftype=1, and ZFS before 2.2 do not.',
	docs: [
		'https://docs.k3s.io/advanced#configuring-containerd',
		'https://docs.k3s.io/cli/agent#agent-runtime',
		'https://docs.kernel.org/filesystems/overlayfs.html',
	],
	signs: [
		log(cannot, ({ name, dir }) => `containerd's ${name} cannot be used on ${dir}`, {
			if: (_evidence, { lastText }) => !elsewhere.test(lastText),
		}),
		log(
			/(?:failed to mount overlay|mount options is too long|error creating overlay mount)[^\n]{0,300}(?:invalid argument|not supported)|overlay(?:fs)?[^\n]{0,200}(?:d_type|not supported as upperdir)|does not support overlayfs/i,
			'containerd cannot mount the layers of a container',
			{ in: 'containerd', if: (_evidence, { lastText }) => !elsewhere.test(lastText) },
		),
		log(
			/failed to get rootfs info|[Cc]ould not find device with major: \d+, minor: \d+ in cached partitions map/,
			'the kubelet does not understand the file system that it stands on',
			{ if: evidence => isTroubled(evidence) },
		),
		log(kernelSays, ({ dir }) => `the kernel refuses overlay${dir ? ` on ${dir}` : ''}`, {
			in: 'kernelLog',
			weight: 'hint',
		}),
		fact(['disks', 'service'], (_have, evidence) => {
			const found = typeOf(evidence)
			if (!found || snapshotter(evidence) !== 'overlayfs') return undefined
			const says = `${evidence.node.dataDir}/agent/containerd lies on ${found.type} (${found.target}), which cannot carry overlay`
			const cite = { quote: { file: 'commands/findmnt.json', text: `${found.target} ${found.type}` } }
			if (!isTroubled(evidence) || !unfit.test(found.type)) return undefined
			const said = evidence.journal?.messages.some(({ lastText }) =>
				/overlay|snapshotter|extracting data|symlink|database is locked/.test(lastText),
			)
			return said ? strong('disks', says, cite) : hint('disks', says, cite)
		}),
		log(
			/failed to mount rootfs component &?\{?overlay[^\n]{0,4000}: invalid argument/,
			'the layers of a container cannot be mounted',
			{ if: (_evidence, { count }) => count > 1, neverProof: true },
		),
		fact(['cluster'], ({ cluster }, evidence) => {
			const found = (cluster.events ?? []).find(({ message }) =>
				/failed to mount (?:overlay|rootfs component)[^\n]{0,4000}invalid argument/.test(message),
			)
			const unable = unfit.test(typeOf(evidence)?.type ?? '')
			return (
				found &&
				(unable || (found.count > 2 && /rootfs component/.test(found.message)) ? strong : hint)(
					'cluster',
					`${found.name}: its layers cannot be mounted on ${typeOf(evidence)?.type ?? 'this file system'}`,
					{
						quote: { file: 'api/events.json', text: found.message.slice(0, 500) },
						at: found.lastAt,
						count: found.count,
					},
				)
			)
		}),
	],
	leadsTo: [
		'data-dir-problem',
		'containerd-failed',
		'runtime-create-failed',
		'cni-not-ready',
		'api-unreachable',
		'node-not-ready',
	],
	remedies: evidence => {
		const { node } = evidence
		const type = typeOf(evidence)?.type
		const set = (name: string, title: string, why: string): Remedy => ({
			title,
			why,
			risk: 'restart',
			interrupts: `${interruptsOfRestart(node)}; all images have to be unpacked again`,
			steps: [
				{ edit: '/etc/rancher/k3s/config.yaml', set: { snapshotter: name } },
				...restartSteps(node, 300),
			],
			recheck: ['disks', 'units', 'journal', 'containerd'],
		})
		const move: Remedy = {
			title: 'Put the data directory on ext4 or XFS',
			why: 'A local ext4 or XFS (ftype=1) is what overlay is made for. Databases must not lie on a network share either.',
			risk: 'restart',
			interrupts: 'this node while the data are copied',
			steps: [
				{
					tell: 'With the new disk mounted at /mnt/k3s:',
					commands: [
						`systemctl stop ${node.unit} && k3s-killall.sh`,
						`rsync -aHAX ${node.dataDir}/ /mnt/k3s/`,
						`then mount the disk at ${node.dataDir}, or set data-dir: /mnt/k3s in /etc/rancher/k3s/config.yaml`,
						`systemctl start ${node.unit}`,
					],
				},
			],
			recheck: ['disks', 'units', 'journal', 'containerd'],
		}
		const native = set(
			'native',
			'Use the snapshotter native',
			'It copies whole layers instead of laying them over each other: it works everywhere, and takes much space and time.',
		)
		const fuse = set(
			'fuse-overlayfs',
			'Use fuse-overlayfs',
			'It does in a program what the kernel refuses here; the program fuse-overlayfs has to be installed.',
		)
		return type === 'zfs'
			? [
					set(
						'zfs',
						'Use the snapshotter of ZFS',
						'It needs a dataset of its own, mounted at agent/containerd/io.containerd.snapshotter.v1.zfs.',
					),
					move,
					native,
				]
			: [move, fuse, native]
	},
})
