/** One root cause: what it means, why we think so, what follows from it, what to do. */
import type { Diagnosis, Finding } from '../../model/diagnosis.js'
import type { Remedy } from '../../model/remedy.js'
import type { Report } from '../../model/report.js'
import {
	citation,
	confidenceWord,
	consequencesOf,
	riskWord,
	severityWord,
	takenAt,
	weightWord,
} from '../parts.js'
import { gathered, stepTexts } from '../steps.js'
import { element, type Markup } from './markup.js'

export function causeSection(report: Report, root: Diagnosis, number: number): Markup {
	const now = takenAt(report)
	const consequences = consequencesOf(report, root)
	return element(
		'section',
		{ class: `cause ${root.severity}`, id: `cause-${root.cause}` },
		element('h3', {}, `${number}. ${root.title}`),
		tags(root),
		element('p', {}, root.explain),
		element('h4', {}, 'Why'),
		findingList(root.findings, now),
		consequences.length > 0 ? element('h4', {}, 'Follows from it') : undefined,
		consequences.map(consequence =>
			element(
				'details',
				{},
				element('summary', {}, consequence.title, ' ', tagText(consequence)),
				element('p', {}, consequence.explain),
				findingList(consequence.findings, now),
			),
		),
		root.remedies.length > 0 ? element('h4', {}, 'What to do') : undefined,
		root.remedies.map((remedy, index) => remedyBlock(remedy, index)),
		root.docs.length > 0
			? element(
					'p',
					{ class: 'soft' },
					root.docs.map((url, index) => [index > 0 ? ', ' : '', link(url)]),
				)
			: undefined,
	)
}

/** Only what is plainly an address of the web becomes a link. */
function link(url: string): Markup {
	return /^https:\/\/[A-Za-z0-9.-]+\/[\w./#?=&%~+-]*$/.test(url)
		? element('a', { href: url }, url)
		: element('span', {}, url)
}

function tagText({ severity, confidence, cause }: Diagnosis): Markup {
	return element(
		'span',
		{ class: 'tag' },
		`${severityWord[severity]}, ${confidenceWord[confidence]}, ${cause}`,
	)
}

function tags(diagnosis: Diagnosis): Markup {
	return element('p', {}, tagText(diagnosis))
}

/** The first findings are open to the eye; many more of a kind are folded away. */
const shown = 6

function findingList(findings: readonly Finding[], now: number): Markup[] {
	const items = findings.map(finding => findingItem(finding, now))
	const list = element('ul', {}, items.slice(0, shown))
	if (items.length <= shown) return [list]
	return [
		list,
		element(
			'details',
			{},
			element('summary', {}, `and ${items.length - shown} more`),
			element('ul', {}, items.slice(shown)),
		),
	]
}

const longestOpen = 300

function findingItem(finding: Finding, now: number): Markup {
	const text = finding.quote?.text.trim() ?? ''
	const quote = text === '' || text === finding.says ? undefined : element('pre', {}, text)
	return element(
		'li',
		{},
		finding.says,
		' ',
		element('span', { class: 'soft' }, `(${weightWord[finding.weight]}; ${citation(finding, now)})`),
		quote && text.length > longestOpen
			? element('details', {}, element('summary', {}, `${text.slice(0, 100)}…`), quote)
			: quote,
	)
}

function remedyBlock({ title, why, risk, interrupts, steps, undo = [] }: Remedy, index: number): Markup {
	return element(
		'details',
		{ open: index === 0 ? 'open' : undefined },
		element(
			'summary',
			{},
			index === 0 ? '' : 'Or: ',
			element('strong', {}, title.replace(/^Or /, '')),
			' ',
			element('span', { class: risk === 'destructive' ? 'destructive' : 'soft' }, `(${riskWord[risk]})`),
		),
		element('p', {}, why),
		interrupts && interrupts !== 'nothing' ? element('p', {}, `Interrupts: ${interrupts}`) : undefined,
		stepList(steps),
		undo.length > 0 ? [element('h4', {}, 'To take it back'), stepList(undo)] : undefined,
	)
}

function stepList(steps: Remedy['steps']): Markup[] {
	return gathered(steps.flatMap(stepTexts)).map(({ kind, text }) => {
		if (kind === 'words') return element('p', {}, text)
		return element('pre', { class: kind === 'command' ? 'command' : undefined }, text)
	})
}
