/** Stretches of a plan in which a service is down because the plan stopped it, and a later step starts it again. */
import type { PlannedStep } from '../model/plan.js'
import { verbOf } from './policy.js'
import type { Stop } from './stop.js'

/** Whether what was asked ends the plan before step `index`, or while that step only waits. */
export function stopsAt({ asked }: Stop, steps: readonly PlannedStep[], index: number): boolean {
	return asked !== undefined && !(asked.how === 'after-stretch' && inStretch(steps, index))
}

/** Whether a stop before step `index` would leave a service down that the plan means to start again. */
export function inStretch(steps: readonly PlannedStep[], index: number): boolean {
	const down = new Set<string>()
	for (const step of steps.slice(0, index)) {
		for (const { unit, up } of switched(step)) {
			if (up) down.delete(unit)
			else down.add(unit)
		}
	}
	return steps.slice(index).some(step => switched(step).some(({ unit, up }) => up && down.has(unit)))
}

/** Whether the plan starts or restarts this unit: what its log said before is then another story. */
export function startsAnew(steps: readonly PlannedStep[], unit: string): boolean {
	const name = unit.replace(/\.service$/, '')
	return steps.some(step => switched(step).some(each => each.up && each.unit === name))
}

function switched(step: PlannedStep): { unit: string; up: boolean }[] {
	if (step.kind !== 'run') return []
	const [program, ...words] = step.argv
	if (program === 'rc-service') {
		const [unit = '', verb = ''] = words
		return /^(start|restart|stop)$/.test(verb) ? [{ unit, up: verb !== 'stop' }] : []
	}
	const verb = verbOf(words)
	if (program !== 'systemctl') return []
	const now = words.includes('--now')
	const up = /^(start|restart)$/.test(verb) || (verb === 'enable' && now)
	const down = verb === 'stop' || (/^(disable|mask)$/.test(verb) && now)
	if (!up && !down) return []
	const units = words.slice(words.indexOf(verb) + 1).filter(word => !word.startsWith('-'))
	return units.map(unit => ({ unit: unit.replace(/\.service$/, ''), up }))
}
