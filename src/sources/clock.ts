/** The node's clock, and whether anything keeps it right. */
import type { Bundle } from '../model/bundle.js'
import type { ClockEvidence } from '../model/evidence/index.js'
import { firstAnswer } from './first-answer.js'
import { firstLine, linesOf } from './lines.js'
import { type Ask, source } from './source.js'

const date = 'commands/date.txt'
const timedatectl = 'commands/timedatectl.txt'
const chronyc = 'commands/chronyc-tracking.txt'

/** `2026-11-21T05:43:00,792945877+00:00`: GNU date writes a comma and nanoseconds. */
const written = /^(\d{4,5}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,](\d{1,3})\d*)?(Z|[+-]\d\d:?\d\d)$/

function isoTime(text: string | undefined): number | undefined {
	const found = written.exec(text ?? '')
	if (!found) return undefined
	const zone = (found[3] ?? 'Z').replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')
	const at = Date.parse(`${found[1]}.${(found[2] ?? '').padEnd(3, '0')}${zone}`)
	return Number.isNaN(at) ? undefined : at
}

/** Milliseconds that the node's local time is ahead of UTC, as its own `date` says. */
export function zoneOffsetOf(bundle: Bundle): number | undefined {
	const zone = written.exec(firstLine(bundle.files.get(date)) ?? '')?.[3]
	const parts = /^([+-])(\d\d):?(\d\d)$/.exec(zone ?? '')
	if (!parts) return zone === 'Z' ? 0 : undefined
	return (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3])) * 60_000
}

/** `key=value` of timedatectl show, `Key : value` of chronyc tracking. */
function pairs(text: string | undefined, separator: '=' | ':'): ReadonlyMap<string, string> {
	const found = new Map<string, string>()
	for (const line of linesOf(text)) {
		const at = line.text.indexOf(separator)
		if (at > 0) found.set(line.text.slice(0, at).trim(), line.text.slice(at + 1).trim())
	}
	return found
}

function yesNo(word: string | undefined): boolean | undefined {
	return word === 'yes' ? true : word === 'no' ? false : undefined
}

/** `0.000012345 seconds fast of NTP time` */
function offsetOf(text: string | undefined): number | undefined {
	const found = /^(\d{1,15}(?:\.\d{1,15})?) seconds (fast|slow)/.exec(text ?? '')
	return found ? Number(found[1]) * (found[2] === 'slow' ? -1 : 1) : undefined
}

function leapSynchronized(status: string | undefined): boolean | undefined {
	if (status === undefined) return undefined
	return !/not synchroni[sz]ed/i.test(status)
}

function parse(bundle: Bundle): ClockEvidence | undefined {
	const system = pairs(bundle.files.get(timedatectl), '=')
	const tracking = pairs(bundle.files.get(chronyc), ':')
	// `TimeUSec=Sat 2026-11-21 05:43:00 UTC`; other zones are abbreviations, which mean nothing for sure.
	const shown = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/.exec(system.get('TimeUSec') ?? '')
	const now =
		isoTime(firstLine(bundle.files.get(date))) ??
		isoTime(shown ? `${shown[1]}T${shown[2]}Z` : undefined) ??
		Date.parse(bundle.takenAt)
	if (Number.isNaN(now)) return undefined
	const timezone = system.get('Timezone')
	const ntpEnabled = yesNo(system.get('NTP'))
	// chrony measures itself; what the kernel says (timedatectl) it may say of an earlier service.
	const synchronized = leapSynchronized(tracking.get('Leap status')) ?? yesNo(system.get('NTPSynchronized'))
	// Without a source chrony prints an offset, too: nought.
	const offsetSeconds = synchronized === false ? undefined : offsetOf(tracking.get('System time'))
	return {
		now,
		...(timezone && { timezone }),
		...(ntpEnabled !== undefined && { ntpEnabled }),
		...(synchronized !== undefined && { synchronized }),
		...(offsetSeconds !== undefined && { offsetSeconds }),
	}
}

async function collect(ask: Ask): Promise<void> {
	await Promise.all([
		firstAnswer(ask, date, [
			['date', '--iso-8601=ns'],
			['date', '-u', '+%Y-%m-%dT%H:%M:%SZ'],
		]),
		ask.run(timedatectl, ['timedatectl', 'show']),
		ask.run(chronyc, ['chronyc', '-n', 'tracking']),
	])
}

export const clock = source({
	name: 'clock',
	title: 'clock',
	wants: () => [
		{ file: date, askFor: 'date --iso-8601=ns' },
		{ file: timedatectl, askFor: 'timedatectl show', optional: true },
		{ file: chronyc, askFor: 'chronyc -n tracking', optional: true },
	],
	collect,
	parse,
})
