/** A section of the Node screen: a summary for the overview, and its table. */
import type { Evidence } from '../../../model/evidence/index.js'
import { ends, type Line, paragraph, type Span, span, type Tone } from '../../line.js'
import type { NodeSection } from '../../state.js'
import type { Subject } from '../../subject.js'
import type { Target } from '../../target.js'
import type { Row } from '../rows.js'

export interface Summary {
	says: string
	/** Only where it deserves a look. */
	tone?: Tone
}

export interface Section {
	id: NodeSection
	title: string
	/** `undefined`: it was not answered. */
	summary(evidence: Evidence, subject: Subject): Summary | undefined
	rows(evidence: Evidence, subject: Subject): Row[]
}

const nameWidth = 24

/** A name and what it is, wrapped where it is long. */
export function factRow(
	name: string,
	value: string,
	{ tone, group, target }: { tone?: Tone; group?: string; target?: Target } = {},
): Row {
	return {
		id: `${group ?? ''} ${name} ${value}`,
		search: `${name} ${value}`,
		target: target ?? { kind: 'words', text: value },
		...(group !== undefined && { group }),
		lines: width => {
			const name_ = name.length >= nameWidth ? `${name.slice(0, nameWidth - 2)}… ` : name.padEnd(nameWidth)
			return paragraph(value, width, { first: [span(name_, 'faint')], ...(tone && { tone }) }).slice(0, 1)
		},
	}
}

/** A row with a left part that may be cut, and a right one that is not. */
export function tableRow(
	id: string,
	search: string,
	lines: (width: number) => { left: readonly Span[]; right?: readonly Span[] },
	{ group, target }: { group?: string; target?: Target } = {},
): Row {
	return {
		id,
		search,
		target: target ?? { kind: 'words', text: search },
		...(group !== undefined && { group }),
		lines: (width): Line[] => {
			const { left, right = [] } = lines(width)
			return [ends(left, right, width)]
		},
	}
}

/** The bundle's own file behind a path of the node, if it is there. */
export function fileTarget(subject: Subject, file: string, line?: number): Target | undefined {
	return subject.bundle.files.has(file)
		? { kind: 'file', file, ...(line !== undefined && { line }) }
		: undefined
}

/** The target of a path of the node, or of a file of the bundle, where the bundle holds it. */
export function withFile(subject: Subject, path: string, line?: number) {
	const target = fileTarget(subject, `files${path}`, line) ?? fileTarget(subject, path, line)
	return target ? { target } : {}
}
