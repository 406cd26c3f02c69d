/** Under which other names this very host was a node before. */
import type { Evidence, KubeNode, Quote } from '../../src/rule.js'
import { isOwnName, ownOrToldAddresses } from './identity.js'

function internal({ addresses }: KubeNode): string[] {
	return addresses.filter(({ type }) => type === 'InternalIP').map(({ address }) => address)
}

function isReady({ conditions }: KubeNode): boolean {
	return conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
}

/** A node of another name that has the address of this host, and is not alive. */
export function formerNode(evidence: Evidence): KubeNode | undefined {
	const { cluster } = evidence
	const self = cluster?.self
	const own = ownOrToldAddresses(evidence)
	return cluster?.nodes?.find(node => {
		if (node.name === self?.name || isOwnName(evidence, node.name) || isReady(node)) return false
		const shared = internal(node).some(address => own.has(address))
		const older = !self || node.createdAt <= self.createdAt
		// Another machine that had this address before is not this host.
		const other =
			self?.machineId !== undefined && node.machineId !== undefined && self.machineId !== node.machineId
		return shared && older && !other
	})
}

const registered =
	/(?:nnotations and labels|abels and annotations) have been set successfully on node: (?<name>[a-z0-9.-]{1,253})/

export interface Registration {
	name: string
	at: number
	quote: Quote
}

/** The newest start in which this host registered under another name. */
export function formerRegistration(evidence: Evidence): Registration | undefined {
	for (const start of [...(evidence.journal?.starts ?? [])].reverse()) {
		for (const { at, quote } of start.milestones) {
			const name = registered.exec(quote.text)?.groups?.name
			if (name !== undefined && !isOwnName(evidence, name)) return { name, at, quote }
		}
	}
	return undefined
}

/** The name in the kubelet's certificate, which k3s renews at every start that gets so far. */
export function certifiedName({ certificates, node }: Evidence): string | undefined {
	const found = certificates?.certificates.find(
		({ path, position }) => path === `${node.dataDir}/agent/client-kubelet.crt` && position === 0,
	)
	return /^system:node:(?<name>[a-z0-9.-]{1,253})$/.exec(found?.commonName ?? '')?.groups?.name
}

/** `s1` of the etcd member `s1-27a62fe3`: given once, and kept for ever. */
export function memberName({ files, node }: Evidence): string | undefined {
	const text = files?.texts.get(`${node.dataDir}/server/db/etcd/name`)?.trim()
	return /^(?<name>[a-z0-9.-]{1,253})-[0-9a-f]{8}$/.exec(text ?? '')?.groups?.name
}
