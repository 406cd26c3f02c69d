/** How long ago: kubectl's `2d3h`, crictl's `About a minute ago`. Milliseconds. */

const units: Readonly<Record<string, number>> = {
	s: 1000,
	m: 60_000,
	h: 3_600_000,
	d: 86_400_000,
	y: 365 * 86_400_000,
}

/** `92m`, `2m8s`, `3d4h`, `1y20d`; `undefined` for `<unknown>`, `<invalid>` and anything else. */
export function kubectlAge(text: string): number | undefined {
	if (!/^(?:\d{1,7}[smhdy]){1,4}$/.test(text)) return undefined
	let sum = 0
	for (const [, count, unit] of text.matchAll(/(\d+)([smhdy])/g))
		sum += Number(count) * (units[unit ?? ''] ?? 0)
	return sum
}

const words: readonly [RegExp, number][] = [
	[/second/, 1000],
	[/minute/, 60_000],
	[/hour/, 3_600_000],
	[/day/, 86_400_000],
	[/week/, 7 * 86_400_000],
	[/month/, 30 * 86_400_000],
	[/year/, 365 * 86_400_000],
]

/** `2 hours ago`, `About a minute ago`, `Less than a second ago`. */
export function crictlAge(text: string): number | undefined {
	const unit = words.find(([pattern]) => pattern.test(text))?.[1]
	if (unit === undefined) return undefined
	const count = /\d{1,6}/.exec(text)?.[0]
	return (count === undefined ? 1 : Number(count)) * unit
}
