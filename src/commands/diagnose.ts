import type { Report } from '../model/report.js'
import { examineAsTold } from './examination.js'
import { exitOf, failOnOf } from './exit.js'
import { type Look, lookOf } from './options.js'
import { writeOut } from './outlet.js'
import { type Parsed, UsageError } from './parse.js'

export async function diagnoseCommand(parsed: Parsed): Promise<number> {
	const { values, switches } = parsed
	const format = values.get('format') ?? 'text'
	const output = values.get('output')
	const { report } = await examineAsTold(parsed)
	const text = await render(report, format, lookOf(parsed, output !== undefined && output !== '-'))
	await writeOut(text, output, switches.has('force'))
	return exitOf(report, failOnOf(parsed))
}

/** Each format is loaded only when it is asked for. */
export async function render(report: Report, format: string, look: Look): Promise<string> {
	switch (format) {
		case 'text': {
			const { textReport } = await import('../report/text/index.js')
			return textReport(report, look)
		}
		case 'json': {
			const { jsonReport } = await import('../report/json.js')
			return jsonReport(report)
		}
		default:
			throw new UsageError(`The format ${format} is not made yet; text and json are.`)
	}
}
