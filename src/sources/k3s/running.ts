/** The version that said `Starting k3s …` last. Searched from the end: a journal may be tens of megabytes. */

const word = 'Starting k3s '

/** Lines that quote the word without being it. */
const tries = 50

export function lastStarted(journal: string | undefined): string | undefined {
	if (!journal) return undefined
	let at = journal.length
	for (let count = 0; count < tries; count += 1) {
		at = journal.lastIndexOf(word, at - 1)
		if (at < 0) return undefined
		const version = /^Starting k3s (?:agent )?(v\d[\w.+-]{0,60})/.exec(journal.slice(at, at + 120))?.[1]
		if (version !== undefined) return version
		if (at === 0) return undefined
	}
	return undefined
}
