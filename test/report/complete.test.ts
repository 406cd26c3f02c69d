/** Every format carries all of the report: each part has a word of its own, and the word must be in the file. */
import { describe, expect, it } from 'vitest'
import type { Report } from '../../src/model/report.js'
import { type Format, formats, renderReport } from '../../src/report/render.js'
import { judgeFiles } from '../judge.js'

/** A report in which each part says one word that stands nowhere else. */
function marked(): Report {
	const base = judgeFiles({}).report
	const rule = (cause: 'disk-full' | 'swap-on' | 'clock-skew') =>
		(base.rules ?? []).find(each => each.cause === cause)
	return {
		...base,
		doctor: { version: '7.7.7' },
		takenAt: '2026-11-21T04:10:00Z',
		from: 'the-origin',
		node: {
			...base.node,
			hostname: 'the-host',
			role: 'server',
			k3sVersion: 'v1.33.1+thek3s',
			os: 'the-system',
			kernel: 'the-kernel',
			arch: 'the-arch',
			addresses: ['10.77.0.1'],
		},
		verdict: 'down',
		summary: 'the-summary',
		service: 'crash-looping',
		diagnoses: [
			{
				cause: 'disk-full',
				title: 'the-root',
				severity: 'critical',
				confidence: 'certain',
				explain: 'the-explanation',
				docs: ['https://docs.k3s.io/the-doc'],
				findings: [
					{
						says: 'the-finding',
						weight: 'proof',
						source: 'journal',
						at: Date.parse('2026-11-21T04:09:31Z'),
						count: 31,
						quote: { file: 'journal/the-file.log', line: 4711, text: 'the-quote' },
					},
				],
				explains: ['swap-on'],
				remedies: [
					{
						title: 'the-remedy',
						why: 'the-reason',
						risk: 'restart',
						interrupts: 'the-interruption',
						steps: [{ run: ['the-command', 'the-argument'] }],
						recheck: [],
					},
				],
			},
			{
				cause: 'swap-on',
				title: 'the-consequence',
				severity: 'warning',
				confidence: 'likely',
				explain: 'the-other-explanation',
				docs: [],
				findings: [{ says: 'the-other-finding', weight: 'strong', source: 'memory' }],
				explains: [],
				explainedBy: 'disk-full',
				remedies: [],
			},
			{
				cause: 'cpu-starved',
				title: 'the-possibility',
				severity: 'warning',
				confidence: 'possible',
				explain: 'the-third-explanation',
				docs: [],
				findings: [{ says: 'the-hint', weight: 'hint', source: 'memory' }],
				explains: [],
				remedies: [],
			},
		],
		gaps: [
			{
				source: 'disks',
				file: 'commands/the-gap.txt',
				why: 'denied',
				detail: 'the-gap-detail',
				askFor: 'the-gap-command',
				matters: true,
			},
		],
		unexamined: [
			{
				cause: 'clock-skew',
				title: rule('clock-skew')?.title ?? '',
				missing: ['clock'],
				because: 'the-blindness',
				askFor: 'the-settling',
			},
		],
		crashed: [{ cause: 'dns-loop', error: 'the-crash' }],
		notes: ['the-note'],
		actions: [
			{
				number: 1,
				id: 'x',
				at: Date.parse('2026-11-21T03:33:33Z'),
				kind: 'remedy',
				user: 'the-user',
				uid: 0,
				node: 'the-host',
				cause: 'disk-full',
				title: 'the-action',
				risk: 'restart',
				fingerprint: '',
				folder: '',
				planned: [],
				steps: [],
				outcome: 'done',
			},
		],
		masked: [{ kind: 'the-kind', file: 'journal/the-masked.log', count: 13 }],
	}
}

const everywhere = [
	// Versions, time, node.
	...['7.7.7', '2026-11-21', '04:10', 'the-host', 'thek3s', 'the-system', 'the-arch', 'the-origin'],
	// Verdict and diagnoses with their evidence, what to do, and what follows.
	...['the-summary', 'the-root', 'disk-full', 'the-finding', 'the-quote', 'the-file.log', '4711'],
	...['the-remedy', 'the-reason', 'the-command the-argument', 'the-explanation'],
	...['the-consequence', 'the-other-finding', 'the-possibility', 'the-hint'],
	// What could not be seen.
	...['the-gap-detail', 'clock-skew', 'the-crash', 'the-note'],
	// What was done, and what was masked.
	...['the-action', 'the-user', '03:33:33', 'done', 'the-kind', '13'],
]

/** Formats for machines and for issues name each reason; text for a terminal counts them. */
const reasons: readonly Format[] = ['html', 'json', 'sarif', 'junit']

describe('a report', () => {
	it.each(Object.keys(formats) as Format[])('has all its parts as %s', async format => {
		const text = await renderReport(marked(), format)
		const wanted = reasons.includes(format) ? [...everywhere, 'the-blindness'] : everywhere
		expect(wanted.filter(word => !text.toLowerCase().includes(word.toLowerCase()))).toEqual([])
		const verdict = {
			text: 'DOWN',
			markdown: '**down**',
			html: 'DOWN',
			json: '"down"',
			sarif: '"down"',
			junit: 'DOWN',
		}
		expect(text).toContain(verdict[format])
	})

	it('ranks: the root before what is merely possible, in every format', async () => {
		for (const format of Object.keys(formats) as Format[]) {
			const text = await renderReport(marked(), format)
			// JUnit goes by the order of the causes, so that two runs can be compared.
			if (format !== 'junit')
				expect(text.indexOf('the-finding'), format).toBeLessThan(text.indexOf('the-hint'))
		}
	})
})
