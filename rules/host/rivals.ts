/** Whether somebody else writes the node object of this host. */
import type { Evidence, Message, Quote, Start } from '../../src/rule.js'
import { ownAddresses } from './identity.js'

const publicIp = 'flannel.alpha.coreos.com/public-ip'
const nodeIp = 'alpha.kubernetes.io/provided-node-ip'
const annotations = /^List of node\([^)]{1,253}\) annotations: map\[/
const kubelets = /"alpha\.kubernetes\.io\/provided-node-ip":"([0-9a-fA-F.:]{2,45})"/
const flannels = /"flannel\.alpha\.coreos\.com\/public-ip":"([0-9a-fA-F.:]{2,45})"/
const usedByFlannel = /^The interface \S{1,32} with ipv4 address (\S{1,45}) will be used by flannel/

/** What flannel read in the node object when this start of k3s came to it. */
function readBy(start: Start): { message: Message; kubelet?: string; flannel?: string } | undefined {
	const message = start.messages.find(({ lastText }) => annotations.test(lastText))
	if (!message) return undefined
	const kubelet = kubelets.exec(message.lastText)?.[1]
	const flannel = flannels.exec(message.lastText)?.[1]
	return { message, ...(kubelet && { kubelet }), ...(flannel && { flannel }) }
}

/** It registered, and had the address that this host has today. */
function wroteToday(start: Start, own: ReadonlySet<string>): boolean {
	const wrote = start.messages.some(({ lastText }) => lastText.startsWith('Successfully registered node'))
	const address = start.messages
		.map(({ lastText }) => usedByFlannel.exec(lastText)?.[1])
		.find(found => found !== undefined)
	return wrote && address !== undefined && own.has(address)
}

export interface ForeignClaim {
	address: string
	cite: { quote: Quote; at: number }
	/** This host's own entry had stood there in between: it was overwritten. */
	overwritten: boolean
}

/** The part of a long line that names the address. */
function cited({ lastQuote, lastAt }: Message, key: string, address: string): ForeignClaim['cite'] {
	return { quote: { ...lastQuote, text: `List of node annotations: … "${key}":"${address}" …` }, at: lastAt }
}

/**
 * An address that is not of this host and stands in its node object, after an earlier start of this host had written
 * its own. A host whose address has changed meets the old one too, but only until it has written itself.
 */
export function foreignClaim(evidence: Evidence): ForeignClaim | undefined {
	const own = ownAddresses(evidence)
	if (own.size === 0) return undefined
	const current = new Set(evidence.journal?.current)
	let wrote = false
	let stood = false
	let found: ForeignClaim | undefined
	for (const start of evidence.journal?.starts ?? []) {
		const read = readBy(start)
		if (read && wrote && current.has(start)) {
			const { kubelet, flannel, message } = read
			// flannel writes before it goes on; the kubelet may have been ended before it could.
			if (flannel && !own.has(flannel))
				found = { address: flannel, cite: cited(message, publicIp, flannel), overwritten: true }
			else if (kubelet && !own.has(kubelet))
				found = {
					address: kubelet,
					cite: cited(message, nodeIp, kubelet),
					overwritten: stood || found?.overwritten === true,
				}
		}
		if (read?.kubelet && own.has(read.kubelet)) stood = wrote
		if (wroteToday(start, own)) wrote = true
	}
	return found
}
