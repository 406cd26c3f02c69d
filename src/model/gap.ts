import type { WhyNot } from './bundle.js'
import type { SourceName } from './evidence/index.js'

/** A question without an answer: what was asked, why there is nothing, and what would close it. */
export interface Gap {
	source: SourceName
	file: string
	why: WhyNot
	/** On a living host: it was never asked. */
	unasked?: true
	/** What happened, in a sentence. */
	detail: string
	/** The command that would close the gap. */
	askFor: string
	/** Without it the verdict on the node is not worth much: the unit's state, the journal. */
	matters: boolean
}
