/** Names and addresses that belong to one node only. */
import type { ClusterFinding } from '../../model/cluster-report.js'
import { addressesOf, groups, type Member, names, selfOf, share } from './node.js'

const nameOf = (member: Member) => selfOf(member)?.name ?? member.report.node.hostname.toLowerCase()

function boot(member: Member): string | undefined {
	return member.evidence.kernel?.bootId
}

/** Two bundles of one machine are no duplicate: the same node, taken twice. */
function isOneMachine(one: Member, other: Member): boolean {
	if (boot(one) !== undefined && boot(one) === boot(other)) return true
	const [here, there] = [addressesOf(one), addressesOf(other)]
	return here.length === 0 || there.length === 0 || here.some(address => there.includes(address))
}

/** One bundle of each machine. */
function machines(some: readonly Member[]): Member[] {
	const found: Member[] = []
	for (const member of some) if (!found.some(other => isOneMachine(other, member))) found.push(member)
	return found
}

export function duplicateNames(members: readonly Member[]): ClusterFinding[] {
	return [...groups(members, nameOf)].flatMap(([name, all]): ClusterFinding[] => {
		const some = machines(all)
		return some.length < 2 || name === 'unknown'
			? []
			: [
					{
						kind: 'duplicate-name',
						severity: 'critical',
						says: `${some.length} hosts call themselves ${name}: they fight over one node of the cluster`,
						shares: some.map(member => share(member, addressesOf(member).join(', ') || 'address unknown')),
					},
				]
	})
}

export function duplicateAddresses(members: readonly Member[]): ClusterFinding[] {
	const holders = new Map<string, Member[]>()
	for (const member of members)
		for (const address of addressesOf(member)) holders.set(address, [...(holders.get(address) ?? []), member])
	return [...holders].flatMap(([address, some]): ClusterFinding[] => {
		const different = new Set(some.map(nameOf)).size > 1
		return different
			? [
					{
						kind: 'duplicate-address',
						severity: 'critical',
						says: `${names(some)} have the same address ${address}`,
						shares: some.map(member => share(member, address)),
					},
				]
			: []
	})
}
