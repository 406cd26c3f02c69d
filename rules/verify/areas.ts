/** What the rules diagnosed, by the area of the cause. */
import { areaOf, type CauseArea, type CheckResult, type Diagnosis } from '../../src/check.js'
import { fromCauses } from './from-causes.js'

export function byArea(diagnoses: readonly Diagnosis[], ...areas: readonly CauseArea[]): CheckResult[] {
	return fromCauses(diagnoses, cause => {
		const area = areaOf(cause)
		return area !== undefined && areas.includes(area)
	})
}
