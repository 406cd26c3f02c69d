import {
	bytesInWords,
	type Evidence,
	type Filesystem,
	fact,
	filesystemOf,
	hint,
	log,
	proof,
	rule,
	strong,
} from '../../src/rule.js'
import { apiQuote } from '../workload/cite.js'
import { ofKeptOff } from '../workload/scheduling.js'
import { evicted } from './evicted.js'
import { evictionThreshold } from './kubelet.js'
import { growDisk, lookAndFree, pruneImages, shrinkJournal } from './make-room.js'
import { kubeletRoot, placesOf } from './places.js'
import { warned } from './shortage.js'
import { goesOn, isRunning } from './state.js'

/** A file system on which the kubelet watches its threshold. */
interface Watched {
	filesystem: Filesystem
	signal: string
	/** Bytes that have to be free. */
	least: number
}

function watched(evidence: Evidence): Watched[] {
	const { disks, node } = evidence
	if (!disks) return []
	const places: [string, string][] = [
		['nodefs.available', kubeletRoot(evidence)],
		['imagefs.available', `${node.dataDir}/agent/containerd`],
	]
	const found = new Map<Filesystem, Watched>()
	for (const [signal, path] of places) {
		const filesystem = filesystemOf(disks, path)
		if (!filesystem || filesystem.size === 0) continue
		const { share, bytes } = evictionThreshold(evidence, signal)
		const least = bytes ?? (share ?? 0) * filesystem.size
		if (least > (found.get(filesystem)?.least ?? -1)) found.set(filesystem, { filesystem, signal, least })
	}
	return [...found.values()]
}

const isLow = ({ filesystem, least }: Watched) => filesystem.available < least

function lowWords({ filesystem, least }: Watched): string {
	const { mount, available, size } = filesystem
	return `${mount} has ${bytesInWords(available)} of ${bytesInWords(size)} free; the kubelet evicts pods below ${bytesInWords(least)}`
}

function condition({ cluster }: Evidence) {
	return cluster?.self?.conditions.find(({ type }) => type === 'DiskPressure')
}

const shortage = /ephemeral-storage|nodefs|imagefs|containerfs|inodes/i

export default rule({
	cause: 'disk-pressure',
	title: 'The kubelet runs short of disk space and evicts pods',
	severity: 'warning',
	explain:
		"A disk has less free space than the kubelet's threshold (5 % with k3s). The kubelet then deletes unused images, evicts pods and takes no new ones: the node gets the taint disk-pressure. After space was freed it keeps the condition for five minutes.",
	docs: [
		'https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/',
		'https://docs.k3s.io/installation/requirements',
	],
	signs: [
		fact(['cluster'], (_have, evidence) => {
			const found = condition(evidence)
			if (found?.status !== 'True') return undefined
			const all = watched(evidence)
			const says = `The node reports DiskPressure: ${found.message || found.reason}`
			const cite = { quote: apiQuote('nodes', `${found.reason}: ${found.message}`), at: found.since }
			if (all.length > 0 && !all.some(isLow))
				return hint(
					'cluster',
					`${says}, but the disk has room again; it is taken back after five minutes`,
					cite,
				)
			return all.length > 0 ? proof('cluster', says, cite) : strong('cluster', says, cite)
		}),
		fact(['disks'], (_have, evidence) => {
			const known = condition(evidence)?.status
			return watched(evidence)
				.filter(isLow)
				.map(low =>
					// The kubelet looks every ten seconds: where it says no, it knows a threshold that we do not.
					(known === 'False' ? hint : strong)('disks', lowWords(low), { quote: low.filesystem.quote }),
				)
		}),
		log(
			/[Ee]viction manager: (?:attempting to reclaim|must evict pod\(s\) to reclaim|unable to evict any pods)(?:.*resourceName="| )(?<resource>[a-z][\w.-]{1,60})/,
			({ resource }) => `The kubelet has to reclaim ${resource}`,
			{
				if: (evidence, { lastAt }, { resource = '' }) => shortage.test(resource) && goesOn(evidence, lastAt),
			},
		),
		log(
			/(?:[Ff]ailed to garbage collect required amount of images|wanted to free \d+ bytes, but freed \d+ bytes)/,
			'The kubelet wants to free space and finds no image that it may delete',
			{ weight: 'hint', if: (evidence, { lastAt }) => goesOn(evidence, lastAt) },
		),
		fact(['cluster'], (_have, evidence) => ofKeptOff(evidence, 'disk-pressure')),
		fact(['cluster'], (_have, evidence) => evicted(evidence, shortage, 'DiskPressure')),
		warned(
			({ reason, message }) =>
				/^(?:EvictionThresholdMet|FreeDiskSpaceFailed|ImageGCFailed)$/.test(reason) &&
				!/stats initialization|invalid capacity 0/i.test(message),
			900_000,
			3,
		),
	],
	leadsTo: [
		'pod-unschedulable',
		'coredns-down',
		'metrics-server-down',
		'traefik-down',
		'airgap-images-missing',
		'registry-unreachable',
	],
	remedies: evidence => {
		const low = watched(evidence).find(isLow)
		const places = placesOf(evidence).filter(
			({ path }) => low && evidence.disks && filesystemOf(evidence.disks, path) === low.filesystem,
		)
		return [
			lookAndFree(evidence, low?.filesystem),
			isRunning(evidence) && pruneImages(evidence),
			shrinkJournal(places),
			growDisk,
		]
	},
})
