/** A remedy's steps in words and commands, the same in every format. */
import { kubeArgv } from '../model/kubectl.js'
import type { LineEditStep, PermissionStep, Step, YamlEditStep } from '../model/remedy.js'
import { shellLine, shellWord } from '../model/shell.js'
import { conditionInWords } from '../model/wait-words.js'

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
	if ('edit' in step) return yamlTexts(step)
	if ('editEnv' in step) {
		const set = Object.entries(step.set ?? {}).map(([key, value]) =>
			words(`In ${step.editEnv} set ${key}=${value}`),
		)
		return [...set, ...(step.remove ?? []).map(key => words(`In ${step.editEnv} remove ${key}`))]
	}
	if ('editLines' in step) return lineTexts(step)
	if ('move' in step) return [command(`mv -n ${shellWord(step.move)} ${shellWord(step.to)}`)]
	if ('remove' in step) return [command(`rm ${shellWord(step.remove)}`)]
	if ('setMode' in step) return permissionTexts(step)
	if ('backup' in step) return [words(`Copy ${step.backup} to the backup folder`)]
	if ('restore' in step) return [words(`Put ${step.restore} back from the backup folder`)]
	if ('kube' in step) return [command(shellLine(kubeArgv(step.kube)))]
	if ('waitFor' in step)
		return [words(`Wait until ${conditionInWords(step.waitFor)} (up to ${step.limitSeconds} s)`)]
	return [words(step.tell), ...(step.commands ?? []).map(command)]
}

/** Commands that follow each other, as one block to paste. */
export function gathered(texts: readonly StepText[]): StepText[] {
	const blocks: StepText[] = []
	for (const { kind, text } of texts) {
		const last = blocks.at(-1)
		if (kind === 'command' && last?.kind === 'command') last.text += `\n${text}`
		else blocks.push({ kind, text })
	}
	return blocks
}

function yamlTexts(step: YamlEditStep): StepText[] {
	const shown = (value: unknown) => (Array.isArray(value) ? `[${value.join(', ')}]` : String(value))
	return [
		...Object.entries(step.set ?? {}).map(([key, value]) => `set ${key}: ${shown(value)}`),
		...(step.remove ?? []).map(key => `remove the key ${key}`),
		...Object.entries(step.addTo ?? {}).map(([key, items]) => `add to ${key}: ${items.join(', ')}`),
		...Object.entries(step.dropFrom ?? {}).map(([key, items]) => `take out of ${key}: ${items.join(', ')}`),
	].map(text => words(`In ${step.edit} ${text}`))
}

function lineTexts(step: LineEditStep): StepText[] {
	return step.changes.flatMap(({ line, at, becomes }) => {
		const where = at === undefined ? 'the line' : `line ${at}`
		const content: StepText[] = becomes.length > 0 ? [{ kind: 'content', text: becomes.join('\n') }] : []
		if (line === undefined) return [words(`At the end of ${step.editLines} add:`), ...content]
		const change = becomes.length > 0 ? 'replace' : 'remove'
		return [
			words(`In ${step.editLines} ${change} ${where} "${line}"${becomes.length > 0 ? ' by:' : ''}`),
			...content,
		]
	})
}

function permissionTexts({ setMode, mode, owner }: PermissionStep): StepText[] {
	const path = shellWord(setMode)
	return [
		...(owner ? [command(`chown ${owner.uid}:${owner.gid} ${path}`)] : []),
		...(mode !== undefined ? [command(`chmod ${mode.toString(8).padStart(4, '0')} ${path}`)] : []),
	]
}

function command(text: string): StepText {
	return { kind: 'command', text }
}

function words(text: string): StepText {
	return { kind: 'words', text }
}
