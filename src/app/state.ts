/** Everything the app knows while it runs. Plain data: a state can be written down, compared and replayed. */
import type { DiagnosisCause } from '../model/diagnosis.js'
import type { Listed, Live } from '../model/live.js'
import type { Plan } from '../model/plan.js'
import type { Wish } from '../model/wish.js'
import type { LookedUp, ObjectRef } from './cluster/object.js'
import { type Scope, wholeScope } from './cluster/scope.js'
import type { LogPlace } from './log/place.js'
import type { LogPromptKind } from './log/prompts.js'
import type { LogSource } from './log/wishes.js'
import { firstOrder, type ReportOrder, type Written } from './report-order.js'
import type { Past, PlanAsked, Run } from './run.js'
import type { Change, Exam, Subject, Suppression } from './subject.js'

export type Mode = 'live' | 'bundle' | 'demo'

/** The tabs in the order of their digits. */
export const tabs = ['diagnoses', 'pods', 'logs', 'node', 'report', 'actions', 'evidence'] as const
export type Tab = (typeof tabs)[number]

export const tabTitles: Readonly<Record<Tab, string>> = {
	diagnoses: 'Diagnoses',
	pods: 'Pods',
	logs: 'Logs',
	node: 'Node',
	report: 'Report',
	actions: 'Actions',
	evidence: 'Evidence',
}

/** Where one is in a list. `id` finds the item again when the list changes under the cursor. */
export interface ListState {
	at: number
	/** First row that is shown, counted in rows, not in items. */
	top: number
	id?: string
	/** Filter; empty shows all. */
	query: string
	/** Index of the sort order. */
	sort: number
	inverse: boolean
	/** Items that show what is folded under them. */
	unfolded: readonly string[]
	/** Row of the window on which the cursor was, so that it stays there when the list changes. */
	row: number
}

export type NodeSection =
	| 'certificates'
	| 'ports'
	| 'disks'
	| 'memory'
	| 'limits'
	| 'addresses'
	| 'time'
	| 'versions'
	| 'configuration'
	| 'units'
	| 'datastore'

export type ListPlace = ListState &
	(
		| { kind: 'diagnoses' }
		| { kind: 'diagnosis'; cause: DiagnosisCause }
		/** What would be done, whole. */
		| { kind: 'plan'; wish: Wish }
		/** The run at hand, or the last one. */
		| { kind: 'run' }
		/** One action of the history, by its id. */
		| { kind: 'action'; action: string }
		| { kind: 'pods' }
		| { kind: 'pod'; uid: string }
		/** All lists of the cluster; one of them; one object. */
		| { kind: 'kinds' }
		| { kind: 'objects'; of: Listed }
		| { kind: 'object'; ref: ObjectRef }
		| { kind: 'find' }
		/** What can be done with an object. */
		| { kind: 'acts'; ref: ObjectRef }
		/** The logs there are. `merge`: the one that is picked joins the log that is open. */
		| { kind: 'logs'; merge?: boolean }
		| { kind: 'node' }
		| { kind: 'section'; section: NodeSection }
		| { kind: 'report' }
		| { kind: 'actions' }
		| { kind: 'evidence' }
		| { kind: 'help' }
	)

/** A text that can be read line by line: a file of the bundle, or the report. */
export type DocumentRef = { file: string } | { report: true } | { object: ObjectRef; as: 'yaml' | 'describe' }

export interface TextPlace {
	kind: 'text'
	document: DocumentRef
	/** The line with the cursor, an index into the lines that are shown. */
	at: number
	/** First line that is shown, and first row of it when it is wrapped. */
	top: number
	sub: number
	/** First column that is shown, when lines are not wrapped. */
	left: number
	wrap: boolean
	/** Search; only highlights. */
	query: string
	/** Filter; hides the other lines. */
	only: string
}

export type Place = ListPlace | TextPlace | LogPlace

/** A line that is being typed. `cursor` counts characters as a person sees them. */
export interface Prompt {
	/** `confirm`: the yes to a plan. `stop`: how a run is to be stopped. */
	kind: 'filter' | 'search' | 'only' | 'command' | 'suppress' | 'save' | 'confirm' | 'stop' | LogPromptKind
	text: readonly string[]
	cursor: number
	/** What the field held before, for Esc. */
	before: string
	/** Suggestion that is chosen, for commands. */
	choice?: number
	/** What the answer is about: the cause to suppress. */
	about?: string
	/** The very plan that a yes would be for. */
	plan?: Plan
}

