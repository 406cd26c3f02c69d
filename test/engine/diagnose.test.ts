import { describe, expect, it } from 'vitest'
import { diagnose } from '../../src/engine/diagnose.js'
import type { CauseId } from '../../src/model/causes.js'
import type { Diagnosis } from '../../src/model/diagnosis.js'
import type { Evidence } from '../../src/model/evidence/index.js'
import { fact, hint, log, proof, type RuleDefinition, rule, strong } from '../../src/rule.js'
import { journal } from '../../src/sources/journal/index.js'
import { serviceOf } from '../../src/sources/service.js'
import { bundleOf } from '../bundle-of.js'

const bare: Evidence = { node: bundleOf({}).node }

/** A rule that finds what `findings` says. */
function ruleOf(cause: CauseId, signs: RuleDefinition['signs'], more: Partial<RuleDefinition> = {}) {
	return rule({
		cause,
		title: cause,
		severity: 'critical',
		explain: 'x',
		docs: [],
		remedies: [],
		signs,
		...more,
	})
}
const finds = (weight: typeof proof) => [fact(['node'], () => weight('units', 'seen'))]

function judge(rules: ReturnType<typeof ruleOf>[], evidence: Evidence = bare) {
	return diagnose(rules, evidence, [])
}
const order = (diagnoses: Diagnosis[]) => diagnoses.map(({ cause }) => cause)

describe('confidence', () => {
	it.each([
		['any proof', [proof('disks', 'a'), hint('units', 'b')], 'certain'],
		['any strong sign', [strong('disks', 'a')], 'likely'],
		['hints from two sources', [hint('disks', 'a'), hint('units', 'b')], 'likely'],
		['hints from one source', [hint('disks', 'a'), hint('disks', 'b')], 'possible'],
	])('%s', (_name, findings, confidence) => {
		const { diagnoses } = judge([ruleOf('disk-full', [fact(['node'], () => findings)])])
		expect(diagnoses[0]?.confidence).toBe(confidence)
	})
})

describe('folding', () => {
	const chain = [
		ruleOf('node-not-ready', finds(strong)),
		ruleOf('disk-full', finds(proof), { leadsTo: ['sqlite-slow'] }),
		ruleOf('api-unreachable', finds(proof), { leadsTo: ['node-not-ready'] }),
		ruleOf('sqlite-slow', [fact(['node'], () => [])], { leadsTo: ['api-unreachable'] }),
	]

	it('puts what follows under its root, also through causes that were not found', () => {
		const { diagnoses } = judge(chain)
		expect(order(diagnoses)[0]).toBe('disk-full')
		expect(diagnoses[0]?.explains).toEqual(['api-unreachable', 'node-not-ready'])
		expect(diagnoses.slice(1).map(({ explainedBy }) => explainedBy)).toEqual(['disk-full', 'disk-full'])
	})

	it('lets what is merely possible explain nothing', () => {
		const { diagnoses } = judge([
			ruleOf('disk-full', finds(hint), { leadsTo: ['node-not-ready'] }),
			ruleOf('node-not-ready', finds(proof)),
		])
		expect(diagnoses.every(({ explainedBy }) => explainedBy === undefined)).toBe(true)
		expect(order(diagnoses)).toEqual(['node-not-ready', 'disk-full'])
	})
})

describe('order', () => {
	it('a node that is down before a certain warning; certain before likely', () => {
		const rules = [
			ruleOf('cert-expiring', finds(proof), { severity: 'warning' }),
			ruleOf('etcd-quorum-lost', finds(strong)),
			ruleOf('disk-full', finds(proof)),
			ruleOf('clock-skew', finds(hint)),
		]
		expect(order(judge(rules).diagnoses)).toEqual([
			'disk-full',
			'etcd-quorum-lost',
			'cert-expiring',
			'clock-skew',
		])
	})
})

describe('what could not look', () => {
	it('is not examined, with the command that would settle it', () => {
		const rules = [ruleOf('disk-full', [fact(['disks'], () => proof('disks', 'full'))])]
		const gap = {
			source: 'disks' as const,
			file: 'commands/df.txt',
			why: 'timeout' as const,
			detail: 'df did not answer',
			askFor: 'df -h',
			matters: false,
		}
		const { diagnoses, unexamined } = diagnose(rules, bare, [gap])
		expect(diagnoses).toEqual([])
		expect(unexamined).toEqual([
			{
				cause: 'disk-full',
				title: 'disk-full',
				missing: ['disks'],
				because: 'df did not answer',
				askFor: 'df -h',
			},
		])
	})

	it('is told apart from what does not apply to this kind of node', () => {
		const agentOnly = ruleOf('token-wrong', finds(proof), { appliesTo: ['agent'] })
		expect(judge([agentOnly]).unexamined).toMatchObject([
			{ missing: [], because: 'not looked for on this kind of node (server)' },
		])
	})
})

