/**
 * The kit for rule authors. A rule is one root cause: what it means, the signs that show it, what it leads to,
 * and what mends it. Rules import this file and nothing else.
 */

import type { NodeFacts } from './model/bundle.js'
import type { CauseId } from './model/causes.js'
import type { Finding, Severity, Weight } from './model/diagnosis.js'
import type {
	AllEvidence,
	Evidence,
	EvidenceName,
	Message,
	Quote,
	SourceName,
} from './model/evidence/index.js'
import type { Remedy } from './model/remedy.js'

export * from './model/argument.js'
export { type NodeFacts, unnamed } from './model/bundle.js'
export { bytesInWords } from './model/bytes.js'
export type { CauseId } from './model/causes.js'
export type { Finding, Severity, Weight } from './model/diagnosis.js'
export type * from './model/evidence/index.js'
export * from './model/lookup.js'
export * from './model/recipes.js'
export type { Argv, Remedy, Risk, Step } from './model/remedy.js'

/** What an `&&` that came to nothing leaves behind is nothing. */
type Maybe<T> = T | undefined | false | null | ''

/** What a sign may return: one finding, several, or nothing. */
export type Look<N extends EvidenceName> = (
	have: Pick<AllEvidence, N | 'node'>,
	/** Everything else that was answered; each part may be absent. */
	more: Evidence,
) => Maybe<Finding> | Maybe<Finding>[]

export interface FactSign {
	kind: 'fact'
	needs: readonly EvidenceName[]
	look: (evidence: Evidence) => Finding[]
}

export type LogName = 'journal' | 'containerd' | 'kernelLog'

export interface LogOptions {
	/** Default `strong`; a match on the last word of a failed start, or on the reason of its wait loop, is proof. */
	weight?: Weight
	/** Which log. Default the k3s unit's journal. */
	in?: LogName
	/**
	 * Default `now`: only what still counts. A line from before k3s became ready is history,
	 * as is one of a start that a later start got past. `ever` looks at the newest start as a whole.
	 */
	when?: 'now' | 'ever'
	/** Weigh a last word like any other line: for messages that many causes end in. */
	neverProof?: boolean
	/** A further condition on the whole evidence. */
	if?: (evidence: Evidence, message: Message, groups: Record<string, string>) => boolean
}

export interface LogSign {
	kind: 'log'
	needs: readonly [LogName]
	pattern: RegExp
	says: (groups: Record<string, string>, message: Message) => string
	options: LogOptions
}

export type Sign = FactSign | LogSign

/** Kinds of nodes that a rule is for. */
export type AppliesTo = 'server' | 'agent'

export interface Rule {
	cause: CauseId
	title: string
	severity: Severity
	/** State of the node when this is at least likely. Default: critical -> down, warning -> degraded, info -> at-risk. */
	effect?: 'down' | 'degraded' | 'at-risk'
	/** Default: every kind of node. */
	appliesTo?: readonly AppliesTo[]
	/**
	 * Why there is nothing to look for on this kind of node, though its role fits; then it is told as not looked for
	 * and is no gap. A rule whose signs find something applies all the same.
	 */
	notFor?: (evidence: Evidence) => string | undefined
	explain: string
	docs: readonly string[]
	signs: readonly Sign[]
	/** Where it weighs otherwise on this node, e.g. k3s still runs although its configuration is broken. */
	severityHere?: (evidence: Evidence, findings: readonly Finding[]) => Severity | undefined
	/** Usual direct consequences. */
	leadsTo: readonly CauseId[]
	remedies: (evidence: Evidence, findings: readonly Finding[]) => Remedy[]
}

export interface RuleDefinition extends Omit<Rule, 'remedies' | 'leadsTo'> {
	leadsTo?: readonly CauseId[]
	remedies:
		| readonly Remedy[]
		| ((evidence: Evidence & { node: NodeFacts }, findings: readonly Finding[]) => Maybe<Remedy>[])
}

export function rule(definition: RuleDefinition): Rule {
	const { remedies, leadsTo = [], ...rest } = definition
	return {
		...rest,
		leadsTo,
		remedies:
			typeof remedies === 'function'
				? (evidence, findings) => remedies(evidence, findings).filter(remedy => !!remedy)
				: () => [...remedies],
	}
}

/** A sign that looks at facts. It is asked only when everything in `needs` was answered. */
export function fact<const N extends EvidenceName>(needs: readonly N[], look: Look<N>): FactSign {
	return {
		kind: 'fact',
		needs,
		look: evidence => {
			// The engine calls only when each of `needs` is there.
			const found = look(evidence as Pick<AllEvidence, N | 'node'>, evidence)
			return (Array.isArray(found) ? found : [found]).filter(finding => !!finding)
		},
	}
}

/**
 * A sign that looks at log messages, once per distinct message. Named groups of the pattern reach `says`.
 * The pattern is matched against the decoded message with its error field, not against the raw line.
 */
export function log(
	pattern: RegExp,
	says: string | ((groups: Record<string, string>, message: Message) => string),
	options: LogOptions = {},
): LogSign {
	return {
		kind: 'log',
		needs: [options.in ?? 'journal'],
		pattern,
		says: typeof says === 'string' ? () => says : says,
		options,
	}
}

export interface Cite {
	quote?: Quote | undefined
	at?: number | undefined
	since?: number | undefined
	count?: number | undefined
}

function finding(weight: Weight, source: SourceName, says: string, cite: Cite | Message = {}): Finding {
	if ('firstAt' in cite) {
		const { lastQuote, lastAt, firstAt, count } = cite
		return { says, weight, source, quote: lastQuote, at: lastAt, since: firstAt, count }
	}
	const made: Finding = { says, weight, source }
	if (cite.quote) made.quote = cite.quote
	if (cite.at !== undefined) made.at = cite.at
	if (cite.since !== undefined) made.since = cite.since
	if (cite.count !== undefined) made.count = cite.count
	return made
}

/** Decides: this alone makes the diagnosis certain. */
export function proof(source: SourceName, says: string, cite?: Cite | Message): Finding {
	return finding('proof', source, says, cite)
}

/** Makes the diagnosis likely. */
export function strong(source: SourceName, says: string, cite?: Cite | Message): Finding {
	return finding('strong', source, says, cite)
}

/** Makes it possible; together with a hint from another source, likely. */
export function hint(source: SourceName, says: string, cite?: Cite | Message): Finding {
	return finding('hint', source, says, cite)
}
