/** Makes the reports that the app wants: for the preview, for a file, for the clipboard. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ReportOrder, Written } from '../app/report-order.js'
import type { State } from '../app/state.js'
import type { Subject } from '../app/subject.js'
import { writeOut } from '../commands/outlet.js'
import type { Report } from '../model/report.js'
import { renderReport } from '../report/render.js'
import type { Performer } from './effects.js'

/** Columns of a text report that is not read here. */
const textWidth = 100

async function make(
	{ format, contents, anonymise }: ReportOrder,
	subject: Subject,
	width: number,
	ascii: boolean,
): Promise<string> {
	const report = anonymise ? await withoutNames(subject) : subject.report
	return renderReport(report, format, { contents: new Set(contents), width, ascii })
}

const anonymous = new WeakMap<Subject, Promise<Report>>()

/** Judged anew, as somebody who gets the anonymised bundle would judge it. */
function withoutNames(subject: Subject): Promise<Report> {
	const known = anonymous.get(subject)
	if (known) return known
	const made = (async () => {
		const [{ anonymise }, { examine }, { rules }] = await Promise.all([
			import('../bundle/anonymise/index.js'),
			import('../examine.js'),
			import('../../rules/index.js'),
		])
		return examine(anonymise(subject.bundle), rules, 'a node that is not named', subject.report.ms.ask).report
	})()
	anonymous.set(subject, made)
	return made
}

/** For the preview. Never throws. */
export async function writtenReport(
	order: ReportOrder,
	width: number,
	subject: Subject,
	{ ascii }: Pick<Performer, 'ascii'>,
): Promise<Written> {
	const written = { order, width, of: subject.report }
	try {
		return { ...written, text: await make(order, subject, width, ascii) }
	} catch (error) {
		return { ...written, error: error instanceof Error ? error.message : String(error) }
	}
}

const inTheApp = {
	replace: () => ':save! NAME replaces it',
	elsewhere: (path: string) => `:save ${path}`,
	nowhere: 'C copies the report instead.',
}

/** No shell stands between the operator and us. */
const atHome = (path: string) => (path.startsWith('~/') ? join(homedir(), path.slice(2)) : path)

/** Everything that was asked and answered, masked. Returns where it lies. Throws `BundleError`. */
export async function saveBundle(
	path: string,
	namesToo: boolean,
	replace: boolean,
	{ subject }: State,
): Promise<string | undefined> {
	if (!subject) return undefined
	const [{ writeBundle }, { anonymise }] = await Promise.all([
		import('../bundle/write.js'),
		import('../bundle/anonymise/index.js'),
	])
	const bundle = namesToo ? anonymise(subject.bundle) : subject.bundle
	const howToReplace = inTheApp.replace()
	return (await writeBundle(bundle, atHome(path), { force: replace, howToReplace })).path
}

/** Returns where it lies. Throws `OutputError`. */
export async function saveReport(
	path: string,
	order: ReportOrder,
	replace: boolean,
	{ subject }: State,
	{ ascii }: Pick<Performer, 'ascii'>,
): Promise<string | undefined> {
	if (!subject) return undefined
	const text = await make(order, subject, textWidth, ascii)
	const target = atHome(path)
	await writeOut(text, target === '-' ? './-' : target, replace, inTheApp)
	return target
}

export async function reportText(
	order: ReportOrder,
	{ subject }: State,
	{ ascii }: Pick<Performer, 'ascii'>,
): Promise<string> {
	return subject ? make(order, subject, textWidth, ascii) : ''
}
