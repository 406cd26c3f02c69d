import type { Confidence, Finding } from '../model/diagnosis.js'

/** Any proof: certain. Any strong sign, or hints from two sources: likely. Else possible. */
export function confidenceOf(findings: readonly Finding[]): Confidence {
	if (findings.some(({ weight }) => weight === 'proof')) return 'certain'
	if (findings.some(({ weight }) => weight === 'strong')) return 'likely'
	return new Set(findings.map(({ source }) => source)).size > 1 ? 'likely' : 'possible'
}
