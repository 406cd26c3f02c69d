/** Typing into the one-line field at the bottom. */
import { graphemes } from './columns.js'
import type { Prompt } from './state.js'

export const promptMarks: Readonly<Record<Prompt['kind'], string>> = {
	filter: '/',
	search: '/',
	only: '&',
	command: ':',
	suppress: 'Why put it aside? ',
	save: 'Save as: ',
	'log-search': '/',
	'log-only': '&',
	'log-time': 'Go to (04:12, 15m, line), since … or until …: ',
	'log-save': 'Save what is shown as: ',
	confirm: '',
	stop: 'Stop it? s after this step, k kills it now, any other key goes on ',
}

/** More is not taken: a whole file that was pasted by mistake stays out. */
const longest = 500

export function promptOf(kind: Prompt['kind'], text: string, about?: string): Prompt {
	const typed = graphemes(text)
	return { kind, text: typed, cursor: typed.length, before: text, ...(about !== undefined && { about }) }
}

export function promptText({ text }: Prompt): string {
	return text.join('')
}

/** Line breaks of a paste become blanks; other controls vanish. */
export function type(prompt: Prompt, words: string): Prompt {
	const clean = words.replace(/[\r\n\t]+/g, ' ').replace(/\p{Cc}/gu, '')
	const added = graphemes(clean).slice(0, Math.max(0, longest - prompt.text.length))
	const text = [...prompt.text.slice(0, prompt.cursor), ...added, ...prompt.text.slice(prompt.cursor)]
	// A mark that was typed on its own joins the character before it.
	const joined = graphemes(text.join(''))
	const lost = text.length - joined.length
	return without({ ...prompt, text: joined, cursor: Math.max(0, prompt.cursor + added.length - lost) })
}

export function replaceText(prompt: Prompt, words: string): Prompt {
	const text = graphemes(words).slice(0, longest)
	return { ...prompt, text, cursor: text.length }
}

export type Edit =
	| 'char-left'
	| 'char-right'
	| 'text-start'
	| 'text-end'
	| 'erase'
	| 'erase-next'
	| 'erase-word'
	| 'erase-all'

export function edit(prompt: Prompt, how: Edit): Prompt {
	const { text, cursor } = prompt
	switch (how) {
		case 'char-left':
			return { ...prompt, cursor: Math.max(0, cursor - 1) }
		case 'char-right':
			return { ...prompt, cursor: Math.min(text.length, cursor + 1) }
		case 'text-start':
			return { ...prompt, cursor: 0 }
		case 'text-end':
			return { ...prompt, cursor: text.length }
		case 'erase':
			return cut(prompt, Math.max(0, cursor - 1), cursor)
		case 'erase-next':
			return cut(prompt, cursor, cursor + 1)
		case 'erase-word': {
			let from = cursor
			while (from > 0 && text[from - 1] === ' ') from -= 1
			while (from > 0 && text[from - 1] !== ' ') from -= 1
			return cut(prompt, from, cursor)
		}
		case 'erase-all':
			return cut(prompt, 0, cursor)
	}
}

function cut(prompt: Prompt, from: number, to: number): Prompt {
	const text = [...prompt.text.slice(0, from), ...prompt.text.slice(to)]
	return without({ ...prompt, text, cursor: from })
}

/** What was chosen among the suggestions no longer holds once the text is another one. */
function without({ choice: _, ...prompt }: Prompt): Prompt {
	return prompt
}
