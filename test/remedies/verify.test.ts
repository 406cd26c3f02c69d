import { describe, expect, it } from 'vitest'
import type { Action, History } from '../../src/model/action.js'
import type { CauseId } from '../../src/model/causes.js'
import type { Confidence, Judgement, Severity } from '../../src/model/diagnosis.js'
import type { SourceName } from '../../src/model/evidence/index.js'
import { offersOf } from '../../src/model/offer.js'
import { type Again, compared, verify } from '../../src/remedies/verify.js'
import { diagnosisOf, noJudgement, remedyOf } from './scratch.js'

type Found = [CauseId, Confidence?, Severity?]

function judged(found: Found[], blind: CauseId[] = []): Judgement {
	return {
		...noJudgement,
		diagnoses: found.map(([cause, confidence = 'certain', severity = 'critical']) => ({
			...diagnosisOf([], cause),
			title: `It is ${cause}`,
			confidence,
			severity,
		})),
		unexamined: blind.map(cause => ({
			cause,
			title: cause,
			missing: ['journal'],
			because: 'no answer about journal',
		})),
	}
}

describe('compared', () => {
	const before = judged([['disk-full'], ['api-unreachable']])
	it.each<[string, Judgement, string, CauseId[]]>([
		['gone', judged([['api-unreachable']]), 'fixed', []],
		['all gone', judged([]), 'fixed', []],
		['still there', judged([['disk-full']]), 'not-fixed', []],
		['something new', judged([['cert-expired']]), 'fixed-but-new', ['cert-expired']],
		[
			'still there and something new',
			judged([['disk-full'], ['cert-expired']]),
			'not-fixed',
			['cert-expired'],
		],
		['new, but merely possible', judged([['cert-expired', 'possible']]), 'fixed', []],
		['new, but a remark', judged([['cert-expiring', 'certain', 'info']]), 'fixed', []],
		['no longer seen', judged([], ['disk-full']), 'unknown', []],
		[
			'no longer looked for on such a node',
			{
				...judged([]),
				unexamined: [{ cause: 'disk-full', title: '', missing: [], because: 'not on this kind of node' }],
			},
			'fixed',
			[],
		],
		['less sure than before', judged([['disk-full', 'possible']]), 'unknown', []],
	])('%s', (_, after, outcome, fresh) => {
		expect(compared('disk-full', before, after)).toMatchObject({ outcome, fresh })
	})
})

describe('verify', () => {
	/** Answers one after the other; the last one stays. Time passes only by waiting. */
	function world(answers: Again[]) {
		const asked: (readonly SourceName[])[] = []
		let now = 0
		return {
			asked,
			waited: () => now,
			examine: async (sources: readonly SourceName[]) => {
				asked.push(sources)
				return answers[Math.min(asked.length, answers.length) - 1] as Again
			},
			clock: {
				now: () => now,
				wait: async (ms: number) => {
					now += ms
				},
			},
		}
	}
	const well: Again = { judgement: judged([]), starting: false }
	const ill: Again = { judgement: judged([['disk-full']]), starting: false }
	const starting: Again = { judgement: judged([]), starting: true }
	const request = {
		cause: 'disk-full' as const,
		before: judged([['disk-full']]),
		recheck: ['disks'] as SourceName[],
	}

	it('asks the named sources until the cause is gone twice, then everything once', async () => {
		const { asked, ...rest } = world([ill, starting, well, well, well])
		expect((await verify({ ...request, ...rest })).outcome).toBe('fixed')
		expect(asked).toEqual([['disks'], ['disks'], ['disks'], ['disks'], []])
	})

	it('is not taken in by one good moment of a crash loop', async () => {
		const { asked, ...rest } = world([well, ill, well, ill, well, ill, ill, ill])
		expect((await verify({ ...request, ...rest, limitSeconds: 20 })).outcome).toBe('not-fixed')
		expect(asked.length).toBeGreaterThan(6)
	})

	it('gives up at the limit and says what is', async () => {
		const { asked, waited, ...rest } = world([ill])
		const said: string[] = []
		const verified = await verify({
			...request,
			...rest,
			limitSeconds: 30,
			onProgress: says => said.push(says),
		})
		expect(verified).toMatchObject({ outcome: 'not-fixed', says: 'Not fixed: It is disk-full (certain).' })
		expect(waited()).toBe(30_000)
		expect(said).toHaveLength(10)
	})

	it('tells what is new', async () => {
		const after: Again = { judgement: judged([['cert-expired']]), starting: false }
		const { asked, ...rest } = world([after])
		const verified = await verify({ ...request, ...rest })
		expect(verified.says).toBe('Fixed: its signs are gone. New: It is cert-expired.')
	})
})

describe('offersOf', () => {
	const remedies = [remedyOf([], { title: 'one' }), remedyOf([], { title: 'two' })]
	const action = (title: string, more: Partial<Action>): Action => ({
		number: 0,
		id: 'x',
		at: 0,
		kind: 'remedy',
		user: '',
		uid: 0,
		node: '',
		cause: 'disk-full',
		title,
		risk: 'safe',
		fingerprint: '',
		folder: '',
		planned: [],
		steps: [{ says: 'a' }],
		...more,
	})
	const history = (...actions: Action[]): History => ({ actions, torn: 0 })
	const order = (past: History) =>
		offersOf({ cause: 'disk-full', remedies }, past).map(({ remedy, number, failures }) => [
			remedy.title,
			number,
			failures,
		])
	const failed = { outcome: 'failed' } as const
	const useless = {
		outcome: 'done',
		verified: { outcome: 'not-fixed', says: '', fresh: [], at: 0 },
	} satisfies Partial<Action>
	const helped = {
		outcome: 'done',
		verified: { outcome: 'fixed', says: '', fresh: [], at: 0 },
	} satisfies Partial<Action>

	it('keeps the order of the rule while nothing failed twice', () => {
		expect(order(history())).toEqual([
			['one', 1, 0],
			['two', 2, 0],
		])
		expect(order(history(action('one', failed)))).toEqual([
			['one', 1, 1],
			['two', 2, 0],
		])
	})

	it('puts what failed twice at the end', () => {
		expect(order(history(action('one', failed), action('one', useless)))).toEqual([
			['two', 2, 0],
			['one', 1, 2],
		])
	})

	it('forgets failures once it helped, and does not count what the operator stopped, or another cause', () => {
		const stopped = { outcome: 'stopped' } as const
		expect(order(history(action('one', failed), action('one', failed), action('one', helped)))[0]).toEqual([
			'one',
			1,
			0,
		])
		expect(order(history(action('one', stopped), action('one', stopped)))[0]).toEqual(['one', 1, 0])
		const other = { ...failed, cause: 'cert-expired' } as const
		expect(order(history(action('one', other), action('one', other)))[0]).toEqual(['one', 1, 0])
	})
})
