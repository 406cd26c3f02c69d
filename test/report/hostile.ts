/** A report with everything in it that could be taken for markup, an escape, or an end of something. */
import type { Report } from '../../src/model/report.js'

export const hostileWords = [
	'<script>alert(1)</script>',
	'</pre></details><img src=x onerror="alert(1)">',
	'&lt;b&gt; &amp; &#60;',
	"' onmouseover='x",
	'<!-- comment -->',
	']]><![CDATA[',
	'# heading',
	'1. item',
	'- item',
	'> quote',
	'*bold* _it_ `code` ``` fence',
	'[link](https://evil.example) ![x](https://evil.example/x.png)',
	'| cell | cell |',
	'@somebody #12 GH-12',
	'\\`backslash\\`',
	'<details><summary>',
	'~~~\nfence',
	'```\nfence',
	'$x$ <kbd>',
	'\u001b[31mred \u0000 \u202e \ufffe \ud800',
	'javascript:alert(1)',
]

/** The words take the place of every text that comes from evidence. */
export function hostileReport(report: Report, words: string): Report {
	return {
		...report,
		from: words,
		summary: words,
		node: { ...report.node, hostname: words, os: words, k3sVersion: words, addresses: [words] },
		notes: [words],
		gaps: [{ source: 'disks', file: words, why: 'failed', detail: words, askFor: words, matters: true }],
		unexamined: [
			{ cause: 'disk-full', title: words, missing: ['disks'], because: words, askFor: words },
			{ cause: 'swap-on', title: words, missing: [], because: words },
		],
		crashed: [{ cause: 'clock-skew', error: words }],
		starts: [{ began: 1e12, last: 1e12 + 9e4, end: 'fatal', why: words }],
		certificates: [{ path: words, commonName: words, ca: false, from: 1e12, to: 3e12 }],
		masked: [{ kind: words, file: words, count: 3 }],
		actions: [
			{
				number: 1,
				id: 'x',
				at: 1e12,
				kind: 'remedy',
				user: words,
				uid: 0,
				node: words,
				cause: 'disk-full',
				title: words,
				risk: 'safe',
				fingerprint: '',
				folder: words,
				planned: [],
				steps: [],
				outcome: 'done',
				detail: words,
			},
		],
		diagnoses: (['unknown-fatal', 'port-in-use', 'dns-loop', 'pod-crashloop'] as const).map(
			(cause, index) => ({
				cause,
				title: words,
				severity: 'critical',
				confidence: index === 3 ? 'possible' : 'certain',
				explain: words,
				docs: [words],
				findings: [
					{
						says: `says ${words}`,
						weight: 'proof',
						source: 'journal',
						quote: { file: words, line: 3, text: words },
					},
				],
				explains: index === 0 ? ['dns-loop'] : [],
				...(index === 2 && { explainedBy: 'unknown-fatal' as const }),
				remedies: [
					{
						title: words,
						why: words,
						risk: 'restart',
						interrupts: words,
						steps: [{ run: ['echo', words] }, { write: '/etc/x', content: words }, { tell: words }],
						recheck: [],
					},
				],
			}),
		),
	}
}
