/** Damage of every kind, at places that a seed chooses. */

/** Numbers in [0, 1) that the seed determines (mulberry32). */
export function randomOf(seed: number): () => number {
	let state = seed >>> 0
	return () => {
		state = (state + 0x6d2b79f5) >>> 0
		let mixed = Math.imul(state ^ (state >>> 15), state | 1)
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
	}
}

export class Dice {
	private readonly next: () => number

	constructor(seed: number) {
		this.next = randomOf(seed)
	}

	below(end: number): number {
		return Math.floor(this.next() * end)
	}

	chance(share: number): boolean {
		return this.next() < share
	}

	pick<T>(choices: readonly T[], otherwise: T): T {
		return choices[this.below(choices.length)] ?? otherwise
	}
}

/** Flips, cuts, or fills bytes. */
export function hurtBytes(bytes: Buffer, dice: Dice): Buffer {
	const hurt = Buffer.from(bytes)
	if (hurt.length === 0) return hurt
	if (dice.chance(0.3)) return hurt.subarray(0, dice.below(hurt.length))
	if (dice.chance(0.2)) return hurt.subarray(dice.below(hurt.length))
	for (let flips = 1 + dice.below(20); flips > 0; flips--) hurt[dice.below(hurt.length)] = dice.below(256)
	if (dice.chance(0.2)) hurt.fill(dice.below(256), dice.below(hurt.length))
	return hurt
}

/** Doubles, drops, swaps and blows up lines. */
export function hurtLines(text: string, dice: Dice): string {
	const lines = text.split('\n')
	const at = dice.below(lines.length)
	const line = lines[at] ?? ''
	switch (dice.below(6)) {
		case 0:
			lines.splice(at, 0, ...Array.from({ length: dice.below(200) }, () => line))
			break
		case 1:
			lines.splice(at, 1 + dice.below(5))
			break
		case 2:
			lines[at] = line.repeat(1 + Math.floor(dice.below(200_000) / (line.length + 1)))
			break
		case 3:
			lines[at] = line.split(' ').reverse().join(' ')
			break
		case 4:
			lines[at] = line.replace(/\d+/g, () => dice.pick(['-1', '99999999999999999999', 'NaN', '', '0'], ''))
			break
		default:
			lines[at] = line.replace(/[\s:=,"'[\]{}()/]/g, char => (dice.chance(0.3) ? '' : char))
	}
	return lines.join('\n')
}

const oddities: readonly unknown[] = [
	null,
	true,
	-1,
	1e308,
	'',
	'x',
	[],
	{},
	[[]],
	[null],
	{ items: null },
	'\u0000\u001b[31m',
	'2026-99-99',
]

/** Puts a value of the wrong kind somewhere into JSON, or takes one away. */
export function hurtJson(text: string, dice: Dice): string {
	let root: unknown
	try {
		root = JSON.parse(text)
	} catch {
		return hurtLines(text, dice)
	}
	if (dice.chance(0.3)) {
		// Broken as text: a bracket, quote or comma less.
		const at = dice.below(text.length)
		const mark = text.slice(at).search(/[{}[\]",:]/)
		return mark < 0 ? text : text.slice(0, at + mark) + text.slice(at + mark + 1)
	}
	let place = root
	for (let depth = dice.below(8); depth >= 0; depth--) {
		if (typeof place !== 'object' || place === null) break
		const fields = place as Record<string, unknown>
		const key = dice.pick(Object.keys(fields), '')
		const inner = fields[key]
		if (depth > 0 && typeof inner === 'object' && inner !== null) {
			place = inner
			continue
		}
		if (dice.chance(0.3)) delete fields[key]
		else fields[key] = dice.pick(oddities, null)
		break
	}
	const hurt = JSON.stringify(root)
	return dice.chance(0.1) ? hurt.replace('{', '{"__proto__":{"items":[1]},"constructor":null,') : hurt
}
