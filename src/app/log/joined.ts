import type { Span } from '../line.js'

/** Neighbours that look the same are one span: a row of the screen is painted span by span. */
export function joined(spans: readonly Span[]): Span[] {
	const made: Span[] = []
	for (const each of spans) {
		const last = made.at(-1)
		if (last && last.tone === each.tone && last.inverse === each.inverse && last.bold === each.bold)
			made[made.length - 1] = { ...last, text: last.text + each.text }
		else made.push(each)
	}
	return made
}
