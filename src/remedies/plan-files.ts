/** File steps of a remedy -> what exactly happens to which file. Pure. */
import type { PathState, PlannedStep } from '../model/plan.js'
import type {
	BackupStep,
	EnvEditStep,
	LineEditStep,
	MoveStep,
	Owner,
	PermissionStep,
	RemoveStep,
	WriteStep,
	YamlEditStep,
} from '../model/remedy.js'
import { shellWord } from '../model/shell.js'
import { hunksOf, unifiedDiff } from './diff.js'
import { editEnv } from './edit-env.js'
import { type Edited, editLines } from './edit-lines.js'
import { editYaml } from './edit-yaml.js'
import { digestOf } from './fingerprint.js'
import { forbiddenMove, forbiddenRemoval } from './policy.js'
import { fileState, nothing, type Scene } from './scene.js'
import { holdsMask } from './secrets.js'

/** A planned step with the bytes that its backup takes, or why it cannot be done. */
export type Drafted = { step: PlannedStep; bytes: number } | { refused: string; policy?: true }

export interface Place {
	scene: Scene
	dataDir: string
	/** The planning is for the node itself, not for a bundle. */
	live: boolean
	/** Device of the backup folder. */
	backupDevice?: number
	weights: ReadonlyMap<string, number>
}

export type EditStep = YamlEditStep | EnvEditStep | LineEditStep

export function editedPath(step: EditStep): string {
	if ('edit' in step) return step.edit
	return 'editEnv' in step ? step.editEnv : step.editLines
}

function editedText(step: EditStep, text: string): Edited {
	if ('edit' in step) return editYaml(text, step)
	return 'editEnv' in step ? editEnv(text, step) : editLines(text, step.changes)
}

export function draftEdit(step: EditStep, place: Place): Drafted {
	const named = editedPath(step)
	const looked = place.scene.at(named)
	if ('refused' in looked) return looked
	// An edit changes what a link leads to, as an editor would.
	const path = looked.state.is === 'link' ? looked.real : named
	if (looked.text === undefined && looked.state.is !== 'absent')
		return { refused: `${named} cannot be edited: ${looked.unreadable ?? 'its content is not known'}` }
	const old = looked.text ?? ''
	const edited = editedText(step, old)
	if (!edited.ok) return { refused: `${named} cannot be edited: ${edited.why}` }
	if (edited.text === old) return told(`${named} says so already: nothing to change`)
	// The mask of a bundle may stand in other lines of its copy; on the node itself it must not come from us.
	if (place.live && holdsMask(edited.text) && !holdsMask(old))
		return { refused: `what is to be written to ${named} holds a masked secret` }
	const before = looked.state.is === 'link' ? (looked.target ?? looked.state) : looked.state
	return drafted(`Edit ${path}`, path, before, looked.text, edited.text, place, {})
}

export function draftWrite(step: WriteStep, place: Place): Drafted {
	const looked = place.scene.at(step.write)
	if ('refused' in looked) return looked
	const { state } = looked
	if (state.is === 'dir' || state.is === 'other') return { refused: `${step.write} is not a file` }
	if (holdsMask(step.content))
		return { refused: `what is to be written to ${step.write} holds a masked secret` }
	if (step.content.includes('\0') || !step.content.isWellFormed())
		return { refused: `what is to be written to ${step.write} is not text` }
	const owner = step.owner
	const sameRights =
		(step.mode === undefined || (state.is === 'file' && state.mode === step.mode)) &&
		(owner === undefined || (state.is === 'file' && state.uid === owner.uid && state.gid === owner.gid))
	if (state.is === 'file' && looked.text === step.content && sameRights)
		return told(`${step.write} has this content already: nothing to change`)
	const verb = state.is === 'absent' ? 'Create' : 'Replace'
	const old = state.is === 'file' ? looked.text : undefined
	return drafted(`${verb} ${step.write}`, step.write, state, old, step.content, place, step)
}

function drafted(
	says: string,
	path: string,
	before: PathState,
	old: string | undefined,
	content: string,
	{ scene, dataDir }: Place,
	wished: { mode?: number; owner?: Owner },
): Drafted {
	const folders = scene.makeFolders(path)
	const has = before.is === 'file' ? before : undefined
	const mode = (wished.mode ?? has?.mode ?? defaultMode(path, dataDir)) & 0o7777
	const { uid, gid } = wished.owner ?? has ?? { uid: 0, gid: 0 }
	const hunks = hunksOf(old ?? '', content)
	const state = fileState(digestOf(content), mode, uid, gid)
	scene.put(path, { state, real: path, text: content })
	const diff = unifiedDiff(path, before.is === 'absent' ? undefined : (old ?? ''), content, hunks)
	const step = { kind: 'write', says, path, before, content, mode, uid, gid, diff, hunks, folders } as const
	return { step, bytes: has?.size ?? 0 }
}

