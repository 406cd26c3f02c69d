/** How a Kubernetes action is taken back, from the object as it was before. */
import type { Argv } from '../model/remedy.js'
import { verbOf } from './policy.js'
import { back, type Prior, type Reversal } from './reverse.js'

type Fields = Record<string, unknown>

const noWay: Reversal = { back: [], again: [], not: true }

const isFields = (value: unknown): value is Fields =>
	typeof value === 'object' && value !== null && !Array.isArray(value)

function at(value: unknown, ...path: string[]): unknown {
	let here = value
	for (const name of path) here = isFields(here) && Object.hasOwn(here, name) ? here[name] : undefined
	return here
}

/** Of `k3s kubectl VERB …` as `kubeArgv` writes it. */
export function kubeReversal(argv: Argv, { object }: Prior): Reversal {
	const words = argv.slice(2)
	const verb = verbOf(words)
	const target = words.slice(1).filter(word => !word.startsWith('--'))
	const kubectl = (...rest: string[]): Argv => ['k3s', 'kubectl', ...rest]
	if (verb === 'uncordon' || verb === 'cordon') {
		const was = at(object?.value, 'spec', 'unschedulable') === true
		if (object && was === (verb === 'cordon')) return { back: [], again: [] }
		return back(kubectl(verb === 'cordon' ? 'uncordon' : 'cordon', ...target))
	}
	if (verb === 'rollout') return { back: [], again: [] }
	if (verb === 'delete' && target.some(word => /^pods?\//.test(word))) return { back: [], again: [] }
	if (!object) return noWay
	if (verb === 'scale') {
		const replicas = at(object.value, 'spec', 'replicas')
		return typeof replicas === 'number' ? back(kubectl('scale', ...target, `--replicas=${replicas}`)) : noWay
	}
	if (verb === 'delete') return { ...back(kubectl('create', '-f', object.file)), mayFail: true }
	if (verb === 'patch') return patched(argv, target, object)
	if (verb === 'annotate' || verb === 'label') return marked(verb, target, object.value)
	return verb === 'taint' ? tainted(target, object.value) : noWay
}

function marked(verb: 'annotate' | 'label', words: readonly string[], object: unknown): Reversal {
	const mark = words.at(-1) ?? ''
	const key = mark.includes('=') ? mark.slice(0, mark.indexOf('=')) : mark.replace(/-$/, '')
	const old = at(object, 'metadata', verb === 'annotate' ? 'annotations' : 'labels', key)
	const restored = typeof old === 'string' ? ['--overwrite', `${key}=${old}`] : [`${key}-`]
	return back(['k3s', 'kubectl', verb, ...words.slice(0, -1), ...restored])
}

function tainted(words: readonly string[], object: unknown): Reversal {
	const [key = '', effect = ''] = (words.at(-1) ?? '').replace(/-$/, '').split(':')
	const taints = at(object, 'spec', 'taints')
	const old = Array.isArray(taints)
		? taints.find(taint => at(taint, 'key') === key && at(taint, 'effect') === effect)
		: undefined
	if (!old) return { back: [], again: [] }
	const value = at(old, 'value')
	const taint = `${key}${typeof value === 'string' ? `=${value}` : ''}:${effect}`
	return back(['k3s', 'kubectl', 'taint', ...words.slice(0, -1), taint])
}

function patched(argv: Argv, target: readonly string[], object: { value: unknown; file: string }): Reversal {
	const option = (name: string) => argv.find(word => word.startsWith(`--${name}=`))?.slice(name.length + 3)
	if (option('type') !== 'merge') return back(['k3s', 'kubectl', 'replace', '-f', object.file])
	const patch = parsed(option('patch') ?? '')
	if (!isFields(patch)) return noWay
	const opposite = JSON.stringify(reversePatch(patch, object.value))
	return back(['k3s', 'kubectl', 'patch', ...target, '--type=merge', `--patch=${opposite}`])
}

/** The merge patch that brings back what `patch` changes in `object`, and nothing else. */
export function reversePatch(patch: Fields, object: unknown): Fields {
	const opposite: [string, unknown][] = Object.entries(patch).map(([key, value]) => {
		const old = at(object, key)
		if (isFields(value) && isFields(old)) return [key, reversePatch(value, old)]
		return [key, old ?? null]
	})
	return Object.fromEntries(opposite)
}

/** The object without what belongs to its old life, so that it can be made again. */
export function saveable(text: string): { value: unknown; text: string } | undefined {
	const value = parsed(text)
	if (!isFields(value) || !isFields(value.metadata)) return undefined
	const { uid, resourceVersion, creationTimestamp, generation, managedFields, selfLink, ...metadata } =
		value.metadata
	const { status, ...rest } = value
	return { value, text: `${JSON.stringify({ ...rest, metadata }, undefined, 2)}\n` }
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text)
	} catch {
		return undefined
	}
}
