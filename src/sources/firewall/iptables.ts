/** Reads `iptables-save`. */
import type { FilterRule } from '../../model/evidence/index.js'
import { linesOf } from '../lines.js'

export interface Tables {
	/** `filter/INPUT` -> `DROP`; chains that users made have no policy. */
	policies: Map<string, string>
	rules: FilterRule[]
}

/** The words of a rule; a comment in double quotes is one word, `\"` in it is a quote. */
function ruleWords(rule: string): string[] {
	if (!rule.includes('"')) return rule.split(' ').filter(word => word !== '')
	const words: string[] = []
	let word: string | undefined
	let quoted = false
	for (let at = 0; at < rule.length; at++) {
		const char = rule[at] ?? ''
		if (char === ' ' && !quoted) {
			if (word !== undefined) words.push(word)
			word = undefined
			continue
		}
		word ??= ''
		if (char === '"') quoted = !quoted
		else word += char === '\\' && quoted ? (rule[++at] ?? '') : char
	}
	if (word !== undefined) words.push(word)
	return words
}

type Match = 'target' | 'protocol' | 'source' | 'destination' | 'inInterface' | 'outInterface'

const matches: ReadonlyMap<string, Match> = new Map([
	['-j', 'target'],
	['-g', 'target'],
	['-p', 'protocol'],
	['-s', 'source'],
	['-d', 'destination'],
	['-i', 'inInterface'],
	['-o', 'outInterface'],
])

const destinationPorts = new Set(['--dport', '--dports', '--ports'])
const sourcePorts = new Set(['--sport', '--sports', '--ports'])

function ruleOf(text: string, table: string, file: string, line: number): FilterRule | undefined {
	const words = ruleWords(text)
	const chain = words[1]
	if (chain === undefined) return undefined
	const rule: FilterRule = {
		table,
		chain,
		text,
		destinationPorts: [],
		sourcePorts: [],
		quote: { file, line, text },
	}
	for (let at = 2; at < words.length - 1; at++) {
		const word = words[at] ?? ''
		if (!word.startsWith('-')) continue
		const value = (words[at - 1] === '!' ? '! ' : '') + words[at + 1]
		const match = matches.get(word)
		if (match) rule[match] = value
		// The values of a negated list are negated together.
		const listed = () => (value.startsWith('! ') ? [value] : value.split(','))
		if (destinationPorts.has(word)) rule.destinationPorts.push(...listed())
		if (sourcePorts.has(word)) rule.sourcePorts.push(...listed())
		// What follows a comment is its text, even if it looks like an option.
		if (match || word === '--comment') at += 1
	}
	return rule
}

/** Policies and rules of `iptables-save`, with or without counters. */
export function readIptables(content: string | undefined, file: string): Tables {
	const tables: Tables = { policies: new Map(), rules: [] }
	let table = 'filter'
	for (const line of linesOf(content)) {
		const text = line.text.replace(/^\[\d{1,20}:\d{1,20}\] /, '')
		if (text.startsWith('*')) table = text.slice(1)
		if (text.startsWith(':')) {
			const [chain = '', policy = '-'] = text.slice(1).split(' ')
			if (policy !== '-') tables.policies.set(`${table}/${chain}`, policy)
		}
		if (!text.startsWith('-A ')) continue
		const rule = ruleOf(text, table, file, line.number)
		if (rule) tables.rules.push(rule)
	}
	return tables
}
