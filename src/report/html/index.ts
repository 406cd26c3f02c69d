/**
 * The report as one HTML file: nothing is loaded from anywhere, there is no script, evidence folds and unfolds by
 * itself, and it is well-formed XML as well.
 */
import { plainDeep } from '../../model/plain-text.js'
import type { Report } from '../../model/report.js'
import {
	actionSentence,
	blindCauses,
	gapGroups,
	maskedKinds,
	maskedSentence,
	nodeFacts,
	possibleOf,
	provenance,
	rootsOf,
	takenAt,
	verdictWord,
} from '../parts.js'
import { causeSection } from './diagnosis.js'
import { type Content, element, type Markup, rendered } from './markup.js'
import { style } from './style.js'
import { certificateTimeline, startTimeline } from './timeline.js'

export function htmlReport(unsafe: Report): string {
	const report = plainDeep(unsafe)
	return page(`k3s on ${report.node.hostname}: ${verdictWord[report.verdict]}`, body(report))
}

/** A page of its own. What is not text of ours must come as `Content`, which escapes it. */
export function page(title: string, content: Content): string {
	const root = element(
		'html',
		{ xmlns: 'http://www.w3.org/1999/xhtml', lang: 'en' },
		element(
			'head',
			{},
			element('meta', { charset: 'utf-8' }),
			element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
			// Even if something slipped through, nothing would be loaded or run.
			element('meta', {
				'http-equiv': 'Content-Security-Policy',
				content: "default-src 'none'; style-src 'unsafe-inline'",
			}),
			element('meta', { name: 'referrer', content: 'no-referrer' }),
			element('title', {}, title),
			// No character of the style needs escaping, in HTML or in XML.
			{ markup: `<style>${style}</style>` },
		),
		element('body', {}, content),
	)
	return `<!DOCTYPE html>\n${rendered(root)}\n`
}

function body(report: Report): Content {
	const roots = rootsOf(report)
	return [
		element('h1', {}, `k3s on ${report.node.hostname}`),
		element(
			'p',
			{ class: `verdict ${report.verdict}` },
			element('strong', {}, verdictWord[report.verdict]),
			report.summary,
		),
		element(
			'dl',
			{},
			nodeFacts(report).map(([label, value]) => [element('dt', {}, label), element('dd', {}, value)]),
		),
		roots.length > 0 ? element('h2', {}, roots.length === 1 ? 'The cause' : 'Causes') : undefined,
		roots.map((root, index) => causeSection(report, root, index + 1)),
		possible(report),
		notSeen(report),
		times(report),
		actions(report),
		masked(report),
		report.notes.map(note => element('p', { class: 'soft' }, `Note: ${note}`)),
		examined(report),
		element('p', { class: 'soft' }, provenance(report)),
	]
}

function section(title: string, ...content: Content[]): Content {
	return [element('h2', {}, title), ...content]
}

function list(items: readonly Content[]): Markup {
	return element(
		'ul',
		{},
		items.map(item => element('li', {}, item)),
	)
}

function possible(report: Report): Content {
	const all = possibleOf(report)
	if (all.length === 0) return undefined
	return section(
		'Possible, with little to show for it',
		list(
			all.map(({ title, cause, findings }) => [
				findings[0] ? `${title}: ${findings[0].says} ` : `${title} `,
				element('span', { class: 'tag' }, cause),
			]),
		),
	)
}

function notSeen(report: Report): Content {
	const groups = gapGroups(report)
	const blind = blindCauses(report)
	if (groups.length + blind.length + report.crashed.length === 0) return undefined
	return section(
		'Not seen',
		list([
			...groups.map(({ detail, commands }) => [
				detail,
				commands.length > 0 ? element('pre', { class: 'command' }, commands.join('\n')) : undefined,
			]),
			...report.crashed.map(({ cause, error }) => `The rule ${cause} failed: ${error}`),
		]),
		blind.length > 0
			? element(
					'details',
					{},
					element('summary', {}, `Therefore ${blind.length} causes were not examined`),
					list(blind.map(({ cause, title, because }) => `${title} (${cause}): ${because}`)),
				)
			: undefined,
	)
}

function times(report: Report): Content {
	const now = takenAt(report)
	const starts = startTimeline(report.starts ?? [], now)
	const certificates = certificateTimeline(report.certificates ?? [], now)
	return [
		starts &&
			section(
				'Starts of k3s',
				starts,
				legend(
					'red: it failed, or ended by itself; yellow: stopped, or not ready yet; blue: getting ready; green: ready',
				),
			),
		certificates &&
			section(
				'Certificates',
				certificates,
				legend('red: not valid; yellow: ends within 120 days; dashed: when this was taken'),
			),
	]
}

const legend = (text: string) => element('p', { class: 'legend' }, text)

function actions({ actions: all = [] }: Report): Content {
	if (all.length === 0) return undefined
	return section('Done by the doctor on this node', list(all.toReversed().map(actionSentence)))
}

function masked(report: Report): Content {
	const kinds = maskedKinds(report)
	if (kinds.length === 0) return report.masked && element('p', { class: 'soft' }, maskedSentence(report))
	return section(
		'Masked',
		element('p', {}, maskedSentence(report)),
		element(
			'details',
			{},
			element('summary', {}, 'In which files'),
			list(kinds.map(({ kind, files }) => `${kind}: ${files.join(', ')}`)),
		),
	)
}

function examined({ examined: all }: Report): Content {
	if (all.length === 0) return undefined
	return element(
		'details',
		{ class: 'soft' },
		element('summary', {}, 'Looked at'),
		element('p', {}, all.join(', ')),
	)
}
