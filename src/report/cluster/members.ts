/** Which members of etcd each server knows of, and which nodes the cluster knows. */

import { fileOf } from '../../model/bundle.js'
import type { ClusterFinding, MembersSeen } from '../../model/cluster-report.js'
import { type Member, selfOf, share } from './node.js'

const etcdRole = 'node-role.kubernetes.io/etcd'

/** `etcdctl member list -w json`, as a collector keeps it. */
function ofMemberList({ bundle }: Member): string[] | undefined {
	for (const [file, text] of bundle.files) {
		if (!/(?:^|\/)memberlist\.json$|^commands\/etcd-members\.json$/.test(file)) continue
		const names = [...text.slice(0, 64 * 1024).matchAll(/"name": ?"([^"]{1,253})"/g)].map(
			([, name = '']) => name,
		)
		if (names.length > 0) return names
	}
	return undefined
}

/** `initial-cluster: h1-1a2b=https://…,h2-…` of the etcd that k3s configured: the members when it last started. */
function ofConfig({ bundle }: Member): string[] | undefined {
	const text = bundle.files.get(fileOf(`${bundle.node.dataDir}/server/db/etcd/config`))
	const told = /^initial-cluster: *["']?([^"'\n]{1,4000})/m.exec(text ?? '')?.[1]
	const names = told?.split(',').flatMap(part => part.split('=')[0]?.trim() || [])
	return names?.length ? names : undefined
}

/** Nodes with etcd's role, by the name of the member that each says it is. */
function ofNodes({ evidence }: Member): string[] | undefined {
	const nodes = evidence.cluster?.nodes?.filter(({ labels }) => Object.hasOwn(labels, etcdRole))
	return nodes?.length
		? nodes.map(({ name, annotations }) => annotations['etcd.k3s.cattle.io/node-name'] ?? name)
		: undefined
}

export function membersSeen(members: readonly Member[]): MembersSeen[] {
	return members.flatMap(member => {
		if (member.report.node.role === 'agent') return []
		const ways = [
			['the list of members', ofMemberList],
			['the nodes of the API', ofNodes],
			["etcd's configuration at its start", ofConfig],
		] as const
		for (const [from, read] of ways) {
			const found = read(member)
			if (found) return [{ by: member.label, from, members: [...new Set(found)].sort() }]
		}
		return []
	})
}

export function memberFindings(members: readonly Member[], seen: readonly MembersSeen[]): ClusterFinding[] {
	// What stood in a configuration at some start is older than what an API says now.
	const told = seen.filter(({ from }) => !from.startsWith('etcd'))
	const views = new Set(told.map(each => each.members.join(',')))
	if (views.size < 2) return []
	const shares = told.flatMap(({ by, members: names, from }) => {
		const member = members.find(({ label }) => label === by)
		return member ? [share(member, `${names.join(', ')} (${from})`)] : []
	})
	return [
		{
			kind: 'members',
			severity: 'critical',
			says: 'the servers do not see the same members of etcd: the cluster is split, or one was removed',
			shares,
		},
	]
}

/** Nodes that the API of some bundle lists and none of the bundles is of. */
export function absentNodes(members: readonly Member[]): string[] {
	const there = new Set(
		members.map(member => selfOf(member)?.name ?? member.report.node.hostname.toLowerCase()),
	)
	const known = members.flatMap(({ evidence }) => evidence.cluster?.nodes?.map(({ name }) => name) ?? [])
	return [...new Set(known)].filter(name => !there.has(name)).sort()
}
