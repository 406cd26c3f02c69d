/** What an operator looks up by hand: an overview of sections, each with its table behind it. */
import { cell, ends, fitted, heading, type Line, line, span } from '../line.js'
import type { ListView } from '../list.js'
import { remembering } from '../memo.js'
import type { ListState, NodeSection, State } from '../state.js'
import type { Subject } from '../subject.js'
import { certificates } from './node/certificates.js'
import { disks, limits, memory } from './node/host.js'
import { configuration, versions } from './node/k3s.js'
import { addresses, time } from './node/network.js'
import { ports } from './node/ports.js'
import type { Section } from './node/section.js'
import { datastore, units } from './node/service.js'
import { gutter, type Row, rowsView } from './rows.js'

const sections: readonly Section[] = [
	certificates,
	ports,
	disks,
	memory,
	limits,
	addresses,
	time,
	versions,
	configuration,
	units,
	datastore,
]

export const sectionNames: readonly NodeSection[] = sections.map(({ id }) => id)

export function sectionTitle(id: NodeSection): string {
	return sections.find(section => section.id === id)?.title ?? id
}

const titleWidth = 16

export function nodeView(state: State, list: ListState, width: number): ListView {
	const { subject } = state
	const empty = [line(span('  The node has not answered yet.'))]
	if (!subject) return rowsView([], list, width, { empty })
	return rowsView(overview(subject, ''), list, width, {
		empty,
		below: ({ target }, rows) =>
			target.kind === 'section' ? sectionPreview(subject, target.section, width, rows) : [],
	})
}

const overview = remembering((subject: Subject, _: string): readonly Row[] =>
	sections.map(({ id, title, summary }) => {
		const { says, tone } = summary(subject.evidence, subject) ?? {
			says: 'no answer; 7 shows why',
			tone: 'faint' as const,
		}
		return {
			id,
			search: `${title} ${says}`,
			target: { kind: 'section', section: id },
			lines: width => [ends([cell(title, titleWidth), span(says, tone)], [], width)],
		}
	}),
)

/** Every section with what it holds in a few words: for a page that has nothing worse to show. */
export function nodeSummary(subject: Subject, width: number): Line[] {
	return overview(subject, '').flatMap(row =>
		row.lines(width - gutter).map(({ spans }) => fitted({ spans: [span('  '), ...spans] }, width)),
	)
}

const tableOf = remembering((subject: Subject, id: string): readonly Row[] => {
	const section = sections.find(candidate => candidate.id === id)
	return section ? section.rows(subject.evidence, subject) : []
})

/** The beginning of a section's table, under the overview. */
function sectionPreview(subject: Subject, id: NodeSection, width: number, rows: number): Line[] {
	const table = tableOf(subject, id)
	if (rows < 4 || table.length === 0) return []
	const lines: Line[] = [line(), heading(sectionTitle(id), width)]
	let group: string | undefined
	for (const row of table) {
		if (lines.length >= rows) break
		if (row.group !== group && row.group !== undefined && lines.length + 1 < rows) {
			lines.push(line(span(`  ${row.group}`, 'faint')))
		}
		group = row.group
		lines.push(
			...row.lines(width - gutter).map(({ spans }) => fitted({ spans: [span('  '), ...spans] }, width)),
		)
	}
	return lines.slice(0, rows)
}

export function sectionView(state: State, section: NodeSection, list: ListState, width: number): ListView {
	const { subject } = state
	const empty = [line(span(`  There is no answer about this. 7 shows why.`))]
	return rowsView(subject ? tableOf(subject, section) : [], list, width, { empty })
}
