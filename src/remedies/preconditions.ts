/** Preconditions with their state and the reason, from what was seen. Pure. */

import { kubeNameArgument, unitArgument } from '../model/argument.js'
import type { NodeFacts } from '../model/bundle.js'
import { bytesInWords } from '../model/bytes.js'
import type { Evidence } from '../model/evidence/index.js'
import { filesystemOf } from '../model/lookup.js'
import type { PlannedStep } from '../model/plan.js'
import type { CheckedPrecondition, Precondition, PreconditionState } from '../model/precondition.js'
import { badPath, stateInWords } from './scene.js'
import type { BackupPlace, Surroundings } from './surroundings.js'

export function checked(
	condition: Precondition,
	evidence: Evidence,
	around: Surroundings,
): CheckedPrecondition {
	if ('says' in condition) {
		const state = condition.holds === undefined ? 'unknown' : condition.holds ? 'met' : 'not-met'
		return { says: condition.says, state, why: condition.why }
	}
	if ('freeSpace' in condition) return space(condition.freeSpace, evidence, around)
	if ('etcdQuorumWithoutThis' in condition) return quorum(evidence)
	if ('pathExists' in condition) return path(condition.pathExists, true, around)
	if ('pathAbsent' in condition) return path(condition.pathAbsent, false, around)
	if ('unitExists' in condition) return unit(condition.unitExists, around)
	if ('programExists' in condition) return program(condition.programExists, around)
	const ready = around.apiReady
	return answer('the API server is ready', ready, ready ? '/readyz says ok' : '/readyz does not say ok')
}

function answer(says: string, holds: boolean | undefined, why: string): CheckedPrecondition {
	if (holds === undefined) return { says, state: 'unknown', why: 'this could not be asked' }
	return { says, state: holds ? 'met' : 'not-met', why }
}

function space(
	{ path: where, bytes }: { path: string; bytes: number },
	{ disks }: Evidence,
	around: Surroundings,
): CheckedPrecondition {
	const says = `${where} has ${bytesInWords(bytes)} free`
	const free = around.spaces.get(where)?.free ?? (disks && filesystemOf(disks, where)?.available)
	return answer(says, free === undefined ? undefined : free >= bytes, `${bytesInWords(free ?? 0)} are free`)
}

/** Of all etcd members, those that are Ready besides this node must be a majority. */
function quorum({ cluster, node }: Evidence): CheckedPrecondition {
	const says = 'etcd has a majority without this node'
	const voters = cluster?.nodes?.filter(({ labels }) => labels['node-role.kubernetes.io/etcd'] === 'true')
	if (!voters || voters.length === 0) return answer(says, undefined, '')
	const own = cluster?.self?.name ?? kubeNameArgument(node.hostname)
	const others = voters.filter(({ name }) => name !== own)
	const ready = others.filter(({ conditions }) =>
		conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
	)
	const needed = Math.floor(voters.length / 2) + 1
	const why = `${ready.length} of ${voters.length} members are Ready besides this node, ${needed} are needed`
	return answer(says, ready.length >= needed, why)
}

function path(where: string, wanted: boolean, { paths }: Surroundings): CheckedPrecondition {
	const says = wanted ? `${where} exists` : `${where} does not exist`
	const bad = badPath(where)
	if (bad) return { says: 'a path is written in the usual way', state: 'not-met', why: bad }
	const state = paths.get(where)?.state
	return answer(says, state && (state.is !== 'absent') === wanted, state ? stateInWords(state) : '')
}

function unit(name: string, { units }: Surroundings): CheckedPrecondition {
	const says = `the unit ${name} exists`
	if (unitArgument(name) === undefined) return { says, state: 'not-met', why: 'that is no name of a unit' }
	const known = units.get(name)
	return answer(says, known, known ? 'systemd knows it' : 'systemd does not know it')
}

function program(name: string, { programs }: Surroundings): CheckedPrecondition {
	const found = programs.get(name)
	return answer(`${name} is installed`, found, found ? 'found' : 'not found in the usual directories')
}

export function asRoot(node: NodeFacts): CheckedPrecondition {
	return answer('the doctor runs as root', node.root, node.root ? 'it does' : 'run it with sudo')
}

/** Beside the copies: the record of the action and some air. */
const least = 256 * 1024

/** The first place that a backup of so many bytes fits in. */
export function choosePlace(places: readonly BackupPlace[], bytes: number): BackupPlace | undefined {
	return places.find(({ space: room }) => room && fits(room, bytes)) ?? places[0]
}

function fits(room: NonNullable<BackupPlace['space']>, bytes: number): boolean {
	return room.writable && room.free >= bytes + least && room.freeInodes > 16
}

export function backupFits(place: BackupPlace | undefined, bytes: number): CheckedPrecondition {
	const says = `the backup fits in ${place?.base ?? 'a folder'}`
	const room = place?.space
	if (!room) return answer(says, undefined, '')
	let state: PreconditionState = 'met'
	let why = `${bytesInWords(bytes)} are needed, ${bytesInWords(room.free)} are free`
	if (!fits(room, bytes)) {
		state = 'not-met'
		why = `${room.writable ? why : (room.why ?? 'nothing can be written there')}; name another folder with --backup-dir`
	}
	return { says, state, why }
}

/** Told only where it is not so: a disk that is full or read-only takes no change. */
export function writable(steps: readonly PlannedStep[], { spaces }: Surroundings): CheckedPrecondition[] {
	const unmet = steps.flatMap(step => {
		const paths =
			'to' in step ? [step.path, step.to] : 'path' in step && step.kind !== 'copy' ? [step.path] : []
		return paths.flatMap(where => {
			const room = spaces.get(where)
			// The new file is written beside the old one.
			const needed = step.kind === 'write' ? Buffer.byteLength(step.content) : 0
			if (!room || (room.writable && room.free >= needed)) return []
			const why = room.writable ? `${bytesInWords(room.free)} are free` : (room.why ?? 'it takes nothing')
			return [{ says: `${where} can be changed`, state: 'not-met' as const, why }]
		})
	})
	return unmet.filter(({ says }, index) => unmet.findIndex(other => other.says === says) === index)
}
