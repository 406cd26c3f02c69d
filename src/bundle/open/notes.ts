import { shownName } from './name.js'

/** What there is to say about the bundle itself. The same trouble with many files is one sentence. */
export interface Notes {
	/** A whole sentence. */
	say(sentence: string): void
	/** `about('Links are not followed', 'files/etc/x')`: names are gathered behind the sentence. */
	about(sentence: string, name: string): void
	list(): string[]
}

/** Names that a sentence carries before it says `and 12 more`. */
const shown = 3

export function notebook(): Notes {
	const sentences = new Map<string, { names: string[]; count: number }>()
	const of = (sentence: string) => {
		const known = sentences.get(sentence)
		if (known) return known
		const made: { names: string[]; count: number } = { names: [], count: 0 }
		sentences.set(sentence, made)
		return made
	}
	return {
		say: sentence => void of(sentence),
		about: (sentence, name) => {
			const { names, count } = of(sentence)
			of(sentence).count = count + 1
			if (count < shown) names.push(shownName(name))
		},
		list: () =>
			[...sentences].map(([sentence, { names, count }]) => {
				if (count === 0) return sentence
				const more = count > names.length ? ` and ${count - names.length} more` : ''
				return `${sentence}: ${names.join(', ')}${more}`
			}),
	}
}
