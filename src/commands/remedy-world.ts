/** What `fix`, `history` and `undo` work with on this host: the node, the hands, the session. */
import { rules } from '../../rules/index.js'
import { type Examination, examine } from '../examine.js'
import type { Host } from '../host/host.js'
import { localHands, systemClock } from '../host/local-hands.js'
import { whoIsThere } from '../host/who.js'
import type { NodeFacts } from '../model/bundle.js'
import { reexaminer } from '../reexamine.js'
import type { Machine } from '../remedies/look-around.js'
import { type Places, placesOf } from '../remedies/places.js'
import { openSession, type Session, type SessionOptions } from '../remedies/session.js'
import type { Again } from '../remedies/verify.js'
import { askPatient, findPatient } from './live.js'
import type { Parsed } from './parse.js'

export interface Node {
	node: NodeFacts
	host: Host
	machine: Machine
	places: Places
}

/** The node of this host, without examining it. */
export async function whoseNode(parsed: Parsed): Promise<Node> {
	const { host, node } = await findPatient(parsed)
	const machine = { host, hands: localHands(), clock: systemClock }
	return { node, host, machine, places: placesOf(node.dataDir, parsed.values.get('backup-dir')) }
}

export interface World extends Node {
	session: Session
	/** The newest examination. */
	current: () => Examination
}

/** The node of this host, examined. */
export async function examinedNode(parsed: Parsed): Promise<World> {
	const there = await whoseNode(parsed)
	const { host, node } = there
	const began = performance.now()
	const bundle = await askPatient({ host, node }, parsed)
	let examination = examine(bundle, rules, 'this host', performance.now() - began)
	const again = reexaminer(host, node, rules)
	const session = await sessionOf(parsed, there, {
		current: () => examination,
		reexamine: async (sources, since): Promise<Again> => {
			examination = await again(examination, sources, since)
			return { judgement: examination.judgement, starting: examination.report.verdict === 'starting' }
		},
	})
	return { ...there, session, current: () => examination }
}

/** To take something back the node need not be examined. */
export async function undoSession(parsed: Parsed): Promise<Node & { session: Session }> {
	const there = await whoseNode(parsed)
	const nothing = { diagnoses: [], unexamined: [], crashed: [], gaps: [] }
	const session = await sessionOf(parsed, there, {
		current: () => ({ evidence: { node: there.node }, judgement: nothing }),
		reexamine: async () => ({ judgement: nothing, starting: false }),
	})
	return { ...there, session }
}

export async function sessionOf(
	{ switches }: Parsed,
	{ machine, node, places }: Node,
	looks: Pick<SessionOptions, 'current' | 'reexamine'>,
): Promise<Session> {
	const mode = switches.has('read-only') ? 'read-only' : 'live'
	return openSession({ machine, node, places, who: await whoIsThere(), mode, ...looks })
}
