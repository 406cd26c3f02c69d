/** What the app can have done: by a live node, or only looked at on a saved bundle. */
import type { Past } from '../app/run.js'
import type { Subject } from '../app/subject.js'
import type { Examination } from '../examine.js'
import type { RunResult, Verified } from '../model/action.js'
import type { Confirmed } from '../model/confirmed.js'
import type { Plan } from '../model/plan.js'
import type { Wish } from '../model/wish.js'
import { placesOf } from '../remedies/places.js'
import { type Mode, makePlan } from '../remedies/plan.js'
import { surroundingsOf } from '../remedies/recorded.js'
import type { RunHow } from '../remedies/session.js'

export interface Deeds {
	/** What a wish comes to now; in words why it comes to nothing. */
	plan(wish: Wish): Promise<Plan | { why: string }>
	/** Only on a live node. */
	live?: LiveDeeds
}

export interface LiveDeeds {
	run(confirmed: Confirmed, how: RunHow): Promise<RunResult>
	/** Asks again and judges; what was seen last comes with it. */
	verify(
		plan: Plan,
		result: RunResult,
		how: { signal: AbortSignal; onProgress: (says: string) => void },
	): Promise<{ verified: Verified; subject: Subject }>
	/** Asks again without a verdict: after an undo, or a run that ended early. */
	look(signal: AbortSignal): Promise<Subject>
	past(): Promise<Past>
}

export const gone = 'The newest examination no longer offers this remedy.'

/** Plans of what was examined, to be read. */
export function bundleDeeds(mode: Extract<Mode, 'bundle' | 'demo'>, examined: () => Examination): Deeds {
	return {
		plan: async wish => {
			const { bundle, evidence, report } = examined()
			if (wish.kind === 'undo' || wish.kind === 'discard')
				return { why: 'What the action has kept lies on the node: it is taken back there.' }
			const diagnosis =
				wish.kind === 'own'
					? ({ cause: 'by-hand', remedies: [wish.remedy] } as const)
					: report.diagnoses.find(({ cause }) => cause === wish.cause)
			const number = wish.kind === 'own' ? 1 : wish.number
			const remedy = diagnosis?.remedies[number - 1]
			if (!diagnosis || !remedy) return { why: gone }
			const { backups } = placesOf(bundle.node.dataDir)
			const surroundings = surroundingsOf(remedy, bundle, evidence, backups)
			const at = Date.parse(bundle.takenAt) || 0
			return makePlan({ diagnosis, number, evidence, surroundings, mode, at }) ?? { why: gone }
		},
	}
}
