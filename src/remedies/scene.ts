/** The files as they will be at a point of the plan: what lies there now, with the steps before already done. */
import type { Looked } from '../host/hands.js'
import { pathArgument } from '../model/argument.js'
import type { PathState } from '../model/plan.js'
import { parentsOf, type Surroundings } from './surroundings.js'

export interface Scene {
	/** What lies at a path; a refusal when the plan cannot know. */
	at(path: string): Looked | { refused: string }
	put(path: string, looked: Looked): void
	/** Parents of a path that are not there yet, outermost first. From here on they are. */
	makeFolders(path: string): string[]
}

export function sceneOf({ paths, live }: Surroundings): Scene {
	const changed = new Map<string, Looked>()
	const moved: string[] = []

	function at(path: string): Looked | { refused: string } {
		const bad = badPath(path)
		if (bad) return { refused: bad }
		const above = moved.find(folder => path.startsWith(`${folder}/`))
		if (above) return { refused: `${above}, which holds ${path}, is moved by a step before` }
		const looked = changed.get(path) ?? paths.get(path)
		if (looked) return looked
		return { refused: live ? `${path} was not looked at` : `the bundle does not tell about ${path}` }
	}

	function put(path: string, looked: Looked): void {
		const before = changed.get(path) ?? paths.get(path)
		if (looked.state.is === 'absent' && before?.state.is === 'dir') moved.push(path)
		changed.set(path, looked)
	}

	function makeFolders(path: string): string[] {
		const missing = parentsOf(path).filter(
			folder => (changed.get(folder) ?? paths.get(folder))?.state.is === 'absent',
		)
		for (const folder of missing)
			changed.set(folder, { state: { is: 'dir', mode: 0o755, uid: 0, gid: 0 }, real: folder })
		return missing
	}

	return { at, put, makeFolders }
}

/** Why a path from a rule is not touched: it must be absolute, ordinary and written in the one way. */
export function badPath(path: string): string | undefined {
	if (pathArgument(path) === undefined) return 'a path holds characters that do not belong in one'
	const usual = path !== '/' && !/\/\/|\/$|\/\.(\/|$)/.test(path)
	return usual ? undefined : `${path} is not written in the usual way`
}

export const nothing: PathState = { is: 'absent' }

/** The state of a file that the doctor writes; its size and time are not known before. */
export function fileState(digest: string, mode: number, uid: number, gid: number): PathState {
	return { is: 'file', mode, uid, gid, size: 0, modifiedAt: 0, digest }
}

export function stateInWords(state: PathState): string {
	if (state.is === 'absent') return 'nothing is there'
	if (state.is === 'link') return `a link to ${state.target}`
	if (state.is === 'other') return state.why
	const rights = `mode ${state.mode.toString(8).padStart(4, '0')}, owner ${state.uid}:${state.gid}`
	return state.is === 'dir' ? `a folder, ${rights}` : `a file, ${rights}`
}
