/** The last row: what is being typed, what was just said, or the keys that are valid here. */

import type { Plan } from '../model/plan.js'
import { can } from './can.js'
import { chop, shorten, takeColumns } from './columns.js'
import { suggestions } from './commands.js'
import { askedAt } from './deeds.js'
import { countOf, hitsOf, lineAt } from './document/shown.js'
import { counted } from './format.js'
import { keyWord } from './keys/key.js'
import { scopesAt } from './keys/scopes.js'
import { type ActionName, type Binding, keyTable, type Scope } from './keys/table.js'
import { layoutOf } from './layout.js'
import {
	cell,
	ends,
	fitted,
	harmless,
	heading,
	type Line,
	line,
	type Span,
	span,
	strong,
	widthOf,
} from './line.js'
import { logPosition, logRemark } from './log/footer.js'
import { promptMarks, promptText } from './prompt.js'
import { matcherOf } from './search.js'
import { type Notice, type Prompt, placeOf, type State } from './state.js'
import { risks } from './words.js'

export function footerRow(state: State): Line {
	const width = state.size.columns
	if (state.prompt) return promptRow(state, state.prompt, width)
	const right = [span(position(state), 'faint'), span(' ')]
	if (state.notice) return noticeLine(state.notice, width)
	return ends(keyHints(state, width - widthOf(right) - 2), right, width)
}

function noticeLine({ text, tone }: Notice, width: number): Line {
	return ends([span(` ${text}`, tone === 'plain' ? undefined : tone)], [], width)
}

/** Rows above the footer that cover the body for a moment: suggestions, and text that could not be copied. */
export function overlay(state: State, most: number): Line[] {
	const width = state.size.columns
	const { prompt, notice } = state
	if (prompt?.kind === 'command') {
		const all = suggestions(state, promptText(prompt))
		const room = Math.min(8, most)
		const from = Math.max(0, Math.min((prompt.choice ?? 0) - room + 1, all.length - room))
		return all.slice(from, from + room).map((text, index) => {
			const chosen = from + index === prompt.choice
			const row = line(span(chosen ? '❯ ' : '  ', 'mark'), cell(text, Math.max(1, width - 2)))
			return fitted(chosen ? { ...row, selected: true } : row, width)
		})
	}
	if (prompt?.kind === 'confirm' && prompt.plan)
		return [...confirmLines(prompt.plan, width), ...(notice ? [noticeLine(notice, width)] : [])].slice(-most)
	if (prompt && notice) return [noticeLine(notice, width)]
	if (notice?.more === undefined) return []
	const pieces = notice.more.split('\n').flatMap(text => chop(harmless(text), width - 2))
	const shown = pieces.slice(0, Math.max(1, most))
	return shown.map(text => line(span(' '), span(text, 'command')))
}

function promptRow(state: State, prompt: Prompt, width: number): Line {
	const mark = markOf(prompt, width)
	const right = promptRemark(state, prompt)
	const room = Math.max(4, width - widthOf([span(mark)]) - widthOf(right) - 4)
	// The cursor stays in sight however long the text is.
	const before = prompt.text.slice(0, prompt.cursor)
	while (before.length > 0 && widthOf([span(before.join(''))]) >= room) before.shift()
	const at = prompt.text[prompt.cursor] ?? ' '
	const after = prompt.text.slice(prompt.cursor + 1).join('')
	const left: Span[] = [
		span(` ${mark}`, 'accent'),
		span(before.join('')),
		{ ...span(at), inverse: true },
		span(takeColumns(after, Math.max(0, room - widthOf([span(before.join(''))]) - 1))),
	]
	return ends(left, right, width)
}

function markOf({ kind, plan }: Prompt, width: number): string {
	if (kind !== 'confirm' || !plan) return promptMarks[kind]
	const { hostname } = plan.node
	if (plan.risk === 'destructive') {
		const long = `Type ${hostname} and Enter to run this; Esc does not: `
		return long.length + hostname.length + 6 < width ? long : `Type ${hostname}: `
	}
	const what = plan.kind === 'undo' ? 'Take this back' : plan.kind === 'discard' ? 'Delete it' : 'Run this'
	const long = `${what} on ${hostname} as ${plan.as}? y/N `
	return long.length + 6 < width ? long : `${what}? y/N `
}

/** Above the question whether to run: what the yes is for. */
function confirmLines({ title, risk, interrupts, backup, steps }: Plan, width: number): Line[] {
	const { word, tone } = risks[risk]
	const kept = backup.bytes > 0 ? `Kept in ${backup.folder}` : ''
	return [
		heading('To be confirmed', width),
		ends([span(' '), strong(title)], [span(word, tone), span(' ')], width),
		fitted(line(span(' Interrupts: ', 'faint'), span(interrupts)), width),
		fitted(line(span(` ${counted(steps.length, 'step')}, shown above. ${kept}`, 'faint')), width),
	]
}

