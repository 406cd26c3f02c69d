/**
 * The report as an issue: the headings of k3s's bug report template, so that it can be pasted there as it is.
 * https://github.com/k3s-io/k3s/blob/master/.github/ISSUE_TEMPLATE/bug_report.md
 */
import { plainDeep } from '../../model/plain-text.js'
import type { Report } from '../../model/report.js'
import { actionSentence, rootsOf } from '../parts.js'
import { contextLines } from './context.js'
import { type Detail, type Level, levels } from './detail.js'
import { evidenceLines, headline } from './diagnosis.js'
import { code, prose } from './escape.js'

/** GitHub takes no more characters than this in one text. */
export const issueLimit = 65_536

export function markdownReport(unsafe: Report, limit: number = issueLimit): string {
	const report = plainDeep(unsafe)
	let text = ''
	for (const level of levels()) {
		text = issue(report, level)
		if (text.length <= limit) return text
	}
	return cutShort(text, limit)
}

function issue(report: Report, { detail, cut }: Level): string {
	const lines = [
		...environment(report),
		'',
		'**Describe the bug:**',
		'',
		...described(report),
		...shortened(cut),
		'',
		'**Steps To Reproduce:**',
		'',
		'<!-- How did the node get there? k3s-doctor saw it only as it is. -->',
		'- Installed K3s: <!-- please fill in -->',
		...done(report, detail),
		'',
		'**Expected behavior:**',
		'',
		'k3s runs, the node is Ready and its pods work.',
		'',
		'**Actual behavior:**',
		'',
		...actual(report, detail),
		'',
		'**Additional context / logs:**',
		'',
		...contextLines(report, detail),
	]
	return `${lines.join('\n').replace(/\n{3,}/g, '\n\n')}\n`
}

/** Said first: a reader must not take what is left for the whole. */
function shortened(cut: readonly string[]): string[] {
	if (cut.length === 0) return []
	const whole = code('k3s-doctor diagnose --format html -o report.html')
	return [
		'',
		`_Shortened to fit into an issue (${issueLimit.toLocaleString('en')} characters). Left out: ${cut.join('; ')}. The whole: ${whole}._`,
	]
}

function environment({ node, service }: Report): string[] {
	const cluster = [
		node.role === 'unknown' ? '' : `this node is ${node.role === 'agent' ? 'an agent' : 'a server'}`,
		node.datastore ? `datastore: ${node.datastore}` : '',
		`unit ${node.unit}: ${service.replaceAll('-', ' ')}`,
	].filter(Boolean)
	return [
		'**Environmental Info:**',
		`K3s Version: ${node.k3sVersion ? code(node.k3sVersion) : 'not known'}`,
		'',
		`Node(s) CPU architecture, OS, and Version: ${prose([node.arch, node.os, node.kernel].filter(Boolean).join(', ') || 'not known')}`,
		'',
		`Cluster Configuration: ${prose(cluster.join('; '))}`,
		'<!-- How many servers and agents does the cluster have? -->',
	]
}

function described(report: Report): string[] {
	const roots = rootsOf(report)
	return [
		`Node ${code(report.node.hostname)} is **${report.verdict.replaceAll('-', ' ')}**: ${sentence(report.summary)}`,
		'',
		...roots.map(root => `- ${headline(root)}`),
	]
}

const sentence = (text: string) => `${prose(text).replace(/\.+$/, '')}.`

function done({ actions = [] }: Report, { actions: most }: Detail): string[] {
	if (actions.length === 0 || most === 0) return []
	const before = actions.length - most
	return [
		'- Done with k3s-doctor on this node, newest first:',
		...actions
			.slice(-most)
			.toReversed()
			.map(action => `  - ${prose(actionSentence(action))}`),
		...(before > 0 ? [`  - and ${before} before`] : []),
	]
}

function actual(report: Report, detail: Detail): string[] {
	const roots = rootsOf(report)
	if (roots.length === 0) return [`${sentence(report.summary)} No root cause was found.`]
	const lines = roots.slice(0, detail.roots).flatMap(root => [...evidenceLines(report, root, detail), ''])
	const more = roots.length - detail.roots
	return more > 0 ? [...lines, `and ${more} other causes, named above.`] : lines
}

/** What even the fewest words do not fit into: whole lines up to the limit, with a word on it. */
function cutShort(text: string, limit: number): string {
	const says = '\n\n_Cut off here: more does not fit into an issue._\n'
	const kept: string[] = []
	let room = limit - says.length - 10
	let fenced: string | undefined
	for (const line of text.split('\n')) {
		room -= line.length + 1
		if (room < 0) break
		const ticks = /^ *(`{3,})/.exec(line)?.[1]
		if (ticks) fenced = fenced === undefined ? ticks : fenced === ticks ? undefined : fenced
		kept.push(line)
	}
	return `${kept.join('\n')}${fenced ? `\n${fenced}` : ''}${says}`.slice(0, limit)
}
