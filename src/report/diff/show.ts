/** A comparison as text, as Markdown, as JSON. */
import { plainDeep, plainLine } from '../../model/plain-text.js'
import { code, prose } from '../markdown/escape.js'
import { verdictWord } from '../parts.js'
import type { TextOptions } from '../text/index.js'
import { painter, verdictTone } from '../text/paint.js'
import { wrap } from '../text/wrap.js'
import { utcTime } from '../times.js'
import type { Change, Comparison, Look, Section } from './compare.js'

const nothing = 'Nothing changed that the doctor looks at.'

export function diffText(unsafe: Comparison, { width, colour }: Omit<TextOptions, 'ascii'>): string {
	const comparison = plainDeep(unsafe)
	const paint = painter(colour)
	const wide = Math.max(60, Math.min(width, 120))
	const side = (name: string, look: Look) => [
		`${paint('strong', `${name}  ${look.hostname}`)}, taken ${utcTime(Date.parse(look.takenAt) || 0)} UTC, ${look.from}`,
		`   ${paint(verdictTone[look.verdict], verdictWord[look.verdict])}  ${look.summary}`,
	]
	const lines = [
		...side('A', comparison.a),
		...side('B', comparison.b),
		...comparison.notes.map(note => `   Note: ${note}`),
	]
	const told = comparison.sections.filter(({ changes, blind }) => changes.length > 0 || blind)
	for (const { title, changes, blind } of told) {
		lines.push('', paint('strong', title))
		for (const change of changes) {
			const tone = change.kind === 'fresh' ? 'accent' : change.kind === 'gone' ? 'faint' : 'warn'
			const [first = '', ...rest] = wrap(plainLine(sentence(change)), wide - 4)
			lines.push(`  ${paint(tone, marks[change.kind])} ${first}`, ...rest.map(line => `    ${line}`))
		}
		if (blind) lines.push(`  ${paint('faint', blind)}`)
	}
	if (!comparison.sections.some(({ changes }) => changes.length > 0)) lines.push('', nothing)
	return `${lines.join('\n')}\n`
}

const marks: Record<Change['kind'], string> = { fresh: '+', gone: '-', changed: '~' }

function sentence({ what, before, after, kind }: Change): string {
	if (kind === 'changed') return `${what}: ${before ?? ''} -> ${after ?? ''}`
	const state = kind === 'fresh' ? after : before
	return state ? `${what}: ${state}` : what
}

export function diffMarkdown(unsafe: Comparison): string {
	const { a, b, sections, notes } = plainDeep(unsafe)
	const row = (name: string, look: Look) =>
		`| ${name} | ${prose(look.hostname)} | ${prose(look.takenAt)} | ${verdictWord[look.verdict]} | ${prose(look.summary)} |`
	return `${[
		'| | node | taken | | |',
		'|---|---|---|---|---|',
		row('A', a),
		row('B', b),
		'',
		...notes.map(note => `Note: ${prose(note)}.`),
		...sections.flatMap(sectionMarkdown),
		...(sections.some(({ changes }) => changes.length > 0) ? [] : ['', nothing]),
	].join('\n')}\n`
}

function sectionMarkdown({ title, changes, blind }: Section): string[] {
	if (changes.length === 0 && !blind) return []
	const state = (text: string | undefined) => (text ? code(text) : '')
	return [
		'',
		`**${title}**`,
		'',
		...changes.map(({ kind, what, before, after }) => {
			if (kind === 'changed') return `- changed: ${prose(what)}: ${state(before)} → ${state(after)}`
			return `- ${kind === 'fresh' ? 'new' : 'gone'}: ${prose(what)} ${state(after ?? before)}`.trimEnd()
		}),
		...(blind ? [prose(blind)] : []),
	]
}

/** Names are stable within schema 1. */
export function diffJson(comparison: Comparison): string {
	return `${JSON.stringify(plainDeep(comparison), null, 2)}\n`
}
