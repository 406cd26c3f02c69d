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
