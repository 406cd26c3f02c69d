import type { Report } from '../model/report.js'

export const exitStatus = {
	fine: 0,
	doctorFailed: 1,
	usage: 2,
	critical: 3,
	warnings: 4,
	blind: 5,
} as const

export type FailOn = 'critical' | 'warning' | 'never'

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
