/** Random numbers that a seed repeats (mulberry32). */
export function randomOf(seed: number): () => number {
	let state = seed >>> 0
	return () => {
		state = (state + 0x6d2b79f5) >>> 0
		let mixed = Math.imul(state ^ (state >>> 15), state | 1)
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
	}
}

/** The seed of this run: `SEED` of the environment, else another one each time; told, so that it can be repeated. */
export function seedOfRun(): number {
	return Number(process.env.SEED) || Date.now() % 1_000_000_007
}

export function pick<T>(items: readonly T[], random: () => number): T {
	const item = items[Math.floor(random() * items.length)]
	if (item === undefined) throw new Error('nothing to pick from')
	return item
}
