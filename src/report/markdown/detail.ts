/** How much of the evidence a Markdown report carries: an issue holds 65,536 characters, and not one more. */

export interface Detail {
	/** Findings of a root cause, and of what follows from one. */
	findings: number
	consequenceFindings: number
	/** Characters of one quote; 0: none. */
	quote: number
	/** Quotes of consequences and hints as well. */
	minorQuotes: boolean
	remedies: 'all' | 'first' | 'titles'
	possible: number
	gaps: number
	unexamined: number
	starts: number
	certificates: number
	actions: number
	masked: number
	/** Root causes that are told in full; the others by their titles. */
	roots: number
}

const whole: Detail = {
	findings: 20,
	consequenceFindings: 5,
	quote: 2000,
	minorQuotes: true,
	remedies: 'all',
	possible: 50,
	gaps: 40,
	unexamined: 200,
	starts: 15,
	certificates: 30,
	actions: 20,
	masked: 40,
	roots: 30,
}

export interface Level {
	detail: Detail
	/** What was left out up to this level. */
	cut: readonly string[]
}

/** From the least important on. */
const cuts: readonly [says: string, change: Partial<Detail>][] = [
	['old starts and certificates that hold long', { starts: 5, certificates: 8 }],
	['quotes of consequences and hints', { minorQuotes: false }],
	['most gaps and the names of causes that were not examined', { gaps: 8, unexamined: 0, masked: 8 }],
	['evidence of consequences', { consequenceFindings: 1 }],
	['long quotes', { quote: 500 }],
	['most possible causes and old actions', { possible: 5, actions: 5 }],
	['all but the first findings of each cause', { findings: 4 }],
	['all but the first remedy of each cause', { remedies: 'first' }],
	['the tables of starts and certificates', { starts: 0, certificates: 0 }],
	['quotes', { quote: 160, findings: 2, consequenceFindings: 0 }],
	['all but the first causes', { roots: 8, possible: 0, gaps: 3, masked: 0, actions: 2 }],
	['steps of remedies', { remedies: 'titles', findings: 1, roots: 4, quote: 0 }],
]

/** All levels, the fullest first. */
export function* levels(): Generator<Level> {
	let detail = whole
	const cut: string[] = []
	yield { detail, cut: [] }
	for (const [says, change] of cuts) {
		detail = { ...detail, ...change }
		cut.push(says)
		yield { detail, cut: [...cut] }
	}
}
