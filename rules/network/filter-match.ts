/** Whether one rule of a packet filter is about a packet that opens a connection. */
import type { FilterRule } from '../../src/rule.js'
import { holds, networkOf } from './addresses.js'

/** The first packet of a connection. What is not known of it is left out. */
export interface Packet {
	hook: 'INPUT' | 'OUTPUT' | 'FORWARD'
	protocol: 'tcp' | 'udp'
	port: number
	source?: string
	destination?: string
	inInterface?: string
	outInterface?: string
	/** It was sent to the address of a service, and comes with that of a pod or the host. */
	dnat?: true
}

/** `maybe`: it depends on what is not known here, a mark, a set, a limit. */
export type Match = 'yes' | 'no' | 'maybe'

function not(match: Match): Match {
	return match === 'maybe' ? 'maybe' : match === 'yes' ? 'no' : 'yes'
}

/** A negated value begins with `! `. */
function negatable(value: string | undefined, is: (value: string) => Match): Match {
	if (value === undefined) return 'yes'
	return value.startsWith('!') ? not(is(value.replace(/^!\s*/, ''))) : is(value)
}

function anyOf(values: readonly string[], is: (value: string) => Match): Match {
	const found = values.map(is)
	return found.includes('yes') ? 'yes' : found.includes('maybe') ? 'maybe' : 'no'
}

const names: Record<string, number> = { ssh: 22, domain: 53, http: 80, https: 443 }

function onPort(text: string, port: number): Match {
	return anyOf(text.split(','), one => {
		const [from = '', to] = one.trim().split(/[:-]/)
		const low = names[from] ?? (/^\d{1,5}$/.test(from) ? Number(from) : undefined)
		const high = to === undefined ? low : /^\d{1,5}$/.test(to) ? Number(to) : undefined
		return low === undefined || high === undefined ? 'maybe' : low <= port && port <= high ? 'yes' : 'no'
	})
}

function onAddress(text: string, address: string | undefined): Match {
	return anyOf(text.split(','), one => {
		const network = networkOf(one)
		// A set, a range: not known here.
		if (!network || address === undefined) return 'maybe'
		return holds(network, networkOf(address)) ? 'yes' : 'no'
	})
}

function onInterface(text: string, name: string | undefined): Match {
	return anyOf(text.split(','), one => {
		if (name === undefined) return 'maybe'
		const wanted = one.trim()
		const prefix = /[+*]$/.test(wanted) ? wanted.slice(0, -1) : undefined
		return (prefix === undefined ? wanted === name : name.startsWith(prefix)) ? 'yes' : 'no'
	})
}

function onProtocol(text: string, protocol: Packet['protocol']): Match {
	return anyOf(text.split(','), one => {
		const name = one.trim()
		if (name === 'all' || name === '0') return 'yes'
		return name === protocol || name === (protocol === 'tcp' ? '6' : '17') ? 'yes' : 'no'
	})
}

const stateMatch =
	/(?<not>! )?--(?:ctstate|state) (?<states>\S+)|ct state (?<nftNot>!= )?(?<nft>\{[^}]{0,200}\}|\S+)/

function onState(text: string, { dnat }: Packet): Match {
	const translated = /ct status (?:dnat|\{[^}]{0,80}dnat[^}]{0,80}\})/.test(text)
	if (translated && !dnat) return 'no'

	const { not: no, nftNot, states, nft } = stateMatch.exec(text)?.groups ?? {}
	const listed = states ?? nft
	if (listed === undefined) return 'yes'
	const isNew = /\bnew\b/i.test(listed) || (dnat === true && /\bdnat\b/i.test(listed))
	return isNew === (no === undefined && nftNot === undefined) ? 'yes' : 'no'
}

/** `--dst-type`: a packet that comes in goes to an address of this host, never to everybody. */
function onType(text: string, { hook }: Packet): Match {
	const [, no, type] = /(! )?--dst-type (\S+)|fib daddr .{0,20}type (\S+)/.exec(text) ?? []
	if (type === undefined) return 'yes'
	const is: Match = /^(?:MULTICAST|BROADCAST|ANYCAST)$/.test(type)
		? 'no'
		: type === 'LOCAL' && hook !== 'FORWARD'
			? hook === 'INPUT'
				? 'yes'
				: 'maybe'
			: 'maybe'
	return no ? not(is) : is
}

/** Everything that is understood. What a rule holds beyond it makes it a `maybe`. */
const understood = [
	/--comment (?:"(?:[^"\\]|\\.)*"|\S+)|comment "(?:[^"\\]|\\.)*"/g,
	/^-A \S+/g,
	/(?:! )?-[psdiojg] \S+/g,
	/-m (?:comment|tcp|udp|multiport|conntrack|state|addrtype)(?= |$)/g,
	/(?:! )?--(?:dports?|sports?|ports|ctstate|state|dst-type|reject-with|log-\S+) (?:"[^"]*"|\S+)/g,
	/(?:tcp|udp|th|sctp) [ds]port (?:!= )?(?:\{[^}]*\}|\S+)/g,
	/ip6? [sd]addr (?:!= )?(?:\{[^}]*\}|\S+)/g,
	/[io]if(?:name)? (?:!= )?(?:\{[^}]*\}|\S+)/g,
	/(?:meta l4proto|ip protocol|ip6 nexthdr|ct state|ct status) (?:!= )?(?:\{[^}]*\}|\S+)/g,
	/counter(?: packets \d+ bytes \d+)?/g,
	/log(?: prefix "[^"]*"| flags \S+| level \S+)*/g,
	/(?:reject with .*|jump \S+|goto \S+|drop|accept|return|reject)$/g,
]

function isUnderstood(text: string): boolean {
	return understood.reduce((left, part) => left.replace(part, ' '), text.slice(0, 2_000)).trim() === ''
}

/** Of other protocols: never about tcp or udp. */
const otherProtocol = /(?:^|\s)(?:icmp|icmpv6|igmp|esp|ah|vrrp) |-p (?:icmp|ipv6-icmp|igmp|esp|ah|vrrp|gre)\b/

/** Whether `rule` takes `packet`. */
export function matchOf(rule: FilterRule, packet: Packet): Match {
	const { text } = rule
	if (otherProtocol.test(text)) return 'no'
	const family = (packet.destination ?? packet.source ?? '').includes(':') ? 'ipv6' : 'ipv4'
	if (/meta nfproto ipv[46]/.test(text) && !text.includes(`meta nfproto ${family}`)) return 'no'
	const parts = [
		negatable(rule.protocol, one => onProtocol(one, packet.protocol)),
		rule.destinationPorts.length === 0
			? 'yes'
			: anyOf(rule.destinationPorts, ports => negatable(ports, one => onPort(one, packet.port))),
		// The source port of a client is any high one.
		rule.sourcePorts.length === 0 || rule.sourcePorts.join() === rule.destinationPorts.join()
			? 'yes'
			: anyOf(rule.sourcePorts, ports => negatable(ports, one => (/^\d{1,4}$/.test(one) ? 'no' : 'maybe'))),
		negatable(rule.source, one => onAddress(one, packet.source)),
		negatable(rule.destination, one => onAddress(one, packet.destination)),
		negatable(rule.inInterface, one => onInterface(one, packet.inInterface)),
		negatable(rule.outInterface, one => onInterface(one, packet.outInterface)),
		onState(text, packet),
		onType(text, packet),
	]
	if (parts.includes('no')) return 'no'
	const plain = text.replace(`meta nfproto ${family}`, ' ')
	return parts.includes('maybe') || !isUnderstood(plain) ? 'maybe' : 'yes'
}
