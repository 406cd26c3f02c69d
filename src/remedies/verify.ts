/** After a remedy: asks again until things settle, lets the same rules judge again, and says whether it helped. */
import type { Clock } from '../host/hands.js'
import type { Verified, VerifyOutcome } from '../model/action.js'
import type { Diagnosis, Judgement } from '../model/diagnosis.js'
import type { SourceName } from '../model/evidence/index.js'
import type { PlanCause } from '../model/plan.js'

/** A re-examination: what the rules say now. */
export interface Again {
	judgement: Judgement
	/** k3s is still starting: what is missing now may come yet. */
	starting: boolean
}

export interface VerifyRequest {
	/** What was wanted by hand (`by-hand`) is never found: only what is new is told. */
	cause: PlanCause
	before: Judgement
	recheck: readonly SourceName[]
	/**
	 * Asks the named sources again (all of them when none is named) and judges by the same rules. With `since` (epoch
	 * milliseconds) logs count only from then on.
	 */
	examine: (sources: readonly SourceName[], since?: number) => Promise<Again>
	/**
	 * When the remedy began, where it started k3s anew: a start that died before it would else count until the new one
	 * has outlived it.
	 */
	since?: number | undefined
	clock: Clock
	/** How long to wait for things to settle. Default 90. */
	limitSeconds?: number
	signal?: AbortSignal
	onProgress?: (says: string, elapsedMs: number) => void
}

const everyMs = 3000

export async function verify(request: VerifyRequest): Promise<Verified> {
	const { cause, before, recheck, examine, since, clock, limitSeconds = 90, signal, onProgress } = request
	const began = clock.now()
	let quiet = 0
	for (;;) {
		const { judgement, starting } = await examine(recheck, since)
		const there = found(judgement, cause)
		// A crash loop looks well for a moment: twice in a row it must be.
		quiet = there || starting ? 0 : quiet + 1
		const elapsed = clock.now() - began
		if (quiet >= 2 || elapsed >= limitSeconds * 1000 || signal?.aborted) break
		onProgress?.(
			starting ? 'k3s is starting' : there ? `still: ${there.title}` : 'it looks well; looking once more',
			elapsed,
		)
		await clock.wait(everyMs, signal)
	}
	if (signal?.aborted)
		return {
			outcome: 'unknown',
			says: 'Whether it helped was not looked at to the end.',
			fresh: [],
			at: clock.now(),
		}
	// Something new may show anywhere, so the last look is at everything.
	const { judgement } = await examine([], since)
	return { ...compared(cause, before, judgement), at: clock.now() }
}

function found({ diagnoses }: Judgement, cause: PlanCause): Diagnosis | undefined {
	return diagnoses.find(diagnosis => diagnosis.cause === cause && diagnosis.confidence !== 'possible')
}

/** What two judgements, before and after, say about a cause. */
export function compared(cause: PlanCause, before: Judgement, after: Judgement): Omit<Verified, 'at'> {
	const had = new Set(before.diagnoses.map(diagnosis => diagnosis.cause))
	const fresh = after.diagnoses.filter(
		diagnosis =>
			diagnosis.confidence !== 'possible' && diagnosis.severity !== 'info' && !had.has(diagnosis.cause),
	)
	const still = after.diagnoses.find(diagnosis => diagnosis.cause === cause)
	// What this kind of node does not have any more, as a switched off add-on, is no blindness.
	const blind = after.unexamined.find(each => each.cause === cause && each.missing.length > 0)
	let outcome: VerifyOutcome = fresh.length > 0 ? 'fixed-but-new' : 'fixed'
	let says = cause === 'by-hand' ? 'Done; nothing new is wrong.' : 'Fixed: its signs are gone.'
	const was = before.diagnoses.find(diagnosis => diagnosis.cause === cause)
	if (still?.confidence === 'possible' && was?.confidence !== 'possible') {
		outcome = 'unknown'
		says = `Its proof is gone, but some signs are left: ${still.title} (possible).`
	} else if (still) {
		outcome = 'not-fixed'
		says = `Not fixed: ${still.title} (${still.confidence}).`
	} else if (blind) {
		outcome = 'unknown'
		says = `Whether it helped is not known: ${blind.because}.`
	}
	const news = fresh.map(({ title }) => title).join('; ')
	if (news && cause === 'by-hand') says = 'Done.'
	if (news) says += ` New: ${news}.`
	return { outcome, says, fresh: fresh.map(diagnosis => diagnosis.cause) }
}
