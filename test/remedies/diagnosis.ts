import type { Diagnosis, Judgement } from '../../src/model/diagnosis.js'
import type { Remedy } from '../../src/model/remedy.js'

export const noJudgement: Judgement = { diagnoses: [], unexamined: [], crashed: [], gaps: [] }

export function remedyOf(steps: Remedy['steps'], more: Partial<Remedy> = {}): Remedy {
	return {
		title: 'Mend it',
		why: 'because',
		risk: 'safe',
		interrupts: 'nothing',
		steps,
		recheck: ['units'],
		...more,
	}
}

export function diagnosisOf(
	remedies: readonly Remedy[],
	cause: Diagnosis['cause'] = 'config-bad-value',
): Diagnosis {
	return {
		cause,
		title: 'A test',
		severity: 'critical',
		confidence: 'certain',
		explain: '',
		docs: [],
		findings: [],
		explains: [],
		remedies: [...remedies],
	}
}