/** Files of k3s hold tokens. */
function defaultMode(path: string, dataDir: string): number {
	return path.startsWith('/etc/rancher/') || path.startsWith(`${dataDir}/`) ? 0o600 : 0o644
}

export function draftMove({ move: path, to }: MoveStep, { scene, dataDir }: Place): Drafted {
	const from = scene.at(path)
	const there = scene.at(to)
	if ('refused' in from) return from
	if ('refused' in there) return there
	const forbidden = forbiddenMove(path, dataDir)
	if (forbidden) return { refused: forbidden, policy: true }
	if (from.state.is === 'absent') return { refused: `${path} is not there` }
	if (there.state.is !== 'absent') return { refused: `${to} is there already` }
	if (to.startsWith(`${path}/`)) return { refused: `${to} lies in what is moved` }
	const folders = scene.makeFolders(to)
	scene.put(path, { state: nothing, real: path })
	scene.put(to, { ...from, real: to })
	const shown = `mv -n ${shellWord(path)} ${shellWord(to)}`
	const says = `Move ${path} to ${to}`
	return { step: { kind: 'move', says, shown, path, to, before: from.state, folders }, bytes: 0 }
}

export function draftRemove({ remove: path, noBackup }: RemoveStep, place: Place): Drafted {
	const keep = noBackup !== true
	const looked = place.scene.at(path)
	if ('refused' in looked) return looked
	const { state } = looked
	if (state.is === 'absent') return told(`${path} is not there: nothing to remove`)
	for (const each of [path, looked.real]) {
		const forbidden = forbiddenRemoval(each, keep, place.dataDir)
		if (forbidden && (each === path || state.is !== 'link')) return { refused: forbidden, policy: true }
	}
	if (state.is === 'other') return { refused: `${path} is ${state.why}, which is not removed` }
	const elsewhere = keep && looked.device !== undefined && looked.device !== place.backupDevice
	if (state.is === 'dir' && !keep)
		return { refused: `${path} is a folder, which is not removed without a copy` }
	if (state.is === 'dir' && elsewhere)
		return { refused: `the folder ${path} is on another file system than the backup folder` }
	place.scene.put(path, { state: nothing, real: path })
	const says = keep ? `Remove ${path} (kept in the backup folder)` : `Remove ${path} for good`
	const bytes = elsewhere ? (place.weights.get(path) ?? 0) : 0
	return { step: { kind: 'remove', says, path, before: state, keep }, bytes }
}

export function draftPermissions({ setMode: path, mode, owner }: PermissionStep, { scene }: Place): Drafted {
	const looked = scene.at(path)
	if ('refused' in looked) return looked
	const { state } = looked
	if (state.is === 'absent') return { refused: `${path} is not there` }
	if (state.is !== 'file' && state.is !== 'dir')
		return { refused: `${path} is neither a file nor a folder: its permissions stay as they are` }
	const want = {
		mode: (mode ?? state.mode) & 0o7777,
		uid: owner?.uid ?? state.uid,
		gid: owner?.gid ?? state.gid,
	}
	if (want.mode === state.mode && want.uid === state.uid && want.gid === state.gid)
		return told(`${path} has these permissions already: nothing to change`)
	scene.put(path, { ...looked, state: { ...state, ...want } })
	const octal = (bits: number) => bits.toString(8).padStart(4, '0')
	const word = shellWord(path)
	const chown =
		want.uid !== state.uid || want.gid !== state.gid ? [`chown ${want.uid}:${want.gid} ${word}`] : []
	const chmod = want.mode !== state.mode || chown.length > 0 ? [`chmod ${octal(want.mode)} ${word}`] : []
	const changes = [
		...(chmod.length > 0 ? [`mode ${octal(state.mode)} to ${octal(want.mode)}`] : []),
		...(chown.length > 0 ? [`owner ${state.uid}:${state.gid} to ${want.uid}:${want.gid}`] : []),
	]
	const says = `Change ${path}: ${changes.join(', ')}`
	const shown = [...chown, ...chmod].join(' && ')
	return { step: { kind: 'permissions', says, shown, path, before: state, ...want }, bytes: 0 }
}

export function draftCopy({ backup: path }: BackupStep, { scene, weights }: Place): Drafted {
	const looked = scene.at(path)
	if ('refused' in looked) return looked
	if (looked.state.is === 'absent') return told(`${path} is not there: nothing to copy`)
	const weight = weights.get(path)
	const step = { kind: 'copy', says: `Copy ${path} to the backup folder`, path } as const
	return { step: { ...step, ...(weight !== undefined && { bytes: weight }) }, bytes: weight ?? 0 }
}

export function told(text: string): Drafted {
	return { step: { kind: 'tell', says: text, text, commands: [] }, bytes: 0 }
}
