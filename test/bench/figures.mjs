/** The middle of the sorted values. */
export function median(values) {
	const sorted = [...values].sort((a, b) => a - b)
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Largest minus smallest. */
export function spread(values) {
	return Math.max(...values) - Math.min(...values)
}

/** Prints figures beside their bounds; returns those that miss theirs by more than a quarter. */
export function print(title, figures) {
	console.log(`\n${title}`)
	for (const { what, value, unit, bound } of figures) {
		const judged = bound === undefined ? '' : `  bound ${bound} ${unit}${value > bound ? '  MISSED' : ''}`
		console.log(`  ${what.padEnd(110)} ${value.toFixed(unit === '×' ? 2 : 1).padStart(9)} ${unit}${judged}`)
	}
	return figures.filter(({ value, bound }) => bound !== undefined && value > bound * 1.25)
}
