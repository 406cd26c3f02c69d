/** One deed that changed files -> the steps that take it back, if things are as the doctor left them. */

import type { PathState, PlannedStep } from '../model/plan.js'
import type { CheckedPrecondition } from '../model/precondition.js'
import { unifiedDiff } from './diff.js'
import type { Deed } from './record.js'
import { nothing, type Scene, stateInWords } from './scene.js'

export interface Undone {
	steps?: PlannedStep[]
	preconditions?: CheckedPrecondition[]
	/** What cannot be taken back. */
	not?: string[]
}

/** Whether the deed was done is told by the state of things: nobody may have lived to write it down (`done`). */
export function undoDeed(deed: Exclude<Deed, { did: 'run' }>, done: boolean, scene: Scene): Undone {
	if (deed.did === 'copy') return {}
	if (deed.did === 'move') return moveBack(deed, scene)
	return deed.did === 'rights' ? rightsBack(deed, scene) : fileBack(deed, done, scene)
}

function asLeft(path: string, now: PathState, left: PathState, kept?: string): CheckedPrecondition {
	const says = `${path} is as the doctor left it`
	if (alike(now, left)) return { says, state: 'met', why: stateInWords(now) }
	const copy = kept === undefined ? '' : `; what was there before the action is kept in ${kept}`
	return { says, state: 'not-met', why: `somebody changed it since: ${stateInWords(now)}${copy}` }
}

/** k3s makes files anew that were taken away; what it made is kept when the old one comes back. */
function madeAnew(path: string, now: PathState): CheckedPrecondition {
	if (now.is === 'absent') return asLeft(path, now, nothing)
	const says = `${path} may be replaced`
	return now.is === 'file' || now.is === 'link'
		? {
				says,
				state: 'met',
				why: `it was made anew since (${stateInWords(now)}); that is kept in the backup folder`,
			}
		: { says, state: 'not-met', why: stateInWords(now) }
}

/** By content where it is known (with `surely`, only then), by mode and owner always. */
function alike(a: PathState, b: PathState, surely = false): boolean {
	if (a.is === 'file' && b.is === 'file') {
		const known = a.digest !== undefined && b.digest !== undefined
		const untouched = a.size === b.size && a.modifiedAt === b.modifiedAt
		return (known ? a.digest === b.digest : untouched || !surely) && sameRights(a, b)
	}
	if (a.is === 'dir' && b.is === 'dir') return sameRights(a, b)
	if (a.is === 'link' && b.is === 'link') return a.target === b.target
	return a.is === 'absent' && b.is === 'absent'
}

interface Rights {
	mode: number
	uid: number
	gid: number
}

const sameRights = (a: Rights, b: Rights) => a.mode === b.mode && a.uid === b.uid && a.gid === b.gid

function fileBack(deed: Extract<Deed, { did: 'file' }>, done: boolean, scene: Scene): Undone {
	const { path, before, after, kept, folders } = deed
	const now = scene.at(path)
	if ('refused' in now)
		return { preconditions: [{ says: `${path} can be seen`, state: 'unknown', why: now.refused }] }
	if (alike(now.state, before, true)) return done ? {} : { steps: [tidy(path, now.state, folders)] }
	if (before.is !== 'absent' && kept === undefined) return { not: [`${path}: no copy was kept`] }
	const preconditions = [
		after.is === 'absent' ? madeAnew(path, now.state) : asLeft(path, now.state, after, kept),
	]
	if (before.is === 'absent' && after.is === 'dir') {
		const says = `Remove ${path} (kept in the backup folder)`
		scene.put(path, { state: nothing, real: path })
		return { preconditions, steps: [{ kind: 'remove', says, path, before: now.state, keep: true }] }
	}
	const copy = kept === undefined ? undefined : scene.at(kept)
	const old = copy && !('refused' in copy) ? copy.text : undefined
	if (copy && ('refused' in copy || copy.state.is === 'absent'))
		preconditions.push({ says: `the copy ${kept} is there`, state: 'not-met', why: 'it is gone' })
	const text = now.state.is === 'file' ? now.text : undefined
	const readable =
		(old !== undefined || before.is !== 'file') && (text !== undefined || now.state.is !== 'file')
	const step: PlannedStep = {
		kind: 'restore',
		says: before.is === 'absent' ? `Remove ${path}` : `Put ${path} back as it was (${stateInWords(before)})`,
		path,
		before: now.state,
		after: before,
		...(kept !== undefined && { from: kept }),
		diff: readable ? unifiedDiff(path, text, old) : '',
		folders,
	}
	scene.put(path, { state: before, real: path, ...(old !== undefined && { text: old }) })
	return { preconditions, steps: [step] }
}

