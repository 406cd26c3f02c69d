/** `logs [UNIT|POD]`: the app at a log; where there is no terminal, the log's end as text. */
import { plainLine } from '../model/plain-text.js'
import { appCommand, hasScreen } from './app.js'
import { exitStatus } from './exit.js'
import { toStandardOutput } from './outlet.js'
import type { Parsed } from './parse.js'

/** Lines that are printed where there is no terminal. */
const printed = 200

export async function logsCommand(parsed: Parsed): Promise<number> {
	const [named] = parsed.positionals
	if (hasScreen() && parsed.values.get('from') !== '-')
		return appCommand(parsed, { tab: 'logs', log: named ?? '' })
	const { findLogs, tailOf } = await import('../program/logs/print.js')
	const from = parsed.values.get('from')
	const subject =
		from === undefined ? undefined : await (await import('./examination.js')).examineAsTold(parsed)
	const found = await findLogs(named ?? '', subject)
	if (found.length === 0) {
		process.stderr.write(
			`k3s-doctor: There is no log of "${plainLine(named ?? 'k3s')}" ${from === undefined ? 'on this host' : 'in that bundle'}.\n`,
		)
		return exitStatus.usage
	}
	if (found.length > 1) {
		process.stderr.write(`k3s-doctor: "${plainLine(named ?? '')}" may be one of several; name one:\n`)
		for (const { name } of found.slice(0, 20)) process.stderr.write(`  ${plainLine(name)}\n`)
		return exitStatus.usage
	}
	const [one] = found
	if (!one) return exitStatus.usage
	try {
		const text = await tailOf(one.ref, subject, printed)
		if (text === '') {
			process.stderr.write(`k3s-doctor: The log of ${plainLine(one.name)} holds no lines.\n`)
			return exitStatus.blind
		}
		await toStandardOutput(text)
		return exitStatus.fine
	} catch (error) {
		const words = error instanceof Error ? error.message : String(error)
		process.stderr.write(
			`k3s-doctor: The log of ${plainLine(one.name)} could not be read: ${plainLine(words)}\n`,
		)
		return exitStatus.blind
	}
}