/** How a search was understood, and what it finds. */
function promptRemark(state: State, { kind, text }: Prompt): Span[] {
	const layout = layoutOf(state)
	if (text.length === 0) return []
	if (kind === 'filter' && layout.kind === 'list') {
		return [span(`${layout.view.count} of ${layout.view.total} `, 'faint')]
	}
	if (layout.kind === 'log') return logRemark(layout.place, kind)
	if (layout.kind !== 'text' || (kind !== 'search' && kind !== 'only')) return []
	const { document } = layout.view
	const query = text.join('')
	const how = matcherOf(query, document.lines).kind
	const found =
		kind === 'only' ? countOf(document.lines, layout.view.all.shown) : hitsOf(document.lines, query).length
	return [
		span(
			`${how === 'pattern' ? 'pattern, ' : how === 'fuzzy' ? 'fuzzy, ' : ''}${found} lines `,
			found > 0 ? 'faint' : 'warn',
		),
	]
}

/** `3/120`, `line 231 of 5000`, with what is filtered or searched. */
function position(state: State): string {
	const layout = layoutOf(state)
	if (layout.kind === 'list') {
		const { view, place } = layout
		if (view.total === 0) return ''
		const filter = place.query === '' ? '' : ` of ${view.total}, "${shorten(place.query, 16)}"`
		return view.count === 0
			? `0${filter}`
			: `${Math.min(place.at, view.count - 1) + 1}/${view.count}${filter}`
	}
	if (layout.kind === 'log') return logPosition(layout.place)
	const { view, place } = layout
	const { lines } = view.document
	if (view.all.count === 0) return ''
	const number = lineAt(view.all.shown, place.at) + 1
	const parts = [`${number}/${lines.length}`]
	if (place.left > 0) parts.push(`column ${place.left + 1}`)
	if (place.only !== '') parts.push(`${view.all.count} with "${shorten(place.only, 16)}"`)
	if (place.query !== '') {
		const hits = hitsOf(lines, place.query)
		const before = hits.filter(index => index < number).length
		parts.push(`hit ${before}/${hits.length} "${shorten(place.query, 16)}"`)
	}
	return parts.join(', ')
}

/** As many keys as fitted, the most useful first. Which ones are valid is asked of the same table as ever. */
function keyHints(state: State, width: number): Span[] {
	const scopes: readonly Scope[] = scopesAt(placeOf(state))
	const top = state.places[state.tab].length === 1
	const rank = ({ does, in: scope }: Binding) => (foremost.has(does) ? -1 : scopes.indexOf(scope))
	const hints = keyTable.filter(
		({ in: scope, label, does }) =>
			label !== undefined &&
			scopes.includes(scope) &&
			can(state, does) &&
			!(does === 'back' && top) &&
			!(does === 'quit' && !top) &&
			!(does === 'examine' && !mayLookAgain(state)) &&
			!(does === 'run' && !mayRun(askedAt(state)?.plan)),
	)
	// What is special to the place before what holds everywhere.
	hints.sort((a, b) => rank(a) - rank(b))
	// Help and the way out always have their place: whoever is lost needs just these.
	const size = ({ keys, label = '' }: Binding) => keyWord(keys[0] ?? '').length + label.length + 3
	const kept = new Set(hints.filter(({ does }) => always.has(does)))
	let left = width - 1 - [...kept].reduce((sum, hint) => sum + size(hint), 0)
	for (const hint of hints) {
		if (kept.has(hint) || size(hint) > left) continue
		kept.add(hint)
		left -= size(hint)
	}
	return [
		span(' '),
		...hints
			.filter(hint => kept.has(hint))
			.flatMap(({ keys, label = '' }) => [
				span(keyWord(keys[0] ?? ''), 'accent'),
				span(` ${label}  `, 'faint'),
			]),
	]
}

/** Pressed all the same, it says why not. */
function mayRun(plan: Plan | undefined): boolean {
	return plan !== undefined && plan.refusals.length === 0 && !plan.onlyTells
}

/** Only offered at home, and where looking again could tell something new. */
function mayLookAgain(state: State): boolean {
	return placeOf(state).kind === 'diagnoses' && state.mode === 'live' && state.exam.phase !== 'asking'
}

const foremost: ReadonlySet<ActionName> = new Set(['open', 'logs'])
const always: ReadonlySet<ActionName> = new Set(['help', 'back', 'quit'])
