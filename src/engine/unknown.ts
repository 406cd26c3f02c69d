/** The honest end: k3s said why it died or waits, and no rule knows these words. */
import type { Diagnosis } from '../model/diagnosis.js'
import type { Evidence } from '../model/evidence/index.js'

export function unknownFatal(evidence: Evidence, diagnoses: readonly Diagnosis[]): Diagnosis | undefined {
	const { service, journal } = evidence
	if (!service || !journal) return undefined
	const troubled = ['crash-looping', 'hanging', 'failed'].includes(service.state)
	const word = service.lastWord
	if (!troubled || !word) return undefined
	const explained = diagnoses.some(
		({ confidence, severity, findings }) =>
			confidence !== 'possible' &&
			(severity === 'critical' || findings.some(({ quote }) => quote?.line === word.lastQuote.line)),
	)
	if (explained) return undefined
	const dies = service.state !== 'hanging'
	return {
		cause: 'unknown-fatal',
		title: dies ? 'k3s ends with an error that no rule knows' : 'k3s waits for something that no rule knows',
		severity: 'critical',
		confidence: 'likely',
		explain: dies
			? 'k3s said the quoted words and ended. They match no known cause, so read them as they stand: the last part behind a colon is the root, the first part names the area.'
			: 'k3s repeats the quoted words and does not get ready. They match no known cause, so read them as they stand: the part behind the last colon is the reason.',
		docs: ['https://docs.k3s.io/faq'],
		findings: [
			{
				says: dies ? 'The last word of the failed start' : 'The reason of the wait loop',
				weight: 'strong',
				source: 'journal',
				quote: word.lastQuote,
				at: word.lastAt,
				...(word.count > 1 && { count: word.count, since: word.firstAt }),
			},
		],
		explains: [],
		remedies: [],
		at: word.lastAt,
	}
}
