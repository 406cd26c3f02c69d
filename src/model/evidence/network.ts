/** Addresses, routes, sockets, packet filters and names of the node, and what answered a probe. */
import type { Quote } from './journal.js'

export interface Address {
	family: 4 | 6
	address: string
	prefix: number
	scope: string
}

export interface Interface {
	name: string
	up: boolean
	/** `UP`, `DOWN`, `UNKNOWN` as the kernel says; vxlan and loopback say UNKNOWN and are fine. */
	operstate: string
	mtu: number
	kind?: string
	addresses: Address[]
	vxlan?: { id: number; port: number; local?: string; link?: string }
	master?: string
}

export interface Route {
	family: 4 | 6
	/** `default` or a CIDR. */
	destination: string
	gateway?: string
	device?: string
	table: string
	type: string
	metric?: number
}

/** A rule of the routing policy: which table is looked up for whom. `all` is everybody. */
export interface RoutingRule {
	priority: number
	source: string
	table: string
}

/** A host on the same link, as ARP or NDP knows it. */
export interface Neighbour {
	address: string
	device: string
	/** `REACHABLE`, `STALE`, `FAILED`, `INCOMPLETE`, `PERMANENT`. */
	state: string
	/** It has told its hardware address: the host is up, even where it drops every packet. */
	answers: boolean
}

export interface NetworkEvidence {
	interfaces: Interface[]
	/** All tables, local ones too. */
	routes: Route[]
	/** Default routes of the main table that lead somewhere. */
	defaultRoutes: Route[]
	/** Absent when `ip neigh` was not answered. */
	neighbours?: Neighbour[]
	/** Absent when `ip rule` was not answered. */
	rules?: RoutingRule[]
}

export interface Socket {
	protocol: 'tcp' | 'udp'
	/** `*`: every address of both families; `0.0.0.0`, `::`: of one. Without brackets and zone; `::ffff:` is IPv4. */
	address: string
	port: number
	process?: string
	pid?: number
	quote: Quote
}

export interface SocketsEvidence {
	listening: Socket[]
	established: { local: string; localPort: number; remote: string; remotePort: number }[]
}

export type ProbeResult = 'open' | 'refused' | 'timeout' | 'unreachable' | 'unresolved' | 'failed'

export interface PortProbe {
	host: string
	port: number
	protocol: 'tcp' | 'udp'
	result: ProbeResult
	ms: number
	quote: Quote
}

export interface HttpProbe {
	url: string
	/** 0: no answer. */
	status: number
	body: string
	/** curl-like: 0 answered, 6 name unknown, 7 refused, 28 timeout, 35 TLS failure, 52 empty reply. */
	exit: number
	quote: Quote
}

export interface TlsProbe {
	host: string
	port: number
	/** The chain that the port showed, leaf first. */
	certificates: string[]
	error?: string
}

export interface ProbesEvidence {
	ports: PortProbe[]
	http: HttpProbe[]
	tls: TlsProbe[]
}

export interface FilterRule {
	table: string
	chain: string
	/** `-A INPUT …` as iptables-save prints it. */
	text: string
	target?: string
	protocol?: string
	/** `6443`, `30000:32767`. A negated match (of any field) begins with `! `. */
	destinationPorts: string[]
	sourcePorts: string[]
	source?: string
	destination?: string
	inInterface?: string
	outInterface?: string
	/** Packets counted, if the listing carries counters. */
	quote: Quote
}

export interface FirewallEvidence {
	/** Chain policies of iptables: `filter/INPUT` -> `DROP`. */
	policies: ReadonlyMap<string, string>
	rules: FilterRule[]
	rules6: FilterRule[]
	nft?: string
	/**
	 * Rules of nftables' own tables (firewalld, hand-made ones), not those that iptables keeps there: `table` is
	 * `inet filter`, `chain` the hook (`INPUT`) for a base chain, `target` `DROP`, `REJECT`, `ACCEPT` or a chain.
	 * The policies of base chains stand in `policies` as `inet filter/INPUT`.
	 */
	nftRules?: FilterRule[]
	/** iptables-nft says that the legacy tables hold rules as well. */
	legacyTables?: boolean
	iptablesVersion?: string
	/** The host has no iptables program at all. */
	iptablesMissing: boolean
	ufw?: { active: boolean; text: string }
	firewalld?: { running: boolean; text: string }
}

export interface NamesEvidence {
	/** What `hostname` says now. */
	hostname: string
	/** /etc/hostname. */
	etcHostname?: string
	hosts: { address: string; names: string[]; line: number }[]
	resolv?: { file: string; nameservers: string[]; search: string[]; options: string[] }
	/** systemd-resolved's real file, when present. */
	resolved?: { nameservers: string[]; search: string[] }
	/** The file that kubelet hands to pods, where known. */
	podResolv?: { file: string; nameservers: string[]; search: string[]; options: string[] }
	/** `getent ahosts NAME`: empty list = the name does not resolve; a missing key was not asked. */
	lookups: ReadonlyMap<string, string[]>
	/** Names for which the resolver gave no answer in time: that says nothing about the name. Absent: none. */
	unanswered?: string[]
}
