import type { Report } from '../model/report.js'
import type { Parsed } from './parse.js'

export const exitStatus = {
	fine: 0,
	doctorFailed: 1,
	usage: 2,
	critical: 3,
	warnings: 4,
	blind: 5,
} as const

/** What each status tells a script: for help and the manual. */
export const exitMeanings: readonly (readonly [number, string])[] = [
	[exitStatus.fine, 'nothing at or above --fail-on'],
	[exitStatus.doctorFailed, 'the doctor itself failed'],
	[exitStatus.usage, 'wrong usage'],
	[exitStatus.critical, 'a critical diagnosis'],
	[exitStatus.warnings, 'only warnings, and --fail-on warning'],
	[exitStatus.blind, 'what matters could not be looked at (not root, say)'],
]

export type FailOn = 'critical' | 'warning' | 'never'

export function failOnOf({ values }: Parsed): FailOn {
	const level = values.get('fail-on')
	return level === 'warning' || level === 'never' ? level : 'critical'
}

/** The exit status that a report deserves. What is merely possible fails nothing. */
export function exitOf(report: Report, failOn: FailOn): number {
	const shown = report.diagnoses.filter(({ confidence }) => confidence !== 'possible')
	if (failOn !== 'never') {
		if (shown.some(({ severity }) => severity === 'critical')) return exitStatus.critical
		if (failOn === 'warning' && shown.some(({ severity }) => severity === 'warning'))
			return exitStatus.warnings
	}
	return report.verdict === 'not-examined' ? exitStatus.blind : exitStatus.fine
}
