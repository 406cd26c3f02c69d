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
	const begin = step === 1 ? first : first - 1
	const found = shown.sieve
		? inBoth(sieve, shown.sieve, begin, number, step, counts)
		: inAll(sieve, shown, begin, step, counts)
	if (found !== undefined) return found
	return sieve.done || step === 1 ? undefined : waiting
}

/** Where all lines are shown, or all of some time. */
function inAll(
	sieve: Sieve,
	shown: Shown,
	begin: number,
	step: 1 | -1,
	counts: (tag: number) => boolean,
): number | undefined {
	for (let at = begin; at >= sieve.first && at < sieve.end; at += step) {
		const place = counts(sieve.tag(at)) ? shown.shownPlace(sieve.number(at)) : undefined
		if (place !== undefined) return place
	}
	return undefined
}

/** Both are in order: side by side to the first line that is in both. */
function inBoth(
	sieve: Sieve,
	kept: Sieve,
	begin: number,
	number: number,
	step: 1 | -1,
	counts: (tag: number) => boolean,
): number | undefined {
	let near = kept.placeOf(number)
	for (let at = begin; at >= sieve.first && at < sieve.end; at += step) {
		if (!counts(sieve.tag(at))) continue
		const found = sieve.number(at)
		if (step === 1) while (near < kept.end && kept.number(near) < found) near += 1
		else while (near >= kept.first && (near >= kept.end || kept.number(near) > found)) near -= 1
		if (near >= kept.end || near < kept.first) return undefined
		if (kept.number(near) === found) return near
	}
	return undefined
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
