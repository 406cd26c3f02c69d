/** Where a line of a translated bundle stands in the file that the reader has. */
import type { Bundle, Run } from '../model/bundle.js'
import type { Quote } from '../model/evidence/index.js'

const longest = 500
/** Words that are looked for in a file, and how long a file may be for that. */
const sample = 60
const searched = 4 * 1024 * 1024

function lineText(text: string, wanted: number): string | undefined {
	let at = 0
	for (let line = 1; line < wanted; line++) {
		at = text.indexOf('\n', at) + 1
		if (at === 0) return undefined
	}
	const end = text.indexOf('\n', at)
	return text.slice(at, end < 0 ? undefined : end).trim()
}

/** The first line with these words, which may have been shortened with an ellipsis. */
function lineWith(text: string, words: string): number | undefined {
	const part = (words.split('…', 1)[0] ?? '').trim().split('\n', 1)[0]?.slice(0, sample) ?? ''
	if (part.length < 3 || text.length > searched) return undefined
	const at = text.indexOf(part)
	if (at < 0) return undefined
	let line = 1
	for (let from = text.indexOf('\n'); from >= 0 && from < at; from = text.indexOf('\n', from + 1)) line += 1
	return line
}

function runAt(runs: readonly Run[], line: number): Run | undefined {
	return runs.findLast(({ at }) => at <= line)
}

/** The same place in the foreign file; a quote of a file that is our own stays as it is. */
export function originOf(bundle: Bundle, quote: Quote): Quote {
	const runs = bundle.origins?.get(quote.file)
	const run = quote.line === undefined ? runs?.[0] : runs && runAt(runs, quote.line)
	if (!run) return quote
	const { file } = run
	const text = bundle.files.get(file)
	if (quote.line === undefined || run.line === 0) {
		for (const name of new Set([file, ...(runs ?? []).map(each => each.file)])) {
			const found = lineWith(bundle.files.get(name) ?? '', quote.text)
			if (found !== undefined) return { ...quote, file: name, line: found }
		}
		const { line: _, ...rest } = quote
		return { ...rest, file }
	}
	const line = run.line + (quote.line - run.at)
	const there = text === undefined ? undefined : lineText(text, line)
	// Where the line was put in other words, the reader's own count.
	const same = there === undefined || there === '' || there.includes(quote.text.slice(0, sample).trim())
	return { file, line, text: same ? quote.text : there.slice(0, longest) }
}
