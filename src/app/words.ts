/** Words and tones for the doctor's own terms: never a colour without its word. */
import type { Confidence, Severity, Weight } from '../model/diagnosis.js'
import type { Risk } from '../model/remedy.js'
import type { Verdict } from '../model/report.js'
import type { Tone } from './line.js'

interface Word {
	word: string
	tone: Tone
}

export const severities: Readonly<Record<Severity, Word>> = {
	critical: { word: 'CRITICAL', tone: 'bad' },
	warning: { word: 'WARNING', tone: 'warn' },
	info: { word: 'NOTE', tone: 'accent' },
}

export const verdicts: Readonly<Record<Verdict, Word>> = {
	down: { word: 'DOWN', tone: 'bad' },
	degraded: { word: 'DEGRADED', tone: 'warn' },
	'at-risk': { word: 'AT RISK', tone: 'warn' },
	healthy: { word: 'HEALTHY', tone: 'good' },
	starting: { word: 'STARTING', tone: 'accent' },
	'not-examined': { word: 'COULD NOT LOOK', tone: 'warn' },
}

export const confidences: Readonly<Record<Confidence, string>> = {
	certain: 'certain',
	likely: 'likely',
	possible: 'possible',
}

export const weights: Readonly<Record<Weight, string>> = {
	proof: 'proof',
	strong: 'strong sign',
	hint: 'hint',
}

export const risks: Readonly<Record<Risk, Word>> = {
	safe: { word: 'safe', tone: 'good' },
	restart: { word: 'restarts something', tone: 'warn' },
	destructive: { word: 'DESTRUCTIVE', tone: 'bad' },
}
