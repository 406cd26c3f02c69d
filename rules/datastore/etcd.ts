/** Embedded etcd: what it says of the other members, and what else tells whether they live. */
import type { Evidence, FilterRule, PortProbe, Quote } from '../../src/rule.js'
import { spokenNow } from './spoken.js'

const failedDial =
	/dial tcp \[?(?<host>[0-9A-Fa-f:.]{3,45}|[A-Za-z0-9][A-Za-z0-9.-]{0,252})\]?:(?<port>\d{2,5}): (?:connect: )?(?<why>i\/o timeout|connection refused|no route to host|network is unreachable|operation timed out|connection timed out|host is down)/

export interface FailedDial {
	host: string
	port: number
	why: string
	/** Where it is said of this very host; other hosts are named in the same words. */
	cite: { quote: Quote; at: number; count: number }
}

/** Whether the address is one of this node, or its loopback. */
function isOwn({ network }: Evidence, host: string): boolean {
	if (/^(127\.|localhost$|::1$)/.test(host)) return true
	return (network?.interfaces ?? []).some(({ addresses }) =>
		addresses.some(({ address }) => address === host),
	)
}

/** Connects to other hosts that fail now, each host and port once, as the journal tells them. */
export function failedDials(evidence: Evidence): FailedDial[] {
	const found = new Map<string, FailedDial>()
	for (const { text, lastText, quote, lastQuote, firstAt, lastAt, count } of spokenNow(evidence)) {
		const both = [
			{ said: text, cite: { quote, at: firstAt, count } },
			{ said: lastText, cite: { quote: lastQuote, at: lastAt, count } },
		]
		for (const { said, cite } of both) {
			const groups = failedDial.exec(said)?.groups
			const host = groups?.host ?? ''
			if (!groups || isOwn(evidence, host)) continue
			const port = Number(groups.port)
			found.set(`${host} ${port}`, { host, port, why: groups.why ?? '', cite })
		}
	}
	return [...found.values()]
}

const isEtcdPort = (port: number) => port === 2379 || port === 2380

/** A stream of etcd between the two stands, and etcd is content. */
function talksTo({ sockets, datastore }: Evidence, host: string): boolean {
	return (
		(datastore?.etcdHealth.some(({ healthy }) => healthy) ?? false) &&
		(sockets?.established.some(
			({ remote, remotePort, localPort }) =>
				remote.replace(/^::ffff:/, '') === host && (remotePort === 2380 || localPort === 2380),
		) ??
			false)
	)
}

/** Members whose etcd ports do not answer: by the journal, or by a probe. */
export interface SilentMember {
	host: string
	/** `2380: i/o timeout`. */
	why: string
	/** What shows it: a probe, or the journal. */
	from: 'probes' | 'journal'
	cite: FailedDial['cite'] | { quote: Quote }
}

export function silentMembers(evidence: Evidence): SilentMember[] {
	const silent = new Map<string, SilentMember>()
	const probes = evidence.probes?.ports ?? []
	for (const probe of probes) {
		if (!isEtcdPort(probe.port) || probe.result === 'open' || isOwn(evidence, probe.host)) continue
		// Members talk on 2380; 2379 is asked for while one joins.
		if (
			probe.port === 2379 &&
			probes.some(({ host, port, result }) => host === probe.host && port === 2380 && result === 'open')
		)
			continue
		silent.set(probe.host, {
			host: probe.host,
			why: `${probe.port}: ${probe.result}`,
			from: 'probes',
			cite: { quote: probe.quote },
		})
	}
	for (const { host, port, why, cite } of failedDials(evidence)) {
		if (!isEtcdPort(port)) continue
		// A probe is younger than the journal.
		const answers = probes.some(
			probe => probe.host === host && probe.port === 2380 && probe.result === 'open',
		)
		if (!answers && !talksTo(evidence, host) && !silent.has(host))
			silent.set(host, { host, why: `${port}: ${why}`, from: 'journal', cite })
	}
	return [...silent.values()]
}

/**
 * Whether a host is up: `sure` where something on it answered a probe. A connection that stands may be one that
 * nobody has noticed to be dead yet.
 */
