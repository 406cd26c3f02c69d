/** `man`: the manual page, made from the one table of commands. */
import { doctorVersion } from '../version.js'
import { exitStatus } from './exit.js'
import { manualPage } from './manual/page.js'
import { toStandardOutput } from './outlet.js'

export async function manualCommand(): Promise<number> {
	await toStandardOutput(manualPage({ version: doctorVersion(), date: buildDate() }))
	return exitStatus.fine
}

/** As builds that are to be the same twice say it: seconds in SOURCE_DATE_EPOCH. Otherwise the page has no date. */
function buildDate(): string {
	const seconds = Number(process.env.SOURCE_DATE_EPOCH || Number.NaN)
	const date = new Date(seconds * 1000)
	return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10)
}
