/** One node of several: its report, and the evidence that it was made of. */
import type { Bundle } from '../../model/bundle.js'
import type { Share } from '../../model/cluster-report.js'
import type { Evidence, Quote } from '../../model/evidence/index.js'
import type { Report } from '../../model/report.js'

export interface Member {
	label: string
	bundle: Bundle
	evidence: Evidence
	report: Report
}

export function share({ label, bundle }: Member, value: string, quote?: Quote): Share {
	// Of a translated bundle the reader has the foreign file.
	const file = quote && (bundle.origins?.get(quote.file)?.[0]?.file ?? quote.file)
	return {
		node: label,
		value,
		...(file !== undefined && { file }),
		...(quote?.line !== undefined && { line: quote.line }),
	}
}

export function versionOf({ report }: Member): string | undefined {
	return report.node.k3sVersion
}

/** The node object that the API holds of this host. */
export const selfOf = ({ evidence }: Member) => evidence.cluster?.self

/** Interfaces of pods and of Kubernetes itself: every node has the like. */
const inner = /^(?:lo|cni\d|flannel|veth|docker\d|br-|kube-|cali|tunl|vxlan|nodelocaldns|dummy|virbr)/

/** Addresses by which others may reach this host. */
export function addressesOf({ evidence }: Member): string[] {
	const found = (evidence.network?.interfaces ?? [])
		.filter(({ name }) => !inner.test(name))
		.flatMap(({ addresses }) => addresses)
		.filter(({ address, scope }) => scope === 'global' && !/^(?:127\.|169\.254\.|fe80:)/.test(address))
		.map(({ address }) => address)
	return [...new Set(found)]
}

/** Values that differ, and who has which. `undefined` stands for those of whom it is not known. */
export function groups<V extends string>(
	members: readonly Member[],
	what: (member: Member) => V | undefined,
): Map<V, Member[]> {
	const found = new Map<V, Member[]>()
	for (const member of members) {
		const value = what(member)
		if (value !== undefined) found.set(value, [...(found.get(value) ?? []), member])
	}
	return found
}

export const names = (members: readonly Member[]) => members.map(({ label }) => label).join(', ')
