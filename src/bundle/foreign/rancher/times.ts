/** When a collector's questions were asked, and in which zone. */
import { isoWithOffset, offsetOfLog, readDate, readStamp } from '../dates.js'
import { type Draft, placed } from '../draft.js'
import type { Foreign } from '../layout.js'

export interface Times {
	/** When the collector ended, epoch milliseconds. */
	takenAt: number
	/** When kubectl and crictl were asked. */
	kubectlAt: number
	/** When the host was asked. */
	hostAt: number
	/** Minutes east of UTC. */
	offset: number
}

/** `s1-2026-11-21_05_55_18` */
function stampOfName(top: string): number | undefined {
	const parts = /(\d{4}-\d\d-\d\d)_(\d\d)_(\d\d)_(\d\d)$/.exec(top)
	const at = parts ? Date.parse(`${parts[1]}T${parts[2]}:${parts[3]}:${parts[4]}Z`) : Number.NaN
	return Number.isNaN(at) ? undefined : at
}

export function timesOf({ files, top, modifiedAt }: Foreign, into: Draft): Times {
	const date = into.take('systeminfo/date')
	const said = readDate(date?.text) ?? readDate(files.get('versions')?.split('\n', 1)[0])
	const log = into.take('collector-output.log')
	const lines = log ? placed(log) : []
	const stamps = lines.map(({ text }) => readStamp(text)).filter(at => at !== undefined)
	const begun = said?.local ?? stampOfName(top) ?? stamps[0]
	const journal = files.get('journald/k3s') ?? files.get('journald/k3s-agent')
	const offset = said?.offset ?? (journal === undefined ? undefined : offsetOfLog(journal)) ?? 0
	const utc = (local: number | undefined) => (local === undefined ? undefined : local - offset * 60_000)
	// The node's clock may have been set while it was collected: then the log's last line means nothing.
	const last = Math.max(...stamps, 0)
	const ended = begun !== undefined && last >= begun && last - begun < 3_600_000 ? last : begun
	const takenAt = utc(ended) ?? (modifiedAt || Date.now())
	const kubectl = lines.findLast(({ text }) => /Collecting (?:k3s )?cluster logs/.test(text))
	const asked = utc(readStamp(kubectl?.text ?? ''))
	if (date && said)
		into.lines('commands/date.txt', [{ text: isoWithOffset(takenAt, offset), file: date.file, line: 1 }])
	return {
		takenAt,
		kubectlAt: asked !== undefined && asked <= takenAt ? asked : takenAt,
		hostAt: utc(begun) ?? takenAt,
		offset,
	}
}
