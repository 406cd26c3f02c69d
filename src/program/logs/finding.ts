/** The next of the lines that a sieve keeps, among those that are shown. */
import { type Later, soon } from './later.js'
import type { Shown } from './shown.js'
import type { Sieve } from './sieve.js'

const waiting = Symbol('waiting')

/** The next shown place after the line `number` among what a sieve keeps. Waits for the sieve to come that far. */
export function nextIn(
	shown: Shown,
	sieve: Sieve,
	number: number,
	step: 1 | -1,
	signal: AbortSignal,
	counts: (tag: number) => boolean = () => true,
): Later<number | undefined> {
	const now = nextNow(shown, sieve, number, step, counts)
	return now === waiting ? nextSoon(shown, sieve, number, step, signal, counts) : now
}

function nextNow(
	shown: Shown,
	sieve: Sieve,
	number: number,
	step: 1 | -1,
	counts: (tag: number) => boolean,
): number | undefined | typeof waiting {
	if (step === 1 && sieve.low > number + 1 && !sieve.done) return waiting
	const first = sieve.placeOf(step === 1 ? number + 1 : number)
	const kept = shown.sieve
	let near = kept?.placeOf(number) ?? 0
	for (let at = step === 1 ? first : first - 1; at >= sieve.first && at < sieve.end; at += step) {
		if (!counts(sieve.tag(at))) continue
		const found = sieve.number(at)
		if (!kept) {
			const place = shown.shownPlace(found)
			if (place !== undefined) return place
			continue
		}
		// Both are in order: side by side to the first line that is in both.
		if (step === 1) while (near < kept.end && kept.number(near) < found) near += 1
		else while (near >= kept.first && (near >= kept.end || kept.number(near) > found)) near -= 1
		if (near >= kept.end || near < kept.first) break
		if (kept.number(near) === found) return near
	}
	return sieve.done || step === 1 ? undefined : waiting
}

async function nextSoon(
	shown: Shown,
	sieve: Sieve,
	number: number,
	step: 1 | -1,
	signal: AbortSignal,
	counts: (tag: number) => boolean,
): Promise<number | undefined> {
	while (!signal.aborted) {
		if (!sieve.running) void sieve.run(signal)
		await soon()
		const now = nextNow(shown, sieve, number, step, counts)
		if (now !== waiting) return now
	}
	return undefined
}
