/** What makes room on a disk, safest first. Shared by all causes of a disk that fills. */
import {
	bytesInWords,
	type Evidence,
	type Filesystem,
	filesystemOf,
	type ListedFile,
	pathArgument,
	type Remedy,
	restartSteps,
	type Step,
} from '../../src/rule.js'
import type { Place } from './places.js'
import { isRunning } from './state.js'

/** Old unpacked releases: k3s uses what `current` and `previous` name, and never the others again. */
function staleReleases({ files, node }: Evidence): string[] {
	const data = `${node.dataDir}/data`
	const kept = ['current', 'previous'].map(name => files?.listed.get(`${data}/${name}`)?.target)
	if (!files || !kept[0]) return []
	return [...files.listed.values()]
		.filter(({ path, type }) => type === 'dir' && path.startsWith(`${data}/`) && !kept.includes(path))
		.map(({ path }) => path)
		.filter(path => /^[0-9a-f]{64}$/.test(path.slice(data.length + 1)) && pathArgument(path) !== undefined)
}

/** Databases, programs and volumes: large, and not to be touched. */
const needed = /\/server\/db\/(?:state\.db|etcd\/)|\/data\/[0-9a-f]{64}\/|\/storage\/|\/bin\/k3s$|meta\.db$/

/** The largest files of k3s's directories on that disk that are no data. */
function largest({ files, disks }: Evidence, on: Filesystem): ListedFile[] {
	if (!files || !disks) return []
	return [...files.listed.values()]
		.filter(({ type, size, path }) => type === 'file' && size > 20e6 && !needed.test(path))
		.sort((a, b) => b.size - a.size)
		.slice(0, 30)
		.filter(({ path }) => filesystemOf(disks, path) === on)
		.slice(0, 5)
}

function suggestions(evidence: Evidence, on: Filesystem | undefined): Step {
	const { disks, runtime } = evidence
	const seen = on ? largest(evidence, on) : []
	const logsThere = !on || (disks !== undefined && filesystemOf(disks, '/var/log') === on)
	const commands = [
		...staleReleases(evidence).map(path => `rm -r ${path}`),
		...(logsThere ? ['journalctl --vacuum-size=200M'] : []),
		...(runtime?.answered || !on ? ['k3s crictl rmi --prune'] : []),
	]
	const list = seen.map(({ path, size }) => `${path} (${bytesInWords(size)})`).join(', ')
	return {
		tell: `Delete or move what nobody needs: old logs, core files, image archives, data of applications.${list ? ` Large files that were seen there: ${list}.` : ''}`,
		...(commands.length > 0 && { commands }),
	}
}

/** Look what fills the file system, delete by hand, restart k3s where it is down. */
export function lookAndFree(evidence: Evidence, on: Filesystem | undefined): Remedy {
	const { node } = evidence
	const mount = pathArgument(on?.mount)
	return {
		title: mount ? `Find what fills ${mount}, and make room` : 'Find what fills the disk, and make room',
		why: 'k3s goes on by itself once it can write again; give it at least 10 % of the disk. Never delete below server/db or storage: those are the data.',
		risk: 'restart',
		interrupts: 'nothing that works',
		steps: [
			mount
				? { run: ['du', '-xh', '-d', '3', '-t', '50M', mount], limitSeconds: 300, exits: [0, 1] }
				: {
						tell: 'Look where the space is gone:',
						commands: ['df -h', `du -xh -d 3 -t 50M ${node.dataDir} /var | sort -h | tail -n 30`],
					},
			suggestions(evidence, on),
			...(isRunning(evidence) ? [] : restartSteps(node)),
		],
		recheck: ['disks', 'units', 'journal', 'cluster'],
	}
}

/** Only where the journal lies on that disk. */
export function shrinkJournal(places: readonly Place[]): Remedy | undefined {
	if (!places.some(({ path }) => path.startsWith('/var/log'))) return undefined
	return {
		title: 'Shrink the journal to 200 MB',
		why: 'Old entries of the journal are what a host misses least.',
		risk: 'safe',
		interrupts: 'nothing; old log entries are gone',
		steps: [{ run: ['journalctl', '--vacuum-size=200M'] }],
		recheck: ['disks'],
	}
}

/** Only while the runtime answers. */
export function pruneImages(evidence: Evidence): Remedy | undefined {
	if (!evidence.runtime?.answered) return undefined
	return {
		title: 'Remove images that no container uses',
		why: 'They are pulled again when they are needed; on a host without a registry they must come from an archive.',
		risk: 'restart',
		interrupts: 'nothing now; the next start of a container whose image is gone takes longer',
		steps: [{ run: ['k3s', 'crictl', 'rmi', '--prune'], limitSeconds: 300 }],
		recheck: ['disks', 'runtime', 'cluster'],
	}
}

export const growDisk: Remedy = {
	title: 'Give the disk more room',
	why: 'If everything on it is needed, the disk is too small.',
	risk: 'safe',
	interrupts: 'nothing, where the file system can grow while it is mounted',
	steps: [
		{
			tell: 'After the volume itself was enlarged, one of:',
			commands: ['growpart /dev/DISK NUMBER && resize2fs /dev/PARTITION', 'xfs_growfs MOUNT'],
		},
	],
	recheck: ['disks'],
}
