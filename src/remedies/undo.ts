/** The record of an action and the node as it is now -> the plan that takes the action back. Pure. */
import type { Action } from '../model/action.js'
import type { NodeFacts } from '../model/bundle.js'
import type { PathState, Plan, PlannedRun, PlannedStep, Refusal } from '../model/plan.js'
import type { CheckedPrecondition } from '../model/precondition.js'
import type { Argv } from '../model/remedy.js'
import { shellLine } from '../model/shell.js'
import { actionId } from './places.js'
import { finished, type Mode, nodeOf, refusalsOf } from './plan.js'
import { asRoot, backupFits, choosePlace, writable } from './preconditions.js'
import type { ActionRecord, Deed } from './record.js'
import { type Scene, sceneOf } from './scene.js'
import type { Questions, Surroundings } from './surroundings.js'
import { type Undone, undoDeed } from './undo-deed.js'

export interface UndoRequest {
	action: Pick<Action, 'id' | 'undoneBy' | 'discarded' | 'outcome'>
	record: ActionRecord
	node: NodeFacts
	surroundings: Surroundings
	mode: Mode
	at: number
}

/** What an undo has to look at: the paths of the record, and the kept copies for their diffs. */
export function undoQuestions({ deeds, head }: ActionRecord): Questions {
	const paths = new Map<string, boolean>()
	for (const { deed } of deeds) {
		if (deed.did === 'run') continue
		paths.set(deed.path, deed.did === 'file')
		if (deed.did === 'file' && deed.kept !== undefined) paths.set(deed.kept, true)
		if (deed.did === 'copy' && head.undo.restores.includes(deed.path)) paths.set(deed.kept, false)
		if (deed.did === 'move') paths.set(deed.to, true)
	}
	const changed = deeds.flatMap(({ deed }) => ('path' in deed && deed.did !== 'copy' ? [deed.path] : []))
	return { paths, spaces: changed, weights: [], programs: [], units: [], apiReady: false }
}

export function planUndo({ action, record, node, surroundings, mode, at }: UndoRequest): Plan {
	const { head } = record
	const undone = undoSteps(record, surroundings, at)
	const bytes = undone.steps.reduce((sum, step) => sum + sizeOf(step), 0)
	const place = choosePlace(surroundings.backupPlaces, bytes)
	const preconditions = [
		asRoot(node),
		backupFits(place, bytes),
		...writable(undone.steps, surroundings),
		...undone.preconditions,
	]
	const restarts = undone.steps.some(step => step.kind === 'run')
	return finished({
		kind: 'undo',
		cause: head.cause,
		title: `Take back: ${head.title}`,
		why: 'Everything the action changed becomes what it was before.',
		number: head.number,
		risk: head.risk,
		interrupts: restarts ? head.interrupts : 'nothing',
		node: nodeOf(node),
		as: 'root',
		steps: undone.steps,
		backup: {
			folder: `${place?.base ?? `${node.dataDir}/doctor/backups`}/${actionId(at, `undo-${head.cause}`)}`,
			bytes,
			...(place?.space?.inMemory && { note: 'in memory: gone after a reboot' }),
		},
		undo: {
			says: ['The undo is an action of its own and can be taken back like any other.'],
			not: undone.not,
			commands: [],
			restores: [],
		},
		recheck: head.recheck,
		preconditions,
		refusals: [...whyNot(action, undone.steps), ...refusalsOf(mode, preconditions, head.risk)],
		onlyTells: false,
		of: action.id,
	})
}

function whyNot({ undoneBy, discarded }: UndoRequest['action'], steps: readonly PlannedStep[]): Refusal[] {
	if (undoneBy !== undefined) return [{ kind: 'step', why: 'this action was taken back already' }]
	if (discarded) return [{ kind: 'step', why: 'its backup was deleted' }]
	return steps.length === 0 ? [{ kind: 'step', why: 'there is nothing to take back' }] : []
}

interface Collected {
	steps: PlannedStep[]
	preconditions: CheckedPrecondition[]
	not: string[]
}

/**
 * In the opposite order of the deeds. What has to be done once more (daemon-reload, restart) and the remedy's own
 * commands wait until the files are back, that is until a unit is started again, or until the end.
 */
