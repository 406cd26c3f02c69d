/** How things are before a command changes them: asked just before, so that an undo brings back just that. */
import type { Host } from '../host/host.js'
import type { PlannedRun } from '../model/plan.js'
import type { Argv } from '../model/remedy.js'
import { verbOf } from './policy.js'
import type { Prior } from './reverse.js'

export async function priorOf(step: PlannedRun, host: Host): Promise<Prior> {
	const [program, ...words] = step.argv
	const name = program.slice(program.lastIndexOf('/') + 1)
	if (name === 'systemctl') return { units: await unitStates(words, host) }
	if (name === 'sysctl' && words.includes('-w')) return { sysctl: await oldSettings(program, words, host) }
	return {}
}

async function unitStates(words: readonly string[], host: Host): Promise<NonNullable<Prior['units']>> {
	const units = words.slice(words.indexOf(verbOf(words)) + 1).filter(word => !word.startsWith('-'))
	const states: [string, { active: string; file: string }][] = []
	for (const unit of units) {
		const answer = await host.run(['systemctl', 'show', '--property=ActiveState,UnitFileState', '--', unit])
		if (!answer.ok) continue
		const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(answer.value.stdout)?.[1] ?? ''
		states.push([unit, { active: value('ActiveState'), file: value('UnitFileState') }])
	}
	return Object.fromEntries(states)
}

async function oldSettings(
	program: string,
	words: readonly string[],
	host: Host,
): Promise<Record<string, string>> {
	const old: [string, string][] = []
	for (const word of words.filter(each => each.includes('='))) {
		const key = word.slice(0, word.indexOf('='))
		const ask: Argv = [program, '-n', key]
		const answer = await host.run(ask)
		if (answer.ok && answer.value.exit === 0) old.push([key, answer.value.stdout.trim()])
	}
	return Object.fromEntries(old)
}
