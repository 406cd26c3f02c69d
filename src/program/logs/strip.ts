/** Errors and warnings over time, from what the sieve of levels has kept: its tags hold minute and kind. */
import type { Strip, StripBucket } from '../../app/log/wishes.js'
import type { Sieve } from './sieve.js'
import { levelTags } from './tests.js'

const minute = 60_000

export function stripOf(levels: Sieve, count: number): Strip {
	let first = Number.POSITIVE_INFINITY
	let last = Number.NEGATIVE_INFINITY
	for (let place = levels.first; place < levels.end; place += 1) {
		const at = levels.tag(place) >> 2
		if (at === 0) continue
		first = Math.min(first, at)
		last = Math.max(last, at)
	}
	if (last < first) return { from: 0, to: 0, buckets: [], done: levels.done }
	const width = Math.max(1, Math.ceil((last - first + 1) / Math.max(1, count)))
	const buckets: StripBucket[] = Array.from(
		{ length: Math.min(count, Math.floor((last - first) / width) + 1) },
		(_, index) => ({ at: (first + index * width) * minute, errors: 0, warnings: 0 }),
	)
	for (let place = levels.first; place < levels.end; place += 1) {
		const tag = levels.tag(place)
		const at = tag >> 2
		const bucket = at === 0 ? undefined : buckets[Math.floor((at - first) / width)]
		if (!bucket) continue
		if ((tag & 3) === levelTags.error) bucket.errors += 1
		else bucket.warnings += 1
	}
	return { from: first * minute, to: (first + buckets.length * width) * minute, buckets, done: levels.done }
}
