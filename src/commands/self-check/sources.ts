/** What each source could ask, and how long it took. */
import type { OnProgress } from '../../bundle/collect.js'
import type { Evidence, SourceName } from '../../model/evidence/index.js'
import type { Gap } from '../../model/gap.js'
import type { Source } from '../../sources/source.js'
import type { Line } from './text.js'

export type Watched = Map<SourceName, { answered: number; asked: number; ms: number | undefined }>

/** Counts while it is asked. */
export function watching(watched: Watched): OnProgress {
	return ({ source, state, ms }) => {
		const seen = watched.get(source) ?? { answered: 0, asked: 0, ms: undefined }
		watched.set(source, seen)
		if (state === 'answered') seen.answered += 1
		if (state === 'answered' || state === 'unanswered') seen.asked += 1
		if (state === 'done') seen.ms = ms
	}
}

/** With why the doctor is blind where that source matters. */
export function sourceLines(
	sources: readonly Source[],
	watched: Watched,
	gaps: readonly Gap[],
	evidence: Evidence,
): { line: Line; blind?: string }[] {
	const absent = evidence.service?.state === 'not-installed'
	return sources.map(({ name, title, matters }) => {
		const { answered = 0, asked = 0, ms } = watched.get(name) ?? {}
		const barred = gaps.filter(({ source, why }) => source === name && why !== 'absent' && why !== 'failed')
		const silent = gaps.filter(({ source, why }) => source === name && why === 'failed')
		const counted = `${answered} of ${asked} questions answered`
		const [gap] = [...barred, ...silent]
		const line: Line = {
			mark: barred.length > 0 ? 'no' : answered === 0 ? 'absent' : 'yes',
			name: title,
			says: gap ? `${counted}. ${gap.detail}` : asked === 0 ? 'nothing to ask here' : counted,
			...(ms !== undefined && { ms }),
		}
		if (ms === undefined) Object.assign(line, { mark: 'no', says: `${counted}, then time was up` })
		const lost = matters && !absent && (line.mark === 'no' || (line.mark === 'absent' && silent.length > 0))
		return lost ? { line, blind: `${title}: ${gap?.detail ?? 'time was up'}` } : { line }
	})
}
