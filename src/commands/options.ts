/** What several commands read from their options. */
import type { Parsed } from './parse.js'

export interface Look {
	width: number
	colour: boolean
	ascii: boolean
}

/** How text is to look on standard output: a terminal's width and colours, or neither in a pipe. */
export function lookOf({ switches }: Parsed, toFile = false): Look {
	const terminal = process.stdout.isTTY === true && !toFile
	const { NO_COLOR, FORCE_COLOR, TERM, COLUMNS } = process.env
	const wanted = FORCE_COLOR !== undefined && FORCE_COLOR !== '0' ? true : terminal && TERM !== 'dumb'
	const columns = terminal ? process.stdout.columns : Number(COLUMNS)
	return {
		width: columns >= 20 ? columns : 100,
		colour: wanted && !NO_COLOR && !switches.has('no-color'),
		ascii: switches.has('ascii'),
	}
}