/** Said once, in the place of the footer, until the next key. */
export interface Notice {
	text: string
	tone: 'good' | 'warn' | 'bad' | 'plain'
	/** More than fits into a line: a command that could not be copied otherwise. */
	more?: string
}

export interface State {
	size: { columns: number; rows: number }
	mode: Mode
	/** How a person names the origin: `this host`, or a path. */
	from: string
	readOnly: boolean
	exam: Exam
	subject?: Subject
	/** Causes in the order in which they are listed; it only settles when an examination ends. */
	order: readonly DiagnosisCause[]
	/** Whether the cursor was moved since the examination began: then nothing may move under it. */
	touched: boolean
	change?: Change
	suppressed: readonly Suppression[]
	/** The report that is to be shown, saved or copied. */
	wanted: ReportOrder
	written?: Written
	/** What a live node tells of the cluster while one looks. */
	live?: Live
	/** The object of the API that was asked for last. */
	looked?: LookedUp
	/** Which of the cluster's objects are shown. */
	scope: Scope
	/** Plans that were asked for since the newest examination, by the key of their wish. */
	plans: Readonly<Record<string, PlanAsked>>
	/** At most one at a time; the last one stays until the next begins. */
	run?: Run
	/** Logs that this host has, once somebody wanted to pick one. */
	logSources?: readonly LogSource[]
	/** How many logs were opened so far: the newest one's id. */
	logsOpened?: number
	/** What was done on this node, once it was asked for. */
	past?: Past
	tab: Tab
	/** The way into each tab, its first place at the bottom. Never empty. */
	places: Readonly<Record<Tab, readonly Place[]>>
	prompt?: Prompt
	notice?: Notice
	/** `q` was pressed at the top: once more leaves. */
	leaving?: true
}

export const listStart: ListState = {
	at: 0,
	top: 0,
	query: '',
	sort: 0,
	inverse: false,
	unfolded: [],
	row: 0,
}

export function textAt(document: DocumentRef, at = 0): TextPlace {
	return { kind: 'text', document, at, top: 0, sub: 0, left: 0, wrap: false, query: '', only: '' }
}

const firstPlaces: Readonly<Record<Tab, readonly Place[]>> = {
	diagnoses: [{ kind: 'diagnoses', ...listStart }],
	pods: [{ kind: 'pods', ...listStart }],
	logs: [{ kind: 'logs', ...listStart }],
	node: [{ kind: 'node', ...listStart }],
	report: [{ kind: 'report', ...listStart }],
	actions: [{ kind: 'actions', ...listStart }],
	evidence: [{ kind: 'evidence', ...listStart }],
}

export interface Start {
	mode: Mode
	from: string
	readOnly?: boolean
	size?: { columns: number; rows: number }
	/** Opens there. */
	tab?: Tab
	/** Of the cluster only what is in this namespace. */
	namespace?: string
}

export function start({ mode, from, readOnly = false, size, tab = 'diagnoses', namespace }: Start): State {
	return {
		size: size ?? { columns: 80, rows: 24 },
		mode,
		from,
		readOnly: readOnly || mode !== 'live',
		exam: { phase: 'asking', steps: [], round: 1, seconds: 0 },
		order: [],
		touched: false,
		suppressed: [],
		wanted: firstOrder,
		scope: namespace === undefined ? wholeScope : { ...wholeScope, namespace },
		plans: {},
		tab,
		places: firstPlaces,
	}
}

/** Where the operator is. */
export function placeOf({ tab, places }: State): Place {
	const place = places[tab].at(-1) ?? firstPlaces[tab][0]
	if (!place) throw new Error(`the tab ${tab} has no first place`)
	return place
}

export function withPlace(state: State, place: Place): State {
	const stack = state.places[state.tab]
	return { ...state, places: { ...state.places, [state.tab]: [...stack.slice(0, -1), place] } }
}

/** Goes one level deeper. */
export function into(state: State, place: Place): State {
	return { ...state, places: { ...state.places, [state.tab]: [...state.places[state.tab], place] } }
}
