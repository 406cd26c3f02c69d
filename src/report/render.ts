/** One report in any format. Each format is loaded when it is asked for. */
import type { Report } from '../model/report.js'
import { type Content, withContents } from './contents.js'
import type { JunitLevel } from './junit.js'

/** With what a file of this format is called, and what it is for. */
export const formats = {
	text: { suffix: '.txt', says: 'plain text, to read' },
	markdown: { suffix: '.md', says: "an issue in the shape of k3s's bug report, to paste" },
	html: { suffix: '.html', says: 'one file for a browser, to attach' },
	json: { suffix: '.json', says: 'data, to process (schema 1)' },
	sarif: { suffix: '.sarif', says: 'SARIF 2.1.0, for code scanning' },
	junit: { suffix: '.xml', says: 'JUnit XML, for CI' },
} as const

export type Format = keyof typeof formats

export interface RenderOptions {
	/** Parts of the report; absent: all. */
	contents?: ReadonlySet<Content>
	/** Of text: columns, colours, and whether characters outside ASCII are avoided. */
	width?: number
	colour?: boolean
	ascii?: boolean
	/** Of JUnit: what counts as a failure. */
	failOn?: JunitLevel
}

export async function renderReport(
	whole: Report,
	format: Format,
	options: RenderOptions = {},
): Promise<string> {
	const { width = 100, colour = false, ascii = false, failOn } = options
	const report = options.contents ? withContents(whole, options.contents) : whole
	switch (format) {
		case 'text':
			return (await import('./text/index.js')).textReport(report, { width, colour, ascii })
		case 'markdown':
			return (await import('./markdown/index.js')).markdownReport(report)
		case 'html':
			return (await import('./html/index.js')).htmlReport(report)
		case 'json':
			return (await import('./json.js')).jsonReport(report)
		case 'sarif':
			return (await import('./sarif.js')).sarifReport(report)
		case 'junit':
			return (await import('./junit.js')).junitReport(report, failOn)
	}
}