function undoSteps({ head, deeds }: ActionRecord, surroundings: Surroundings, at: number): Collected {
	const scene = sceneOf(surroundings)
	const collected: Collected = { steps: [], preconditions: [], not: [] }
	let waiting: { argv: Argv; mayFail: boolean }[] = []
	let restored = false

	const add = ({ steps = [], preconditions = [], not = [] }: Undone) => {
		collected.steps.push(...steps)
		collected.preconditions.push(...preconditions)
		collected.not.push(...not)
	}
	/** Of two restarts of the same unit one is enough. */
	const once = (argv: Argv, mayFail: boolean) => {
		const line = shellLine(argv)
		if (!collected.steps.some(step => step.kind === 'run' && shellLine(step.argv) === line))
			collected.steps.push(runStep(argv, mayFail))
	}
	const anyFailed = deeds.some(({ done, failed }) => failed || !done)
	const filesAreBack = () => {
		if (!restored) {
			for (const { deed } of deeds)
				if (wantsRestore(deed, head.undo.restores)) add(restoreCopy(deed, scene, at))
			for (const argv of head.undo.commands) once(argv, anyFailed)
		}
		restored = true
		for (const { argv, mayFail } of waiting) {
			once(argv, mayFail)
		}
		waiting = []
	}

	for (const { deed, done, failed } of deeds.toReversed()) {
		if (deed.did !== 'run') {
			add(undoDeed(deed, done, scene))
			continue
		}
		// The remedy's own commands take its commands back; only of units and objects the doctor knows how they were.
		const known = head.undo.commands.length === 0 || isKnown(deed.argv)
		// Of what failed, or was cut off, nobody knows whether there is anything to take back.
		const mayFail = deed.mayFail === true || failed || !done
		if (deed.not && head.undo.commands.length === 0) collected.not.push(shellLine(deed.argv))
		waiting = [...deed.again.map(argv => ({ argv, mayFail })), ...waiting]
		for (const argv of known ? deed.back : []) {
			if (startsUnit(argv)) filesAreBack()
			collected.steps.push(runStep(argv, mayFail))
		}
	}
	// A restart alone took nothing back: doing it once more would only interrupt.
	if (collected.steps.length > 0 || head.undo.commands.length + head.undo.restores.length > 0) filesAreBack()
	return collected
}

function wantsRestore(deed: Deed, restores: readonly string[]): deed is Extract<Deed, { did: 'copy' }> {
	return deed.did === 'copy' && restores.includes(deed.path)
}

/** A copied database goes back to its place; what lies there now is moved aside, not deleted. */
function restoreCopy({ path, kept }: Extract<Deed, { did: 'copy' }>, scene: Scene, at: number): Undone {
	const now = scene.at(path)
	const copy = scene.at(kept)
	if ('refused' in copy || copy.state.is === 'absent')
		return { preconditions: [{ says: `the copy ${kept} is there`, state: 'not-met', why: 'it is gone' }] }
	const state: PathState = 'refused' in now ? { is: 'absent' } : now.state
	const aside = `${path}.before-undo-${new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')}`
	const move: PlannedStep = {
		kind: 'move',
		says: `Move ${path} to ${aside}`,
		path,
		to: aside,
		before: state,
		folders: [],
	}
	const back: PlannedStep = {
		kind: 'restore',
		says: `Put ${path} back from its copy`,
		path,
		before: { is: 'absent' },
		after: copy.state,
		from: kept,
		diff: '',
		folders: [],
	}
	return { steps: state.is === 'absent' ? [back] : [move, back] }
}

const isKnown = ([program, tool]: Argv) =>
	/^(systemctl|rc-service|rc-update)$/.test(program) || (program === 'k3s' && tool === 'kubectl')

function startsUnit([program, ...words]: Argv): boolean {
	if (program === 'rc-service') return words[1] === 'start'
	return (
		program === 'systemctl' &&
		(words.includes('start') || (words.includes('enable') && words.includes('--now')))
	)
}

function runStep(argv: Argv, mayFail: boolean): PlannedRun {
	const shown = shellLine(argv)
	return {
		kind: 'run',
		says: `Run ${shown}`,
		shown,
		argv,
		limitSeconds: 300,
		exits: [0],
		...(mayFail && { mayFail: true }),
	}
}

function sizeOf(step: PlannedStep): number {
	return step.kind === 'restore' && step.before.is === 'file' ? step.before.size : 0
}

/** Deletes an action's folder: it cannot be taken back afterwards. */
export function planDiscard(
	action: Pick<Action, 'id' | 'cause' | 'title' | 'folder' | 'discarded'>,
	node: NodeFacts,
	mode: Mode,
	at: number,
): Plan {
	const { folder, title, cause } = action
	const preconditions = [asRoot(node)]
	const gone: Refusal[] = action.discarded ? [{ kind: 'step', why: 'its backup was deleted already' }] : []
	return finished({
		kind: 'discard',
		cause,
		title: `Delete the backup of: ${title}`,
		why: 'It frees the space that the copies take.',
		number: 0,
		risk: 'safe',
		interrupts: 'nothing',
		node: nodeOf(node),
		as: 'root',
		steps: [{ kind: 'discard', says: `Delete ${folder}`, folder }],
		backup: {
			folder: `${folder.slice(0, folder.lastIndexOf('/'))}/${actionId(at, `discard-${cause}`)}`,
			bytes: 0,
		},
		undo: { says: [], not: ['the action cannot be taken back any more'], commands: [], restores: [] },
		recheck: [],
		preconditions,
		refusals: [...gone, ...refusalsOf(mode, preconditions, 'safe')],
		onlyTells: false,
		of: action.id,
	})
}