describe('a rule that fails', () => {
	it('is listed as crashed, never as a diagnosis; the others go on', () => {
		const bad = ruleOf('disk-full', [
			fact(['node'], () => {
				throw new Error('oops')
			}),
		])
		const { diagnoses, crashed } = judge([bad, ruleOf('clock-skew', finds(proof))])
		expect(crashed).toEqual([{ cause: 'disk-full', error: 'oops' }])
		expect(order(diagnoses)).toEqual(['clock-skew'])
	})

	it('in its remedies keeps its diagnosis', () => {
		const bad = ruleOf('disk-full', finds(proof), {
			remedies: () => {
				throw new Error('oops')
			},
		})
		expect(judge([bad])).toMatchObject({
			crashed: [{ error: 'oops' }],
			diagnoses: [{ cause: 'disk-full', remedies: [] }],
		})
	})
})

/** Evidence of a unit's journal: `[second, body]` of k3s, or of systemd when the body says so. */
function evidenceOf(lines: [number, string][], takenAt = 100): Evidence {
	const text = lines
		.map(([second, body]) => {
			const at = new Date(Date.UTC(2026, 10, 21, 4, 0, second)).toISOString().replace('Z', '000+0000')
			const who = /^(Start|Stop|k3s\.service|Failed to start)/.test(body) ? 'systemd[1]' : 'k3s[7]'
			return `${at} n1 ${who}: ${body}`
		})
		.join('\n')
	const read = journal.parse(bundleOf({ 'journal/k3s.log': text }))
	const now = Date.UTC(2026, 10, 21, 4, 0, takenAt)
	const evidence: Evidence = { ...bare, ...(read && { journal: read }), clock: { now } }
	return { ...evidence, service: serviceOf(evidence) }
}
const said = (level: string, text: string) => `time="2026-11-21T04:00:00Z" level=${level} msg="${text}"`
const begins: [number, string] = [1, said('info', 'Starting k3s v1.33.1+k3s1 (abc)')]
const failedStart: [number, string][] = [
	[0, 'Starting k3s.service - x...'],
	begins,
	[2, said('error', 'something on the way')],
	[3, said('fatal', 'Error: the flux capacitor is cold')],
	[3, "k3s.service: Failed with result 'exit-code'."],
]

describe('log signs', () => {
	const flux = ruleOf('config-bad-value', [log(/flux capacitor is (?<how>\w+)/, ({ how }) => `it is ${how}`)])

	it('weigh the last word of a failed start as proof, with its groups, line and time', () => {
		const { diagnoses } = judge([flux], evidenceOf(failedStart))
		expect(diagnoses[0]).toMatchObject({
			confidence: 'certain',
			findings: [{ says: 'it is cold', quote: { line: 4 } }],
		})
	})

	it('weigh any other line as their author says', () => {
		const other = ruleOf('config-bad-value', [log(/something on the way/, 'seen')])
		expect(judge([other], evidenceOf(failedStart)).diagnoses[0]?.confidence).toBe('likely')
	})

	it('do not see what k3s said before it became ready', () => {
		const ok: [number, string][] = [
			[0, 'Starting k3s.service - x...'],
			begins,
			[2, said('error', 'the flux capacitor is cold')],
			[5, said('info', 'k3s is up and running')],
			[5, 'Started k3s.service - x.'],
		]
		const evidence = evidenceOf(ok)
		expect(judge([flux], { ...evidence, service: { state: 'running', restarts: 0 } }).diagnoses).toEqual([])
	})

	it('weigh the reason of a wait loop as proof once it repeats', () => {
		const wait = said(
			'info',
			'Waiting to retrieve agent configuration; server is not ready: the flux capacitor is cold',
		)
		const { diagnoses } = judge(
			[flux],
			evidenceOf([[0, 'Starting k3s.service - x...'], begins, [10, wait], [20, wait], [30, wait]], 400),
		)
		expect(diagnoses[0]).toMatchObject({ confidence: 'certain', findings: [{ count: 3 }] })
	})
})

describe('a last word that no rule knows', () => {
	it('is quoted as an unknown fatal', () => {
		const { diagnoses } = judge([ruleOf('disk-full', [fact(['node'], () => [])])], evidenceOf(failedStart))
		expect(diagnoses).toMatchObject([
			{ cause: 'unknown-fatal', severity: 'critical', findings: [{ quote: { line: 4 } }] },
		])
	})

	it('is silent when a rule knows it, and when k3s runs', () => {
		const known = ruleOf('config-bad-value', [log(/flux capacitor/, 'x')])
		expect(order(judge([known], evidenceOf(failedStart)).diagnoses)).toEqual(['config-bad-value'])
		const evidence = evidenceOf(failedStart)
		expect(judge([], { ...evidence, service: { state: 'running', restarts: 0 } }).diagnoses).toEqual([])
	})
})

describe('findings that say the same', () => {
	it('are one, with their counts added and the latest line', () => {
		const other = ruleOf('config-bad-value', [
			log(/way (?<n>\w+) is blocked/, 'a way is blocked', { weight: 'hint' }),
		])
		const lines: [number, string][] = [
			[0, 'Starting k3s.service - x...'],
			begins,
			[2, said('error', 'way north is blocked')],
			[3, said('error', 'way south is blocked')],
			[4, said('error', 'way south is blocked')],
		]
		const { diagnoses } = judge([other], evidenceOf(lines))
		expect(diagnoses[0]?.findings).toMatchObject([{ says: 'a way is blocked', count: 3, quote: { line: 5 } }])
	})
})
