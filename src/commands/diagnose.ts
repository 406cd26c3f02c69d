import { type Format, formats, renderReport } from '../report/render.js'
import { examineAsTold } from './examination.js'
import { exitOf, failOnOf } from './exit.js'
import { lookOf } from './options.js'
import { writeOut } from './outlet.js'
import type { Parsed } from './parse.js'
import { pathsFrom } from './paths.js'

export async function diagnoseCommand(parsed: Parsed): Promise<number> {
	const { values, switches } = parsed
	const paths = await pathsFrom(parsed)
	if (paths.length > 1) return (await import('./several.js')).severalCommand(parsed, paths)
	const output = values.get('output')
	const failOn = failOnOf(parsed)
	const { report } = await examineAsTold(parsed)
	const look = lookOf(parsed, output !== undefined && output !== '-')
	const text = await renderReport(report, formatOf(values.get('format')), { ...look, failOn })
	await writeOut(text, output, switches.has('force'))
	return exitOf(report, failOn)
}

export function formatOf(name: string | undefined): Format {
	return (Object.keys(formats) as Format[]).find(format => format === name) ?? 'text'
}