export function signOfLife(
	evidence: Evidence,
	host: string,
): { sure: boolean; says: string; quote?: Quote } | undefined {
	const open = evidence.probes?.ports.find(probe => probe.host === host && probe.result === 'open')
	if (open) return { sure: true, says: `its port ${open.port} answers`, quote: open.quote }
	const gone = failedDials(evidence).some(dial => dial.host === host && !isEtcdPort(dial.port))
	if (gone || evidence.probes?.ports.some(probe => probe.host === host && !isEtcdPort(probe.port)))
		return undefined
	const stands = evidence.sockets?.established.find(
		({ remote, remotePort, localPort }) =>
			remote.replace(/^::ffff:/, '') === host && !isEtcdPort(remotePort) && !isEtcdPort(localPort),
	)
	return stands && { sure: false, says: `a connection to its port ${stands.remotePort} stands` }
}

/** Members that give no sign of life at all. */
export function deadMembers(evidence: Evidence): SilentMember[] {
	const silent = new Map(silentMembers(evidence).map(member => [member.host, member]))
	for (const { host, port, why, cite } of failedDials(evidence))
		if (port === 6443 && !silent.has(host))
			silent.set(host, { host, why: `${port}: ${why}`, from: 'journal', cite })
	return [...silent.values()].filter(({ host }) => !signOfLife(evidence, host))
}

const covers = (ports: readonly string[], port: number) =>
	ports.some(text => {
		const parts = /^(\d{1,5})(?::(\d{1,5}))?$/.exec(text)
		return parts !== null && Number(parts[1]) <= port && port <= Number(parts[2] ?? parts[1])
	})

/** Packet filter rules that name an etcd port and throw its traffic away, without one before them that lets it pass. */
export function droppingRules({ firewall }: Evidence): FilterRule[] {
	if (!firewall) return []
	return [firewall.rules, firewall.rules6, firewall.nftRules ?? []].flatMap(rules =>
		rules.filter((rule, index) => {
			if (!/^(DROP|REJECT)$/i.test(rule.target ?? '') || /FORWARD/i.test(rule.chain)) return false
			const port = [2380, 2379].find(
				one => covers(rule.destinationPorts, one) || covers(rule.sourcePorts, one),
			)
			if (port === undefined) return false
			return !rules
				.slice(0, index)
				.some(
					earlier =>
						earlier.table === rule.table &&
						earlier.chain === rule.chain &&
						earlier.target === 'ACCEPT' &&
						(covers(earlier.destinationPorts, port) ||
							(earlier.destinationPorts.length === 0 &&
								earlier.source !== undefined &&
								!earlier.source.startsWith('127.'))),
				)
		}),
	)
}

/** etcd listens here, and yet a connect from this very host got no answer: something drops it on the way. */
export function droppedOnLoopback({ sockets, probes }: Evidence): PortProbe | undefined {
	return probes?.ports.find(
		({ host, port, result }) =>
			/^127\.|^::1$/.test(host) &&
			isEtcdPort(port) &&
			result === 'timeout' &&
			sockets?.listening.some(socket => socket.port === port && socket.protocol === 'tcp'),
	)
}

/** This member was put out of the cluster: then no leader and refused peers are only what follows. */
export const removed =
	/the member has been permanently removed from the cluster|data-dir used by this member must be removed|This node has been removed from the cluster/

export function wasRemoved(evidence: Evidence): boolean {
	return spokenNow(evidence).some(({ text }) => removed.test(text))
}

/** etcd's own word, on its health port, that there is no leader. */
export function saysNoLeader({ datastore }: Evidence): boolean {
	return datastore?.etcdHealth.some(({ healthy, reason }) => !healthy && /NO LEADER/i.test(reason)) ?? false
}

/** How many members vote, by what etcd or the cluster last said. */
export function voterCount(evidence: Evidence): number | undefined {
	const told = (evidence.journal?.newest?.messages ?? [])
		.flatMap(({ lastText }) => / voters=\(([\d ]{1,400})\)/.exec(lastText)?.[1] ?? [])
		.at(-1)
	if (told !== undefined) return told.trim().split(/ +/).length
	const nodes = evidence.cluster?.nodes?.filter(
		({ labels }) => labels['node-role.kubernetes.io/etcd'] === 'true',
	)
	return nodes && nodes.length > 0 ? nodes.length : undefined
}
