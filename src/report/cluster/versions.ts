/** Versions: no kubelet newer than its API server, none more than three minor versions older. */
import type { ClusterFinding } from '../../model/cluster-report.js'
import { groups, type Member, names, share, versionOf } from './node.js'

interface Version {
	minor: number
	text: string
}

function parsed(text: string | undefined): Version | undefined {
	const parts = /^v?(\d+)\.(\d+)\./.exec(text ?? '')
	return text && parts ? { minor: Number(parts[1]) * 1000 + Number(parts[2]), text } : undefined
}

export function versionFindings(members: readonly Member[]): ClusterFinding[] {
	const versions = groups(members, versionOf)
	if (versions.size < 2) return []
	const shares = members.flatMap(member => {
		const version = versionOf(member)
		return version ? [share(member, version)] : []
	})
	const of = (role: string) => members.filter(({ report }) => report.node.role === role)
	const minors = (some: readonly Member[]) => some.flatMap(member => parsed(versionOf(member)) ?? [])
	const servers = minors(of('server'))
	const lowest = Math.min(...servers.map(({ minor }) => minor))
	const highest = Math.max(...servers.map(({ minor }) => minor))
	const ahead = of('agent').filter(member => (parsed(versionOf(member))?.minor ?? 0) > lowest)
	const behind = of('agent').filter(member => (parsed(versionOf(member))?.minor ?? highest) < highest - 3)
	if (servers.length > 0 && ahead.length > 0)
		return [
			{
				kind: 'version-skew',
				severity: 'critical',
				says: `${names(ahead)} runs a newer minor version than a server: agents are upgraded after all servers`,
				shares,
			},
		]
	if (servers.length > 0 && behind.length > 0)
		return [
			{
				kind: 'version-skew',
				severity: 'critical',
				says: `${names(behind)} is more than three minor versions older than a server`,
				shares,
			},
		]
	if (servers.length > 1 && highest - lowest > 1)
		return [
			{
				kind: 'version-skew',
				severity: 'critical',
				says: 'the servers are more than one minor version apart',
				shares,
			},
		]
	const all = minors(members).map(({ minor }) => minor)
	const skewed = Math.max(...all) !== Math.min(...all)
	return [
		{
			kind: 'version-skew',
			severity: skewed ? 'warning' : 'info',
			says: skewed
				? `the nodes run different minor versions: ${[...versions.keys()].join(', ')}; an upgrade was begun and is not finished`
				: `the nodes run different builds: ${[...versions.keys()].join(', ')}`,
			shares,
		},
	]
}
