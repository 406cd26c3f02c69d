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

/** The first line with these words. They may have been shortened with an ellipsis, and JSON writes them otherwise. */
function lineWith(text: string, words: string): number | undefined {
	if (text.length > searched) return undefined
	const parts = (words.split('\n', 1)[0] ?? '').split('…').map(part => part.trim())
	const written = [parts, parts.map(part => JSON.stringify(part).slice(1, -1))]
	const [first] = parts
	if (first === undefined || first.length < 3) return undefined
	return lineWithAll(text, written) ?? lineWithAll(text, [[first.slice(0, sample)]])
}

function lineWithAll(text: string, ways: readonly (readonly string[])[]): number | undefined {
	let line = 0
	for (let from = 0; from < text.length; ) {
		const newline = text.indexOf('\n', from)
		const end = newline < 0 ? text.length : newline
		const here = text.slice(from, end)
		line += 1
		if (ways.some(parts => parts.every(part => here.includes(part)))) return line
		from = end + 1
	}
	return undefined
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
	// As it is: nothing was put in other words.
	if (text === bundle.files.get(quote.file)) return { file, line, text: quote.text }
	const there = text === undefined ? undefined : lineText(text, line)
	// Where the line was put in other words, the reader's own count.
	const same = there === undefined || there === '' || there.includes(quote.text.slice(0, sample).trim())
	return { file, line, text: same ? quote.text : there.slice(0, longest) }
}
