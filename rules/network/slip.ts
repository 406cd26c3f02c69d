/** Names that were meant to be others. */

/** At most two letters apart: typed wrongly. Short names differ by two letters without any slip. */
export function isSlip(right: string, typed: string): boolean {
	if (right === typed || right.length < 5 || right.length > 253 || typed.length > 253) return false
	if (Math.abs(right.length - typed.length) > 2) return false
	let row = Array.from({ length: typed.length + 1 }, (_, index) => index)
	for (let i = 1; i <= right.length; i += 1) {
		const next = [i]
		for (let j = 1; j <= typed.length; j += 1) {
			const same = right[i - 1] === typed[j - 1] ? 0 : 1
			next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same))
		}
		row = next
	}
	return (row.at(-1) ?? 99) <= 2
}

/** The last two labels, swapped letters or not: `lab.exmaple`. */
const domainOf = (name: string) => name.split('.').slice(1).join('.')

/** What `typed` was meant to be: one of the names that this node knows, or a domain of theirs. */
export function meantBy(
	typed: string,
	known: readonly string[],
	search: readonly string[],
): string | undefined {
	const whole = known.find(name => isSlip(name, typed))
	if (whole) return whole
	const domain = domainOf(typed)
	return [...search, ...known.map(domainOf)].find(
		candidate => candidate.includes('.') && domain !== candidate && isSlip(candidate, domain),
	)
}
