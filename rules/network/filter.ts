/** What the packet filters of this host do with a packet that opens a connection. */
import type { FilterRule, FirewallEvidence, Quote } from '../../src/rule.js'
import { matchOf, type Packet } from './filter-match.js'

/** Certainly thrown away, and by what. */
export interface Dropped {
	/** Words for a sentence: `by a rule`, `by the policy of INPUT`. */
	by: string
	quote: Quote
	rule?: FilterRule
}

/** `unsure`: something before may have let it pass. */
type Fate = 'accept' | 'continue' | 'leave' | Dropped

interface Walk {
	chains: ReadonlyMap<string, readonly FilterRule[]>
	packet: Packet
	/** A rule that may take the packet would have let it pass. */
	unsure: boolean
	/** Rules left to look at: a filter may be hostile. */
	budget: number
}

/** Chains of Kubernetes itself: they drop only what is broken or what a policy forbids. */
const ofKubernetes = /^(?:KUBE-|cali-|CILIUM|WEAVE|DOCKER)/

function walk(state: Walk, name: string, certain: boolean, depth: number): Fate {
	let sure = certain
	for (const rule of state.chains.get(name) ?? []) {
		state.budget -= 1
		if (state.budget < 0 || depth > 12) {
			state.unsure = true
			return 'continue'
		}
		const target = rule.target ?? (/(?:^|\s)return$/.test(rule.text) ? 'RETURN' : undefined)
		// A map of verdicts: of connection states a new one is rarely among them, of others nothing is known.
		if (target === undefined) {
			if (/ vmap /.test(rule.text) && !/ct state vmap \{(?![^}]*\bnew\b)/.test(rule.text)) state.unsure = true
			continue
		}
		if (ofKubernetes.test(target)) continue
		const match = matchOf(rule, state.packet)
		if (match === 'no') continue
		const now = sure && match === 'yes'
		if (target === 'ACCEPT') {
			if (now) return 'accept'
			state.unsure = true
		} else if (target === 'DROP' || target === 'REJECT') {
			if (now && !state.unsure) return { by: 'by a rule', quote: rule.quote, rule }
			if (now) return 'leave'
		} else if (target === 'RETURN') {
			if (now) return 'continue'
			sure = false
		} else {
			const fate = walk(state, target, now, depth + 1)
			if (fate !== 'continue') return fate
			// After a goto the packet does not come back here.
			if (now && (/ -g \S+/.test(rule.text) || /(?:^|\s)goto \S+/.test(rule.text))) return 'continue'
		}
	}
	return 'continue'
}

interface Table {
	name: string
	chains: ReadonlyMap<string, readonly FilterRule[]>
	file: string
}

function tablesOf(
	rules: readonly FilterRule[],
	policies: Iterable<string>,
	file: string,
	wanted: (name: string) => boolean,
): Table[] {
	const tables = new Map<string, Map<string, FilterRule[]>>()
	const tableOf = (name: string) => {
		const chains = tables.get(name) ?? new Map<string, FilterRule[]>()
		tables.set(name, chains)
		return chains
	}
	for (const rule of rules) {
		if (!wanted(rule.table)) continue
		const chains = tableOf(rule.table)
		const chain = chains.get(rule.chain)
		if (chain) chain.push(rule)
		else chains.set(rule.chain, [rule])
	}
	// A chain without a rule still has its policy.
	for (const key of policies) {
		const name = key.slice(0, key.lastIndexOf('/'))
		if (wanted(name)) tableOf(name)
	}
	return [...tables].map(([name, chains]) => ({ name, chains, file }))
}

const cached = new WeakMap<FirewallEvidence, { v4: Table[]; v6: Table[] }>()

const ofIptables = (name: string) => name === 'filter' || name === 'raw' || name === 'mangle'

function tables(firewall: FirewallEvidence): { v4: Table[]; v6: Table[] } {
	const known = cached.get(firewall)
	if (known) return known
	const { rules, rules6, nftRules = [], policies } = firewall
	const nft = (family: string) =>
		tablesOf(nftRules, policies.keys(), 'commands/nft-ruleset.txt', name =>
			new RegExp(`^(?:inet|${family}) `).test(name),
		)
	const made = {
		v4: [...tablesOf(rules, policies.keys(), 'commands/iptables-save.txt', ofIptables), ...nft('ip')],
		// The policies of ip6tables are not read.
		v6: [...tablesOf(rules6, [], 'commands/ip6tables-save.txt', ofIptables), ...nft('ip6')],
	}
	cached.set(firewall, made)
	return made
}

const path: Record<Packet['hook'], readonly string[]> = {
	INPUT: ['PREROUTING', 'INPUT'],
	OUTPUT: ['OUTPUT'],
	FORWARD: ['PREROUTING', 'FORWARD'],
}

/** What throws the packet away; `undefined` where it passes or where that is not certain. */
export function droppedBy(firewall: FirewallEvidence | undefined, packet: Packet): Dropped | undefined {
	if (!firewall) return undefined
	const six = (packet.destination ?? packet.source ?? '').includes(':')
	for (const table of tables(firewall)[six ? 'v6' : 'v4']) {
		for (const chain of path[packet.hook]) {
			const state: Walk = { chains: table.chains, packet, unsure: false, budget: 5_000 }
			const fate = walk(state, chain, true, 0)
			if (typeof fate === 'object') return fate
			const ipv6 = six && ofIptables(table.name)
			const policy = ipv6 ? undefined : firewall.policies.get(`${table.name}/${chain}`)
			if (fate === 'continue' && policy === 'DROP' && !state.unsure)
				return {
					by: `by the policy of ${chain}, as no rule allows it`,
					quote: { file: table.file, text: `${table.name} ${chain}: policy DROP` },
				}
		}
	}
	return undefined
}
