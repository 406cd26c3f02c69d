/** Asks a rule's signs. A sign looks only when everything that it needs was answered. */
import type { Finding } from '../model/diagnosis.js'
import type { Evidence, EvidenceName, Message } from '../model/evidence/index.js'
import type { LogSign, Rule, Sign } from '../rule.js'

export interface Looked {
	findings: Finding[]
	/** How many of the rule's signs could look. */
	looked: number
	/** What the others lacked. */
	missing: EvidenceName[]
}

export function look(rule: Rule, evidence: Evidence): Looked {
	const findings: Finding[] = []
	const missing = new Set<EvidenceName>()
	let looked = 0
	for (const sign of rule.signs) {
		const lacking = sign.needs.filter(name => evidence[name] === undefined)
		if (lacking.length > 0) {
			for (const name of lacking) missing.add(name)
			continue
		}
		looked += 1
		findings.push(...ask(sign, evidence))
	}
	return { findings: merged(findings).map(plain), looked, missing: [...missing] }
}

const stronger = { proof: 0, strong: 1, hint: 2 }

/** What is said twice is one finding: a flood of lines with other names in them is not a hundred reasons. */
function merged(findings: readonly Finding[]): Finding[] {
	const byWords = new Map<string, Finding>()
	for (const finding of findings) {
		const key = `${finding.source} ${finding.says}`
		const before = byWords.get(key)
		byWords.set(key, before ? both(before, finding) : finding)
	}
	return [...byWords.values()]
}

function both(one: Finding, other: Finding): Finding {
	const later = (other.at ?? 0) > (one.at ?? 0) ? other : one
	const times = [one.since, one.at, other.since, other.at].filter(time => time !== undefined)
	return {
		...later,
		weight: stronger[one.weight] <= stronger[other.weight] ? one.weight : other.weight,
		count: (one.count ?? 1) + (other.count ?? 1),
		...(times.length > 0 && { since: Math.min(...times) }),
	}
}

function ask(sign: Sign, evidence: Evidence): Finding[] {
	return sign.kind === 'fact' ? sign.look(evidence) : readLog(sign, evidence)
}

function readLog(sign: LogSign, evidence: Evidence): Finding[] {
	const from = sign.needs[0]
	const found: Finding[] = []
	for (const message of messagesFor(sign, evidence)) {
		const { text, lastText } = message
		const match = sign.pattern.exec(lastText) ?? (lastText === text ? undefined : sign.pattern.exec(text))
		if (!match) continue
		const groups = match.groups ?? {}
		if (sign.options.if && !sign.options.if(evidence, message, groups)) continue
		found.push({
			says: sign.says(groups, message),
			weight: weigh(sign, evidence, message),
			source: from,
			quote: message.lastQuote,
			at: message.lastAt,
			since: message.firstAt,
			count: message.count,
		})
	}
	return found
}

function messagesFor(sign: LogSign, evidence: Evidence): readonly Message[] {
	const from = sign.needs[0]
	const { journal } = evidence
	if (from === 'journal') {
		if (!journal) return []
		return sign.options.when === 'ever' ? (journal.newest?.messages ?? []) : stillCounting(evidence)
	}
	const messages = evidence[from]?.messages ?? []
	const since = from === 'containerd' ? journal?.current.at(-1)?.beganAt : undefined
	return since === undefined || sign.options.when === 'ever'
		? messages
		: messages.filter(message => message.lastAt >= since)
}

const counting = new WeakMap<object, readonly Message[]>()

/** Once k3s is ready, what was said only on the way there is history. */
function stillCounting(evidence: Evidence): readonly Message[] {
	const { journal, service } = evidence
	if (!journal) return []
	const known = counting.get(journal)
	if (known) return known
	const readyAt = service?.state === 'running' ? journal.newest?.readyAt : undefined
	const messages =
		readyAt === undefined ? journal.messages : journal.messages.filter(({ lastAt }) => lastAt > readyAt)
	counting.set(journal, messages)
	return messages
}

/** What a start died of, or waits for, decides; any other line weighs what its author says. */
function weigh(sign: LogSign, evidence: Evidence, message: Message): Finding['weight'] {
	const { weight = 'strong', neverProof = false } = sign.options
	if (neverProof || sign.needs[0] !== 'journal' || weight === 'hint') return weight
	const { journal, service } = evidence
	const isLastWord = service?.failedStart?.end?.lastWord?.key === message.key
	const isReason = journal?.newest?.waiting?.message.key === message.key && message.count > 1
	return isLastWord || isReason ? 'proof' : weight
}

/** A fact sign may hand over undefined fields; exact optional types and JSON want them gone. */
function plain(finding: Finding): Finding {
	const { quote, at, since, count, ...rest } = finding
	return {
		...rest,
		...(quote && { quote }),
		...(at !== undefined && Number.isFinite(at) && at > 0 && { at }),
		...(since !== undefined && since !== at && Number.isFinite(since) && since > 0 && { since }),
		...(count !== undefined && count > 1 && { count }),
	}
}
