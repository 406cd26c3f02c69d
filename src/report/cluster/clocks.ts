/**
 * Clocks. Bundles are taken one after another, so that their times tell nothing by themselves. A lease is stamped by
 * the clock of its node and seen by the clock of the one who asked: from the future, or long ago although it counts.
 */
import type { ClusterFinding } from '../../model/cluster-report.js'
import type { Quote } from '../../model/evidence/index.js'
import { type Member, selfOf, share } from './node.js'

/** Seconds that two clocks may be apart before anything suffers. */
const tolerated = 10
/** A kubelet renews its lease every ten seconds; after forty it counts as gone. */
const leaseSeconds = 40

const file = 'api/leases.json'

interface Lease {
	node: string
	at: number
}

function leasesOf({ bundle }: Member): Lease[] {
	const text = bundle.files.get(file)
	if (!text) return []
	try {
		const { items } = JSON.parse(text) as {
			items?: { metadata?: { namespace?: string; name?: string }; spec?: { renewTime?: string } }[]
		}
		return (items ?? []).flatMap(({ metadata, spec }) => {
			const at = Date.parse(spec?.renewTime ?? '')
			return metadata?.namespace === 'kube-node-lease' && metadata.name && !Number.isNaN(at)
				? [{ node: metadata.name, at }]
				: []
		})
	} catch {
		return []
	}
}

export function clockFindings(members: readonly Member[]): ClusterFinding[] {
	const found: ClusterFinding[] = []
	for (const observer of members) {
		const now = observer.evidence.clock?.now ?? Date.parse(observer.bundle.takenAt)
		const own = selfOf(observer)?.name ?? observer.report.node.hostname
		for (const { node, at } of leasesOf(observer)) {
			if (node === own) continue
			const ready = observer.evidence.cluster?.nodes
				?.find(({ name }) => name === node)
				?.conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
			const ahead = Math.round((at - now) / 1000)
			const quote: Quote = { file, text: node }
			const shares = [
				share(observer, `${new Date(now).toISOString()} by its own clock`),
				share(observer, `the lease of ${node} is stamped ${new Date(at).toISOString()}`, quote),
			]
			if (ahead > tolerated)
				found.push({
					kind: 'clock',
					severity: 'warning',
					says: `the clock of ${node} is at least ${ahead} s ahead of that of ${observer.label}`,
					shares,
				})
			else if (ready && -ahead > leaseSeconds + tolerated)
				found.push({
					kind: 'clock',
					severity: 'warning',
					says: `the clock of ${node} is about ${-ahead} s behind that of ${observer.label}`,
					shares,
				})
		}
		const offset = observer.evidence.clock?.offsetSeconds
		if (offset !== undefined && Math.abs(offset) > tolerated)
			found.push({
				kind: 'clock',
				severity: 'warning',
				says: `the clock of ${observer.label} is ${Math.abs(Math.round(offset))} s ${offset > 0 ? 'ahead of' : 'behind'} its time server`,
				shares: [share(observer, `${offset} s`)],
			})
	}
	return found
}
