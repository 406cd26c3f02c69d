/** The title bar with the way to where one is, and the row of tabs. */

import type { Wish } from '../model/wish.js'
import { kindOf } from './cluster/kinds.js'
import { diagnosisOf } from './diagnoses.js'
import { ends, fitted, type Line, line, type Span, span, strong, widthOf } from './line.js'
import { actionOf } from './past.js'
import { runWords } from './run-words.js'
import { sectionTitle } from './screens/node.js'
import { podNamed } from './screens/pod.js'
import { progressWords } from './screens/progress.js'
import { type DocumentRef, type Place, placeOf, type State, tabs, tabTitles } from './state.js'
import { verdicts } from './words.js'

export function titleBar(state: State): Line {
	const { subject, size, exam, mode } = state
	const host = subject?.report.node.hostname ?? (mode === 'live' ? 'k3s-doctor' : state.from)
	const [, ...deeper] = state.places[state.tab]
	const way: Span[] = [strong(` ${host}`), span(' › ', 'faint'), span(tabTitles[state.tab])]
	for (const [index, place] of deeper.entries()) {
		// Reached without its diagnosis, a remedy says whose it is.
		if (place.kind === 'plan' && place.wish.kind === 'remedy' && deeper[index - 1]?.kind !== 'diagnosis')
			way.push(span(' › ', 'faint'), span(place.wish.cause))
		way.push(span(' › ', 'faint'), span(crumb(state, place)))
	}
	return ends(way, [...stateWords(state, exam.phase === 'asking'), span(' ')], size.columns)
}

function stateWords(state: State, asking: boolean): Span[] {
	const { subject, mode, readOnly, run } = state
	const words: Span[] = []
	if (mode !== 'live') words.push(span(mode === 'demo' ? 'recording  ' : 'bundle  ', 'faint'))
	else if (readOnly) words.push(span('read-only  ', 'faint'))
	if (run && run.phase !== 'over' && placeOf(state).kind !== 'run') {
		const { text, tone } = runWords(run)
		words.push(strong(text, tone), span('  '))
	}
	if (asking) words.push(span(progressWords(state), 'accent'), span('  '))
	if (subject) {
		const { word, tone } = verdicts[subject.report.verdict]
		words.push(strong(word, tone))
	}
	return words
}

function crumb(state: State, place: Place): string {
	switch (place.kind) {
		case 'diagnosis':
			return diagnosisOf(state, place.cause)?.cause ?? place.cause
		case 'plan':
			return planCrumb(place.wish)
		case 'action':
			return `action ${actionOf(state, place.action)?.number ?? ''}`
		case 'pod':
			return podNamed(state, place.uid)?.row.name ?? 'pod'
		case 'objects':
			return kindOf(place.of)?.title ?? place.of
		case 'acts':
			return 'what can be done'
		case 'object':
			return place.ref.name
		case 'section':
			return sectionTitle(place.section)
		case 'log':
			return place.title
		case 'text':
			return documentCrumb(place.document)
		case 'help':
			return 'help'
		default:
			return place.kind
	}
}

function documentCrumb(document: DocumentRef): string {
	if ('object' in document) return document.as === 'yaml' ? 'YAML' : 'describe'
	return 'file' in document ? document.file : 'report'
}

function planCrumb(wish: Wish): string {
	switch (wish.kind) {
		case 'remedy':
			return `remedy ${wish.number}`
		case 'own':
			return 'plan'
		case 'undo':
			return 'undo'
		case 'discard':
			return 'delete backup'
	}
}

/** Digits and names; where they do not fit only the digits, and the name of the one that is open. */
export function tabRow(state: State): Line {
	const width = state.size.columns
	const full = tabSpans(state, () => true, ' ')
	if (widthOf(full) <= width) return line(...full)
	const tight = tabSpans(state, () => true, '')
	if (widthOf(tight) <= width) return line(...tight)
	return fitted(line(...tabSpans(state, tab => tab === state.tab, '')), width)
}

function tabSpans(state: State, named: (tab: string) => boolean, space: string): Span[] {
	return tabs.flatMap((tab, index): Span[] => {
		const name = named(tab) ? `${space}${tabTitles[tab]}` : ''
		const text = `${space}${index + 1}${name}${space}`
		const chosen = tab === state.tab
		return [
			span(index === 0 && space === '' ? '' : ' '),
			chosen ? { text, bold: true, inverse: true } : span(text, 'faint'),
		]
	})
}
