/** What a plan has to know about the node beside the evidence: what lies at its paths now, and where a backup fits. */
import type { Looked, Space } from '../host/hands.js'
import type { Remedy, Step } from '../model/remedy.js'

export interface BackupPlace {
	/** Folder that holds the actions' folders, e.g. `/var/lib/rancher/k3s/doctor/backups`. */
	base: string
	space?: Space
	/** Device of its file system. */
	device?: number
	/** The operator named it: no other place is taken. */
	named?: true
}

/** Answers by path, unit or program; what could not be asked is absent. */
export interface Surroundings {
	/** The node itself was asked, just now. */
	live: boolean
	paths: ReadonlyMap<string, Looked>
	/** Of the file systems of the paths that change, and of those that a precondition names. */
	spaces: ReadonlyMap<string, Space>
	/** Bytes below a path. */
	weights: ReadonlyMap<string, number>
	programs: ReadonlyMap<string, boolean>
	units: ReadonlyMap<string, boolean>
	apiReady?: boolean
	/** Best first. */
	backupPlaces: readonly BackupPlace[]
}

/** What a remedy makes necessary to ask. */
export interface Questions {
	/** Paths to look at; `true`: with the text. */
	paths: ReadonlyMap<string, boolean>
	spaces: readonly string[]
	weights: readonly string[]
	programs: readonly string[]
	units: readonly string[]
	apiReady: boolean
}

export function questionsOf(remedy: Remedy): Questions {
	const paths = new Map<string, boolean>()
	const weights = [...(remedy.backup ?? [])]
	const ask = (path: string, text: boolean) => {
		paths.set(path, text || paths.get(path) === true)
		for (const folder of parentsOf(path)) if (!paths.has(folder)) paths.set(folder, false)
	}
	for (const path of remedy.backup ?? []) ask(path, false)
	for (const step of remedy.steps) {
		for (const { path, text } of pathsOf(step)) ask(path, text)
		if ('backup' in step) weights.push(step.backup)
		if ('remove' in step && typeof step.remove === 'string') weights.push(step.remove)
	}
	const wanted = remedy.preconditions ?? []
	const changed = remedy.steps.flatMap(step =>
		'backup' in step ? [] : pathsOf(step).map(({ path }) => path),
	)
	for (const condition of wanted) {
		if ('pathExists' in condition) ask(condition.pathExists, false)
		if ('pathAbsent' in condition) ask(condition.pathAbsent, false)
	}
	return {
		paths,
		weights,
		spaces: [
			...changed,
			...wanted.flatMap(condition => ('freeSpace' in condition ? [condition.freeSpace.path] : [])),
		],
		programs: wanted.flatMap(condition => ('programExists' in condition ? [condition.programExists] : [])),
		units: wanted.flatMap(condition => ('unitExists' in condition ? [condition.unitExists] : [])),
		apiReady: wanted.some(condition => 'apiReady' in condition),
	}
}

/** The paths that a step touches, and whether their text matters. */
function pathsOf(step: Step): { path: string; text: boolean }[] {
	if ('write' in step) return [{ path: step.write, text: true }]
	if ('edit' in step) return [{ path: step.edit, text: true }]
	if ('editEnv' in step) return [{ path: step.editEnv, text: true }]
	if ('editLines' in step) return [{ path: step.editLines, text: true }]
	if ('remove' in step) return [{ path: step.remove, text: false }]
	if ('setMode' in step) return [{ path: step.setMode, text: false }]
	if ('backup' in step) return [{ path: step.backup, text: false }]
	if ('move' in step)
		return [
			{ path: step.move, text: false },
			{ path: step.to, text: false },
		]
	return []
}

/** Folders above a path, outermost first, without `/`. */
export function parentsOf(path: string): string[] {
	const names = path.split('/').slice(1, -1)
	return names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`)
}
