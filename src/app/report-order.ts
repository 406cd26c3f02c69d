/** Which report is wanted, and the one that was written last. */
import type { Report } from '../model/report.js'
import { type Content, contents } from '../report/contents.js'
import { type Format, formats } from '../report/render.js'
import { only, type Step } from './message.js'
import { placeOf, type State } from './state.js'

export interface ReportOrder {
	format: Format
	/** The parts that it has, in the order in which they are offered. */
	contents: readonly Content[]
	/** Names and addresses replaced, each always by the same. */
	anonymise: boolean
}

/** A report on its way to the preview, or there. */
export interface Written {
	order: ReportOrder
	/** Columns of the text format. */
	width: number
	/** The report that it was made of: another one after a new examination. */
	of: Report
	/** Absent: it is still being written. */
	text?: string
	/** Why it could not be written. */
	error?: string
}

export const allContents = Object.keys(contents) as Content[]
export const allFormats = Object.keys(formats) as Format[]

export const firstOrder: ReportOrder = { format: 'text', contents: allContents, anonymise: false }

export function withContent(order: ReportOrder, content: Content): ReportOrder {
	const kept = new Set(order.contents)
	if (!kept.delete(content)) kept.add(content)
	return { ...order, contents: allContents.filter(each => kept.has(each)) }
}

/** The order with the format that a file's name tells, where it tells one. */
export function orderFor(path: string, order: ReportOrder): ReportOrder {
	const format = allFormats.find(each => path.toLowerCase().endsWith(formats[each].suffix))
	return format ? { ...order, format } : order
}

/** A name that sorts by node and time, of harmless characters; without the node's where nobody is to know it. */
export function reportName(state: State): string {
	return nameWith(state, formats[state.wanted.format].suffix)
}

export function bundleName(state: State): string {
	return nameWith(state, '.tar.gz')
}

export function isArchive(path: string): boolean {
	return /\.(?:tar\.gz|tgz|tar)$/i.test(path)
}

function nameWith({ subject, wanted }: State, suffix: string): string {
	if (!subject) return `k3s-doctor-report${suffix}`
	const { node, takenAt } = subject.report
	const host = wanted.anonymise
		? 'node'
		: node.hostname.replace(/[^A-Za-z0-9.-]/g, '_').slice(0, 64) || 'node'
	return `k3s-doctor-${host}-${takenAt.slice(0, 19).replace(/[^0-9T]/g, '-')}${suffix}`
}

function isShown(state: State): boolean {
	const place = placeOf(state)
	return place.kind === 'report' || (place.kind === 'text' && 'report' in place.document)
}

/** Asks for what the Report tab is to show, when that is not what was written last. */
export function askToWrite(state: State): Step {
	const { subject, written, wanted } = state
	if (!subject || !isShown(state)) return only(state)
	const width = wanted.format === 'text' ? Math.max(60, state.size.columns - 4) : 100
	const same = written?.order === wanted && written.width === width && written.of === subject.report
	if (same) return only(state)
	const asked: Written = { order: wanted, width, of: subject.report }
	return [{ ...state, written: asked }, [{ kind: 'write-report', order: wanted, width }]]
}

/** What was written, unless something else is wanted by now. */
export function withWritten(state: State, news: Written): State {
	const { written } = state
	const fits = written?.order === news.order && written.width === news.width && written.of === news.of
	return fits ? { ...state, written: news } : state
}
