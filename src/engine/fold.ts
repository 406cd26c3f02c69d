/** Folds consequences under their root cause, along `leadsTo`. */
import type { CauseId } from '../model/causes.js'
import type { Diagnosis, DiagnosisCause } from '../model/diagnosis.js'

export type Consequences = ReadonlyMap<CauseId, readonly CauseId[]>

/**
 * Causes that `from` leads to, directly or through others, with their distance. `passes` says through which others.
 */
export function reachable(
	from: CauseId,
	consequences: Consequences,
	passes: (cause: CauseId) => boolean = () => true,
): Map<CauseId, number> {
	const distance = new Map<CauseId, number>()
	let front: CauseId[] = [from]
	for (let step = 1; front.length > 0; step += 1) {
		const next: CauseId[] = []
		for (const cause of front) {
			for (const consequence of consequences.get(cause) ?? []) {
				if (consequence === from || distance.has(consequence)) continue
				distance.set(consequence, step)
				if (passes(consequence)) next.push(consequence)
			}
		}
		front = next
	}
	return distance
}

/**
 * Sets `explains` and `explainedBy`. Only what is at least likely explains others; a certain diagnosis is
 * not explained by a merely likely one of lower severity. Several explainers: the root that itself is unexplained.
 */
export function fold(diagnoses: readonly Diagnosis[], consequences: Consequences): Diagnosis[] {
	const present = new Map<DiagnosisCause, Diagnosis>(diagnoses.map(diagnosis => [diagnosis.cause, diagnosis]))
	const explainers = new Map<DiagnosisCause, { by: DiagnosisCause; distance: number }[]>()
	const explains = new Map<DiagnosisCause, { cause: DiagnosisCause; distance: number }[]>()
	for (const { cause, confidence, severity } of diagnoses) {
		if (confidence === 'possible' || cause === 'unknown-fatal') continue
		// What stops k3s reaches far, whether or not each step between was seen; what only hampers it does not.
		const passes = (through: CauseId) => severity === 'critical' || present.has(through)
		for (const [consequence, distance] of reachable(cause, consequences, passes)) {
			if (!present.has(consequence)) continue
			explainers.set(consequence, [...(explainers.get(consequence) ?? []), { by: cause, distance }])
			explains.set(cause, [...(explains.get(cause) ?? []), { cause: consequence, distance }])
		}
	}
	return diagnoses.map(diagnosis => {
		const by = explainers.get(diagnosis.cause) ?? []
		// The root is what an operator mends; in between stand only steps of the explanation.
		const roots = by.filter(({ by: cause }) => !explainers.has(cause))
		const nearest = (roots.length > 0 ? roots : by).sort((a, b) => a.distance - b.distance)[0]
		const list = (explains.get(diagnosis.cause) ?? []).sort((a, b) => a.distance - b.distance)
		return {
			...diagnosis,
			explains: list.map(({ cause }) => cause),
			...(nearest && { explainedBy: nearest.by }),
		}
	})
}