function rightsBack({ path, before, after }: Extract<Deed, { did: 'rights' }>, scene: Scene): Undone {
	const now = scene.at(path)
	if ('refused' in now)
		return { preconditions: [{ says: `${path} can be seen`, state: 'unknown', why: now.refused }] }
	const { state } = now
	if ((state.is !== 'file' && state.is !== 'dir') || state.is !== before.is)
		return { preconditions: [asLeft(path, state, after)] }
	if (before.is !== 'file' && before.is !== 'dir') return {}
	if (sameRights(state, before)) return {}
	const { mode, uid, gid } = before
	scene.put(path, { ...now, state: { ...state, mode, uid, gid } })
	const says = `Give ${path} back what it had (${stateInWords(before)})`
	const left = after.is === 'file' || after.is === 'dir' ? { ...state, ...rightsOf(after) } : after
	return {
		preconditions: [asLeft(path, state, left)],
		steps: [{ kind: 'permissions', says, path, before: state, mode, uid, gid }],
	}
}

const rightsOf = ({ mode, uid, gid }: Rights): Rights => ({ mode, uid, gid })

function moveBack({ path, to, folders }: Extract<Deed, { did: 'move' }>, scene: Scene): Undone {
	const source = scene.at(path)
	const target = scene.at(to)
	if ('refused' in source || 'refused' in target)
		return {
			preconditions: [{ says: `${path} and ${to} can be seen`, state: 'unknown', why: 'they could not be' }],
		}
	// It never came to that, or an undo that was cut off has moved it back already.
	if (target.state.is === 'absent' && source.state.is !== 'absent') return {}
	const says = `${to} is there, to be moved back`
	const anew = source.state
	const cleared: PlannedStep[] =
		anew.is === 'absent'
			? []
			: [
					{
						kind: 'remove',
						says: `Remove ${path} (kept in the backup folder)`,
						path,
						before: anew,
						keep: true,
					},
				]
	if (target.state.is === 'absent' || anew.is === 'other')
		return {
			preconditions: [
				{
					says,
					state: 'not-met',
					why: `${to}: ${stateInWords(target.state)}; ${path}: ${stateInWords(anew)}`,
				},
			],
		}
	scene.put(to, { state: nothing, real: to })
	scene.put(path, { ...target, real: path })
	const move: PlannedStep = {
		kind: 'move',
		says: `Move ${to} back to ${path}`,
		path: to,
		to: path,
		before: target.state,
		folders: [],
	}
	return {
		preconditions: [
			{
				says,
				state: 'met',
				why:
					anew.is === 'absent'
						? stateInWords(target.state)
						: `what was made at ${path} since is kept in the backup folder`,
			},
		],
		steps: [...cleared, move, ...(folders.length > 0 ? [tidy(to, nothing, folders)] : [])],
	}
}

/** What a deed may have left beside its path: a temporary file of a write that was cut off, folders that it made. */
function tidy(path: string, now: PathState, folders: readonly string[]): PlannedStep {
	const says = `Tidy up beside ${path}`
	return { kind: 'restore', says, path, before: now, after: now, diff: '', folders }
}
