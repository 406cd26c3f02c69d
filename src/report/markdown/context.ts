/** What stands below the causes: remedies, what is merely possible, what could not be seen, times, provenance. */
import type { CertificateSpan, Report, StartSpan } from '../../model/report.js'
import {
	blindCauses,
	gapGroups,
	maskedKinds,
	maskedSentence,
	nodeFacts,
	possibleOf,
	provenance,
	rootsOf,
	takenAt,
} from '../parts.js'
import { duration, utcTime } from '../times.js'
import type { Detail } from './detail.js'
import { remedyLines } from './diagnosis.js'
import { cell, code, prose } from './escape.js'

export function contextLines(report: Report, detail: Detail): string[] {
	return [
		...remedies(report, detail),
		...possible(report, detail),
		...notSeen(report, detail),
		...starts(report, detail),
		...certificates(report, detail),
		...folded(
			'Node',
			nodeFacts(report).map(([label, value]) => `- ${label}: ${prose(value)}`),
		),
		...folded('Masked', masked(report, detail)),
		...(report.masked?.length === 0 ? [maskedSentence(report) ?? ''] : []),
		...report.notes.map(note => `Note: ${prose(note)}`),
		prose(provenance(report)),
	]
}

function folded(title: string, lines: readonly string[]): string[] {
	if (lines.length === 0) return []
	return [`<details><summary>${title}</summary>`, '', ...lines, '', '</details>', '']
}

function remedies(report: Report, { remedies: how, roots: most }: Detail): string[] {
	const roots = rootsOf(report).slice(0, most)
	if (!roots.some(({ remedies }) => remedies.length > 0)) return []
	return folded(
		'What k3s-doctor proposes',
		roots.flatMap(root => remedyLines(root, how)),
	)
}

function possible(report: Report, { possible: most }: Detail): string[] {
	const all = possibleOf(report)
	if (all.length === 0 || most === 0) return []
	const lines = all.slice(0, most).map(({ title, cause, findings }) => {
		const says = findings[0] ? `: ${findings[0].says}` : ''
		return `- ${prose(`${title}${says}`)} (${code(cause)})`
	})
	if (all.length > most) lines.push(`- and ${all.length - most} more`)
	return folded('Possible, with little to show for it', lines)
}

function notSeen(report: Report, { gaps: most, unexamined }: Detail): string[] {
	const groups = gapGroups(report)
	const lines = groups
		.slice(0, most)
		.map(({ detail, commands }) => `- ${prose(detail)}${commands[0] ? ` ${code(commands[0])}` : ''}`)
	if (groups.length > most) lines.push(`- and ${groups.length - most} more`)
	const blind = blindCauses(report)
	if (blind.length > 0) {
		const names = unexamined > 0 ? `: ${blind.map(({ cause }) => code(cause)).join(', ')}` : ''
		lines.push('', `Therefore ${blind.length} causes were not examined${names}.`)
	}
	for (const { cause, error } of report.crashed)
		lines.push(`- The rule ${code(cause)} failed: ${prose(error)}`)
	return folded('Not seen', lines)
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
	const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
	return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)]
}

function starts({ starts: all = [] }: Report, { starts: most }: Detail): string[] {
	if (all.length === 0 || most === 0) return []
	const row = ({ began, last, ready, furthest, end, why }: StartSpan) => [
		utcTime(began),
		duration(last - began),
		ready === undefined ? (furthest ?? '') : `ready after ${duration(ready - began)}`,
		end ?? 'runs',
		(why ?? '').slice(0, 160),
	]
	return folded('Starts of k3s, newest last', [
		...(all.length > most ? [`The last ${most} of ${all.length}.`, ''] : []),
		...table(['began (UTC)', 'lasted', 'got to', 'ended', 'last words'], all.slice(-most).map(row)),
	])
}

function certificates(report: Report, { certificates: most }: Detail): string[] {
	const all = report.certificates ?? []
	if (all.length === 0 || most === 0) return []
	const now = takenAt(report)
	const row = ({ path, commonName, from, to }: CertificateSpan) => [
		path,
		commonName,
		utcTime(from),
		utcTime(to),
		to < now ? `expired ${duration(now - to)} ago` : `${duration(to - now)} left`,
	]
	return folded('Certificates, the next to expire first', [
		...table(['file', 'name', 'from (UTC)', 'to (UTC)', ''], all.slice(0, most).map(row)),
		...(all.length > most ? ['', `and ${all.length - most} more`] : []),
	])
}

function masked(report: Report, { masked: most }: Detail): string[] {
	return maskedKinds(report)
		.slice(0, most)
		.map(
			({ kind, count, files }) => `- ${prose(kind)}: ${count}, in ${files.slice(0, 3).map(code).join(', ')}`,
		)
}
