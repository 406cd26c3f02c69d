/** The app's way to this host: it is examined source by source, plans are made and carried out on it. */
import { rules } from '../../rules/index.js'
import type { Examination } from '../examine.js'
import { systemClock } from '../host/local-hands.js'
import type { Plan } from '../model/plan.js'
import type { Wish } from '../model/wish.js'
import type { ClusterHands } from '../program/cluster.js'
import { type Deeds, gone } from '../program/deeds.js'
import { type Examine, ofHost } from '../program/examinations.js'
import { reexaminer } from '../reexamine.js'
import type { Session } from '../remedies/session.js'
import { sources } from '../sources/index.js'
import { askPatient, findPatient } from './live.js'
import type { Parsed } from './parse.js'
import { sessionRedactor } from './redaction.js'
import { type Node, sessionOf, whoseNode } from './remedy-world.js'

const mostLooks = 6
const betweenLooksMs = 3000

export interface AppNode {
	examine: Examine
	deeds(): Promise<Deeds>
	cluster(): Promise<ClusterHands>
}

export function appNode(parsed: Parsed): AppNode {
	const redact = sessionRedactor(parsed)
	let there: Node | undefined
	let newest: Examination | undefined
	let session: Session | undefined

	const current = (): Examination => {
		if (!newest) throw new Error('the node was not examined yet')
		return newest
	}

	/** The role may have changed since: who the patient is, is asked with each examination. */
	const examine: Examine = async telling => {
		const node = await whoseNode(parsed)
		const examination = await ofHost(async onProgress =>
			askPatient(node, parsed, onProgress, sources, await redact()),
		)(telling)
		const again = reexaminer(node.host, node.node, rules)
		there = node
		newest = examination
		session = await sessionOf(parsed, node, {
			current,
			reexamine: async (sources, since) => {
				newest = await again(current(), sources, since)
				return { judgement: newest.judgement, starting: newest.report.verdict === 'starting' }
			},
		})
		return examination
	}

	async function deeds(): Promise<Deeds> {
		if (!session || !there) throw new Error('the node was not examined yet')
		const { host, node } = there
		const own = session
		return {
			plan: async wish => (await planOf(wish, own)) ?? { why: whyNone(wish) },
			live: {
				run: (confirmed, how) => own.run(confirmed, how),
				async verify(plan, result, how) {
					// Nothing was judged again since the run began: this is what was wrong before.
					const before = current().judgement
					const verified = await own.verify(plan, result, before, {
						signal: how.signal,
						onProgress: says => how.onProgress(says),
					})
					return { verified, subject: current() }
				},
				async look(signal) {
					const again = reexaminer(host, node, rules)
					let before: string | undefined
					// What was just restarted looks different a moment later: twice the same it must be.
					for (let round = 0; round < mostLooks; round += 1) {
						if (round > 0) await systemClock.wait(betweenLooksMs, signal)
						if (signal.aborted) break
						newest = await again(current(), [])
						const { verdict, diagnoses } = newest.report
						const seen = [verdict, ...diagnoses.map(({ cause }) => cause).sort()].join(' ')
						if (seen === before && verdict !== 'starting') break
						before = seen
					}
					return current()
				},
				async past() {
					const [history, backups] = await Promise.all([own.history(), own.backups()])
					return {
						history,
						backups: Object.fromEntries(backups.map(({ action, bytes }) => [action.id, bytes])),
					}
				},
			},
		}
	}

	async function cluster(): Promise<ClusterHands> {
		return { ...(await findPatient(parsed)), redact: await redact(), runtime: () => newest?.evidence.runtime }
	}

	return { examine, deeds, cluster }
}

async function planOf(wish: Wish, session: Session): Promise<Plan | undefined> {
	if (wish.kind === 'remedy') return session.plan(wish.cause, wish.number)
	if (wish.kind === 'own') return session.planOwn(wish.remedy)
	const { actions } = await session.history()
	const action = actions.find(({ id }) => id === wish.action)
	if (!action) return undefined
	return wish.kind === 'undo' ? session.undoPlan(action) : session.discardPlan(action)
}

function whyNone(wish: Wish): string {
	if (wish.kind === 'remedy' || wish.kind === 'own') return gone
	return 'The record of this action is gone: it cannot be taken back.'
}
