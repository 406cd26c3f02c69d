/** Commands, Kubernetes actions and waits of a remedy -> exactly what runs. Pure. */
import {
	hostArgument,
	kubeNameArgument,
	pathArgument,
	portArgument,
	unitArgument,
} from '../model/argument.js'
import type { Init } from '../model/bundle.js'
import type { Evidence } from '../model/evidence/index.js'
import { kubeArgv, objectWords } from '../model/kubectl.js'
import type { PlannedRun } from '../model/plan.js'
import type {
	Argv,
	KubeAction,
	KubeObject,
	KubeStep,
	RunStep,
	WaitCondition,
	WaitStep,
} from '../model/remedy.js'
import { shellLine } from '../model/shell.js'
import { conditionInWords } from '../model/wait-words.js'
import { inOpenRc } from './openrc.js'
import { type Drafted, told } from './plan-files.js'
import { forbiddenCommand } from './policy.js'

/** A restart of k3s on a slow board takes minutes until it reports ready. */
const usualLimit = 120

export function draftRun(step: RunStep, evidence: Evidence, init: Init): Drafted {
	const argv = init === 'openrc' ? inOpenRc(step.run) : step.run
	if (argv === undefined) return told(`${shellLine(step.run)} is not needed with OpenRC`)
	if ('refused' in argv) return argv
	return draftArgv(argv, evidence, { limitSeconds: step.limitSeconds, exits: step.exits })
}

function draftArgv(
	argv: Argv,
	evidence: Evidence,
	how: { limitSeconds: number | undefined; exits?: readonly number[] | undefined; saves?: Argv | undefined },
): Drafted {
	const forbidden = forbiddenCommand(argv, evidence)
	if (forbidden) return { refused: `${shellLine(argv)}: ${forbidden}`, policy: true }
	const shown = shellLine(argv)
	const step: PlannedRun = {
		kind: 'run',
		says: `Run ${shown}`,
		shown,
		argv,
		limitSeconds: how.limitSeconds ?? usualLimit,
		exits: how.exits ?? [0],
		...(how.saves && { saves: how.saves }),
	}
	return { step, bytes: 0 }
}

export function draftKube({ kube, limitSeconds }: KubeStep, evidence: Evidence): Drafted {
	const bad = badAction(kube)
	if (bad) return { refused: bad }
	return draftArgv(kubeArgv(kube), evidence, { limitSeconds: limitSeconds ?? 60, saves: savedBefore(kube) })
}

/** The object whose state before is worth keeping. A deleted pod is made anew by its controller. */
function savedBefore(action: KubeAction): Argv | undefined {
	const object = objectOf(action)
	return object && ['k3s', 'kubectl', 'get', ...objectWords(object), '-o', 'json']
}

function objectOf(action: KubeAction): KubeObject | undefined {
	if ('delete' in action) return action.delete
	if ('scale' in action) return action.scale
	if ('patch' in action) return action.patch
	if ('annotate' in action) return action.annotate
	if ('label' in action) return action.label
	if ('untaint' in action) return { kind: 'node', name: action.untaint }
	if ('uncordon' in action) return { kind: 'node', name: action.uncordon }
	return 'cordon' in action ? { kind: 'node', name: action.cordon } : undefined
}

const kindGrammar = /^[a-z][a-z0-9]{0,62}(\.[a-z0-9.-]{1,190})?$/
/** A label's or annotation's key, with or without the domain that it belongs to. */
const keyGrammar = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/

function badAction(action: KubeAction): string | undefined {
	const object =
		'deletePod' in action ? { kind: 'pod', ...action.deletePod } : (objectOf(action) ?? restarted(action))
	if (!object || !kindGrammar.test(object.kind)) return 'a Kubernetes action names no kind of object'
	if (kubeNameArgument(object.name) === undefined) return `"${object.name}" is no name of a ${object.kind}`
	if (object.namespace !== undefined && kubeNameArgument(object.namespace) === undefined)
		return `"${object.namespace}" is no namespace`
	if (
		'scale' in action &&
		!(Number.isInteger(action.replicas) && action.replicas >= 0 && action.replicas <= 1000)
	)
		return `${action.replicas} is no number of replicas`
	if ('key' in action && !keyGrammar.test(action.key)) return `"${action.key}" is no key`
	if (
		'label' in action &&
		action.value !== null &&
		!/^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/.test(action.value)
	)
		return `"${action.value}" is no value of a label`
	return undefined
}

function restarted(action: KubeAction): KubeObject | undefined {
	return 'restart' in action ? action.restart : undefined
}

export function draftWait({ waitFor, limitSeconds }: WaitStep): Drafted {
	if (!validCondition(waitFor)) return { refused: 'what is to be waited for is not written in a usual way' }
	const says = `Wait until ${conditionInWords(waitFor)} (up to ${limitSeconds} s)`
	return { step: { kind: 'wait', says, condition: waitFor, limitSeconds }, bytes: 0 }
}

function validCondition(condition: WaitCondition): boolean {
	if ('unitActive' in condition) return unitArgument(condition.unitActive) !== undefined
	if ('unitInactive' in condition) return unitArgument(condition.unitInactive) !== undefined
	if ('nodeReady' in condition) return kubeNameArgument(condition.nodeReady) !== undefined
	if ('pathExists' in condition) return pathArgument(condition.pathExists) !== undefined
	if (!('portOpen' in condition)) return true
	const { host, port } = condition.portOpen
	return hostArgument(host) !== undefined && portArgument(port) !== undefined
}
