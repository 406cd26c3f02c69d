/**
 * Reads the tables of `nft list ruleset` that are nftables' own. What iptables-nft keeps there stands in
 * iptables-save; what kube-proxy writes in its nftables mode is k3s's own.
 */
import type { FilterRule } from '../../model/evidence/index.js'
import { linesOf } from '../lines.js'
import type { Tables } from './iptables.js'

const ofIptables = /^(?:ip|ip6) (?:filter|nat|mangle|raw|security)$/
const ofKubeProxy = /^(?:ip|ip6) kube-proxy$/

const verdicts: ReadonlyMap<string, string> = new Map([
	['drop', 'DROP'],
	['reject', 'REJECT'],
	['accept', 'ACCEPT'],
])

/** `6443`, `{ 22, 80-90 }`, `!= 22` -> as iptables would write it. `@set` stays a name. */
function portsOf(not: string | undefined, ports: string): string[] {
	const listed = ports
		.replace(/[{}]/g, '')
		.split(',')
		.map(port => port.trim().replace('-', ':'))
		.filter(port => port !== '')
	return not ? [`! ${listed.join(',')}`] : listed
}

/** `value` of a match such as `ip saddr != 10.0.0.0/8`, and of a list its text. */
function matchOf(text: string, match: RegExp): string | undefined {
	const found = match.exec(text)
	const value = found?.[2]?.replace(/["{}]/g, '').trim()
	return value ? (found?.[1] ? `! ${value}` : value) : undefined
}

const value = String.raw`(!= )?(\{[^}]{1,2000}\}|\S+)`
const destinationPort = new RegExp(`(?:tcp|udp|th|sctp) dport ${value}`)
const sourcePort = new RegExp(`(?:tcp|udp|th|sctp) sport ${value}`)
const from = new RegExp(`ip6? saddr ${value}`)
const to = new RegExp(`ip6? daddr ${value}`)
const into = new RegExp(`iif(?:name)? ${value}`)
const outOf = new RegExp(`oif(?:name)? ${value}`)
const layer4 = new RegExp(`(?:meta l4proto|ip protocol|ip6 nexthdr) ${value}`)

/** What the rule does with a packet: its verdict, or the chain where it sends it. */
function targetOf(text: string): string | undefined {
	const bare = text.replace(/"[^"]{0,400}"/g, '')
	const jump = /(?:^|\s)(?:jump|goto) (\S+)/.exec(bare)?.[1]
	if (jump !== undefined) return jump
	const verdict = /(?:^|\s)(drop|reject|accept)(?=\s|$)/.exec(bare)?.[1]
	return verdict === undefined ? undefined : verdicts.get(verdict)
}

function ruleOf(
	text: string,
	where: { table: string; chain: string },
	file: string,
	line: number,
): FilterRule {
	const quote = { file, line, text }
	// A verdict map holds a verdict for each of its keys; it has no single one.
	if (/ vmap /.test(text)) return { ...where, text, destinationPorts: [], sourcePorts: [], quote }
	const destination = destinationPort.exec(text)
	const source = sourcePort.exec(text)
	const protocol = /(?:^|\s)(tcp|udp) [ds]port /.exec(text)?.[1] ?? matchOf(text, layer4)
	const target = targetOf(text)
	const [ipFrom, ipTo] = [matchOf(text, from), matchOf(text, to)]
	const [inInterface, outInterface] = [matchOf(text, into), matchOf(text, outOf)]
	return {
		...where,
		text,
		...(target && { target }),
		...(protocol && { protocol }),
		destinationPorts: destination ? portsOf(destination[1], destination[2] ?? '') : [],
		sourcePorts: source ? portsOf(source[1], source[2] ?? '') : [],
		...(ipFrom && { source: ipFrom }),
		...(ipTo && { destination: ipTo }),
		...(inInterface && { inInterface }),
		...(outInterface && { outInterface }),
		quote,
	}
}

/** Rules and policies (`inet filter/INPUT`) of nftables' own tables. A base chain goes by its hook's name. */
export function readNft(content: string | undefined, file: string): Tables {
	const found: Tables = { policies: new Map(), rules: [] }
	let table: string | undefined
	let chain: string | undefined
	/** Braces open below the table: a chain, a set, a map. */
	let inside: 'chain' | 'other' | undefined
	for (const line of linesOf(content)) {
		const text = line.text.trim()
		const opened = /^table (\w+ \S+) \{/.exec(text)
		if (opened?.[1] !== undefined) {
			table = ofIptables.test(opened[1]) || ofKubeProxy.test(opened[1]) ? undefined : opened[1]
			inside = undefined
			continue
		}
		if (table === undefined || text.startsWith('#')) continue
		if (inside === undefined) {
			chain = /^chain (\S+) \{/.exec(text)?.[1]
			if (text === '}') table = undefined
			else if (text.endsWith('{')) inside = chain === undefined ? 'other' : 'chain'
			continue
		}
		if (text === '}') {
			inside = undefined
			continue
		}
		if (inside === 'other' || chain === undefined) continue
		const base = /^type \w+ hook (\w+) .{0,200}?(?:policy (\w+);)?$/.exec(text)
		if (base?.[1] !== undefined) {
			chain = base[1].toUpperCase()
			found.policies.set(`${table}/${chain}`, (base[2] ?? 'accept').toUpperCase())
			continue
		}
		found.rules.push(ruleOf(text, { table, chain }, file, line.number))
	}
	return found
}
