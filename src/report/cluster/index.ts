/** Several examinations as one report: what only shows side by side. */
import type { Bundle } from '../../model/bundle.js'
import type { ClusterFinding, ClusterReport } from '../../model/cluster-report.js'
import type { Evidence } from '../../model/evidence/index.js'
import type { Report } from '../../model/report.js'
import { authorityFindings } from './authorities.js'
import { clockFindings } from './clocks.js'
import { configurationFindings } from './configuration.js'
import { duplicateAddresses, duplicateNames } from './identities.js'
import { mtuFindings, reachFindings, reachOf } from './links.js'
import { absentNodes, memberFindings, membersSeen } from './members.js'
import type { Member } from './node.js'
import { versionFindings } from './versions.js'

export interface Examined {
	bundle: Bundle
	evidence: Evidence
	report: Report
}

/** The host name; where two share it, with the name of the bundle. */
function labelled(examined: readonly Examined[]): Member[] {
	const count = new Map<string, number>()
	for (const { report } of examined)
		count.set(report.node.hostname, (count.get(report.node.hostname) ?? 0) + 1)
	return examined.map(each => {
		const { hostname } = each.report.node
		const file = each.report.from.split('/').filter(Boolean).at(-1) ?? each.report.from
		const label =
			(count.get(hostname) ?? 0) > 1 || hostname === 'unknown' ? `${hostname} (${file})` : hostname
		return { ...each, label }
	})
}

/** Servers first. */
const rank = ({ report }: Member) => (report.node.role === 'agent' ? 1 : 0)

const order = { critical: 0, warning: 1, info: 2 } as const

export function clusterReport(
	examined: readonly Examined[],
	unread: ClusterReport['unread'] = [],
): ClusterReport {
	const members = labelled(examined).sort(
		(a, b) => rank(a) - rank(b) || (a.label < b.label ? -1 : a.label > b.label ? 1 : 0),
	)
	const reach = reachOf(members)
	const seen = membersSeen(members)
	const findings: ClusterFinding[] = [
		...authorityFindings(members),
		...duplicateNames(members),
		...duplicateAddresses(members),
		...configurationFindings(members),
		...memberFindings(members, seen),
		...versionFindings(members),
		...clockFindings(members),
		...mtuFindings(members),
		...reachFindings(members, reach),
	]
	return {
		nodes: members.map(({ label, report }) => ({ label, report })),
		findings: findings.sort((a, b) => order[a.severity] - order[b.severity]),
		reach,
		members: seen,
		absent: absentNodes(members),
		unread,
	}
}
