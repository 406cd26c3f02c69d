/** How a plan will be taken back, told before it is confirmed. The real undo is made from what was really done. */

import { kubeArgv } from '../model/kubectl.js'
import type { Plan, PlannedStep } from '../model/plan.js'
import type { Argv, Remedy, Step } from '../model/remedy.js'
import { shellLine } from '../model/shell.js'
import { reversalOf } from './reverse.js'
import { kubeReversal } from './reverse-kube.js'
import { stateInWords } from './scene.js'

export function undoWords(remedy: Remedy, steps: readonly PlannedStep[]): Plan['undo'] {
	const own = remedy.undo ?? []
	const commands = own.flatMap(commandOf)
	const restores = own.flatMap(step => ('restore' in step ? [step.restore] : []))
	const told = own.flatMap(step => ('tell' in step ? [step.tell] : []))
	const each = steps.toReversed().map(step => wordsOf(step, commands.length > 0))
	return {
		says: [
			...each.flatMap(({ says }) => says),
			...restores.map(path => `Put ${path} back from its copy`),
			...commands.map(argv => `Run ${shellLine(argv)}`),
			...each.toReversed().flatMap(({ later }) => later),
			...told,
		].filter((line, index, all) => all.indexOf(line) === index),
		not: each.flatMap(({ not }) => not),
		commands,
		restores,
	}
}

function commandOf(step: Step): Argv[] {
	if ('run' in step) return [step.run]
	return 'kube' in step ? [kubeArgv(step.kube)] : []
}

interface Words {
	says: string[]
	/** When the files are back. */
	later: string[]
	not: string[]
}

function wordsOf(step: PlannedStep, reversed: boolean): Words {
	const say = (...says: string[]): Words => ({ says, later: [], not: [] })
	switch (step.kind) {
		case 'write':
			return step.before.is === 'absent'
				? say(`Remove ${step.path}`)
				: say(`Put ${step.path} back as it was (${stateInWords(step.before)})`)
		case 'permissions':
			return say(`Give ${step.path} back what it had (${stateInWords(step.before)})`)
		case 'remove':
			return step.keep
				? say(`Put ${step.path} back from the backup folder`)
				: { says: [], later: [], not: [`${step.path} is gone for good`] }
		case 'move':
			return say(`Move ${step.to} back to ${step.path}`)
		case 'run':
			return runWords(step.argv, reversed)
		default:
			return say()
	}
}

function runWords(argv: Argv, reversed: boolean): Words {
	if (argv[0] === 'k3s' && argv[1] === 'kubectl') {
		const not = argv.includes('delete') && argv.some(word => /^nodes?\//.test(word))
		return not
			? { says: [], later: [], not: [`${shellLine(argv)}: the node has to join again`] }
			: { says: isLasting(argv) ? [] : ['Give the Kubernetes object back what it had'], later: [], not: [] }
	}
	const { back, again, not } = reversalOf(argv, { units: {}, sysctl: anySysctl(argv) })
	return {
		says: (reversed && !isUnit(argv) ? [] : back).map(
			line => `Run ${shellLine(line)}${isUnit(argv) ? ', unless it was so before' : ''}`,
		),
		later: again.map(line => `Run ${shellLine(line)}`),
		not: not && !reversed ? [shellLine(argv)] : [],
	}
}

const isLasting = (argv: Argv) => {
	const { back, not } = kubeReversal(argv, {})
	return back.length === 0 && !not
}

const isUnit = ([program]: Argv) => program === 'systemctl'

/** The old values are read when it is run. */
function anySysctl(argv: Argv): Record<string, string> {
	return Object.fromEntries(
		argv.flatMap(word => (word.includes('=') ? [[word.slice(0, word.indexOf('=')), '<the old value>']] : [])),
	)
}
