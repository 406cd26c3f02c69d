/** Colours by meaning. Without colour the words alone carry it. */
import type { Severity } from '../../model/diagnosis.js'
import type { Verdict } from '../../model/report.js'

export { confidenceWord, severityWord, verdictWord } from '../parts.js'

export type Tone = 'strong' | 'faint' | 'bad' | 'warn' | 'good' | 'accent' | 'command'
export type Paint = (tone: Tone, text: string) => string

/** SGR codes of the 16 colours, which every theme keeps readable on light and dark backgrounds. */
const codes: Record<Tone, [number, number]> = {
	strong: [1, 22],
	faint: [2, 22],
	bad: [31, 39],
	warn: [33, 39],
	good: [32, 39],
	accent: [36, 39],
	command: [36, 39],
}

export function painter(colour: boolean): Paint {
	if (!colour) return (_tone, text) => text
	return (tone, text) => `\u001b[${codes[tone][0]}m${text}\u001b[${codes[tone][1]}m`
}

export const severityTone: Record<Severity, Tone> = { critical: 'bad', warning: 'warn', info: 'accent' }

export const verdictTone: Record<Verdict, Tone> = {
	down: 'bad',
	degraded: 'warn',
	'at-risk': 'warn',
	healthy: 'good',
	starting: 'accent',
	'not-examined': 'warn',
}
