/**
 * The kit for the authors of checks. A check is one item of a checklist: what is to be so, and what to do where it is
 * not. Checks import this file, and what rules import.
 */
import { pathArgument, unitArgument } from './model/argument.js'
import type { NodeFacts } from './model/bundle.js'
import { type Area, causes, isCauseId } from './model/causes.js'
import type { ChecklistName, CheckResult } from './model/checklist.js'
import type { Diagnosis, Unexamined } from './model/diagnosis.js'
import type { AllEvidence, Evidence, EvidenceName, Quote, SourceName } from './model/evidence/index.js'
import type { Step } from './model/remedy.js'

export type { ChecklistName, CheckOutcome, CheckResult, CheckStatus } from './model/checklist.js'
export { datastoreNames } from './model/datastores.js'
export type { Diagnosis, Unexamined } from './model/diagnosis.js'
export * from './rule.js'

type Maybe<T> = T | undefined | false | null | ''

export interface Judged {
	/** Everything else that was answered; each part may be absent. */
	more: Evidence
	/** What the rules found on the same evidence. */
	diagnoses: readonly Diagnosis[]
	/** Causes that the rules could not look for. */
	unexamined: readonly Unexamined[]
}

export interface Check {
	/** Also the name of its file. */
	id: string
	list: ChecklistName
	/** What is to be so: "The ports of k3s are free". */
	title: string
	/** Default: every kind of node. */
	appliesTo?: readonly ('server' | 'agent')[]
	/** Without an answer to it, the checklist as a whole has none. */
	matters: boolean
	/** Why it matters, for an operator who has never met it. */
	explain: string
	docs: readonly string[]
	/** Evidence without which it cannot look. */
	needs: readonly EvidenceName[]
	/** Where nothing is to be said, the reason why this check does not apply. */
	look: (evidence: Evidence, judged: Judged) => CheckResult[] | NotHere
}

/** It is about something that this node does not have. */
export interface NotHere {
	because: string
}

export interface CheckDefinition<N extends EvidenceName>
	extends Omit<Check, 'needs' | 'look' | 'matters' | 'docs'> {
	matters?: boolean
	docs?: readonly string[]
	needs: readonly N[]
	look: (
		have: Pick<AllEvidence, N | 'node'>,
		judged: Judged,
	) => Maybe<CheckResult> | Maybe<CheckResult>[] | NotHere
}

export function check<const N extends EvidenceName>(definition: CheckDefinition<N>): Check {
	const { look, matters = false, docs = [], ...rest } = definition
	return {
		...rest,
		matters,
		docs,
		look: (evidence, judged) => {
			// The engine asks only when each of `needs` is there.
			const found = look(evidence as Pick<AllEvidence, N | 'node'>, judged)
			if (!found) return []
			if (Array.isArray(found)) return found.filter(result => !!result)
			return 'because' in found ? found : [found]
		},
	}
}

export interface Seen {
	source?: SourceName
	quote?: Quote
	/** What to do, in words and commands; a command holds no value that was not validated. */
	do?: readonly Maybe<Step>[]
}

function result(
	status: CheckResult['status'],
	says: string,
	{ source, quote, do: advice = [] }: Seen,
): CheckResult {
	return {
		status,
		says,
		...(source && { source }),
		...(quote && { quote }),
		advice: advice.filter(step => !!step),
	}
}

export const pass = (says: string, seen: Seen = {}): CheckResult => result('pass', says, seen)
export const warn = (says: string, seen: Seen = {}): CheckResult => result('warn', says, seen)
export const fail = (says: string, seen: Seen = {}): CheckResult => result('fail', says, seen)

/** It could not be seen: why, and the commands that would settle it. */
export function unseen(
	says: string,
	commands: readonly string[] = [],
	tell = 'This would settle it:',
): CheckResult {
	return result('not-examined', says, { do: commands.length > 0 ? [{ tell, commands }] : [] })
}

/** A path of the evidence for a command to be read; where it is no ordinary one, a word in its place. */
export function shownPath(path: string, otherwise: string): string {
	const known = pathArgument(path)
	return known === undefined || known.includes(' ') ? otherwise : known
}

export function shownUnit({ unit }: NodeFacts): string {
	return unitArgument(unit) ?? 'UNIT'
}

/** How many causes these areas have. */
export function causesIn(areas: readonly Area[]): number {
	return Object.values(causes).filter(({ area }) => areas.includes(area)).length
}

/** The area of a cause; `undefined` for last words that no rule knows. */
export function areaOf(cause: Diagnosis['cause']): Area | undefined {
	return isCauseId(cause) ? causes[cause].area : undefined
}

export type { Area as CauseArea } from './model/causes.js'

export function isAgent(node: NodeFacts): boolean {
	return node.role === 'agent'
}
