/** A remedy's steps in words and commands, the same in every format. */
import type { Step, WaitCondition } from '../model/remedy.js'
import { shellLine, shellWord } from '../model/shell.js'

export interface StepText {
	/** `command`: to be typed as it stands; `words`: to be read; `content`: a file's new text. */
	kind: 'command' | 'words' | 'content'
	text: string
}

export function stepTexts(step: Step): StepText[] {
	if ('run' in step) return [command(shellLine(step.run))]
	if ('write' in step) {
		return [words(`Write ${step.write} with this content:`), { kind: 'content', text: step.content }]
	}
	if ('edit' in step) return editTexts(step)
	if ('move' in step) return [command(`mv -n ${shellWord(step.move)} ${shellWord(step.to)}`)]
	if ('remove' in step) return [command(`rm ${shellWord(step.remove)}`)]
	if ('waitFor' in step)
		return [words(`Wait until ${conditionText(step.waitFor)} (up to ${step.limitSeconds} s)`)]
	return [words(step.tell), ...(step.commands ?? []).map(command)]
}

function editTexts(step: Extract<Step, { edit: string }>): StepText[] {
	const set = Object.entries(step.set ?? {}).map(([key, value]) =>
		words(`In ${step.edit} set ${key}: ${Array.isArray(value) ? `[${value.join(', ')}]` : String(value)}`),
	)
	const removed = (step.remove ?? []).map(key => words(`In ${step.edit} remove the key ${key}`))
	return [...set, ...removed]
}

export function conditionText(condition: WaitCondition): string {
	if ('unitActive' in condition) return `${condition.unitActive} is active`
	if ('portOpen' in condition) return `port ${condition.portOpen.port} of ${condition.portOpen.host} answers`
	if ('nodeReady' in condition) return `node ${condition.nodeReady} is Ready`
	return 'the API server is ready'
}

function command(text: string): StepText {
	return { kind: 'command', text }
}

function words(text: string): StepText {
	return { kind: 'words', text }
}
