/** Every recorded node against its truth: the true cause first, and healthy nodes left alone. */
import { afterAll, describe, expect, it } from 'vitest'
import { judge, rootsOf } from './judge.js'
import { openRecording, recordingNames, truthOf } from './recording.js'
import { verifiedRow } from './rules/verify/recorded.js'
import { score } from './score.js'

interface Row {
	name: string
	truth: string
	rank: string
	first: string
	also: string
}

const table: Row[] = []
/** What `verify` says of each. */
const verified: string[] = []

function printed(rows: readonly Row[]): string {
	const heads: Row = {
		name: 'node',
		truth: 'true cause',
		rank: 'rank',
		first: 'stood first',
		also: 'other roots',
	}
	const columns = ['name', 'truth', 'rank', 'first', 'also'] as const
	const widths = columns.map(column => Math.max(...[heads, ...rows].map(row => row[column].length)))
	return [heads, ...rows]
		.map(row =>
			columns
				.map((column, index) => row[column].padEnd(widths[index] ?? 0))
				.join('  ')
				.trimEnd(),
		)
		.join('\n')
}

afterAll(() => {
	const broken = table.filter(({ truth }) => truth !== '-')
	const first = broken.filter(({ rank }) => rank === '1' || rank === 'also')
	const healthy = table.filter(({ truth }) => truth === '-')
	const quiet = healthy.filter(({ rank }) => rank === 'quiet')
	const rows = table.sort((a, b) => a.name.localeCompare(b.name))
	process.stdout.write(`\n${printed(rows)}\n\n`)
	score(
		`${first.length} of ${broken.length} recorded nodes: the true cause stands first; ${quiet.length} of ${healthy.length} healthy ones: quiet`,
	)
	process.stdout.write(`\nk3s-doctor verify:\n${verified.toSorted().join('\n')}\n`)
})

describe('recorded nodes', () => {
	for (const name of recordingNames()) {
		const truth = truthOf(name)
		it(`${name}: ${truth.cause ?? 'healthy'}`, async () => {
			const examination = judge(await openRecording(name))
			const roots = rootsOf(examination)
			const { diagnoses, crashed, verdict } = examination.report
			const all = diagnoses.filter(({ confidence }) => confidence !== 'possible').map(({ cause }) => cause)
			const rank = truth.cause ? roots.map(String).indexOf(truth.cause) + 1 : 0
			const fairFirst = truth.also.some(cause => cause === roots[0])
			const quiet = all.every(cause => truth.also.some(also => also === cause))
			table.push({
				name,
				truth: truth.cause ?? '-',
				rank: truth.cause
					? rank === 1
						? '1'
						: fairFirst && all.some(cause => cause === truth.cause)
							? 'also'
							: String(rank || 'none')
					: quiet
						? 'quiet'
						: 'ALARM',
				first: roots[0] ?? verdict,
				also: roots.slice(1).join(' '),
			})
			expect(crashed).toEqual([])
			verified.push(verifiedRow(name, examination, truth))
			if (truth.cause === null) {
				expect(all.filter(cause => !truth.also.some(also => also === cause))).toEqual([])
				expect(['healthy', 'starting', 'at-risk', 'degraded']).toContain(verdict)
				return
			}
			if (roots[0] !== truth.cause) {
				expect([truth.cause, ...truth.also]).toContain(roots[0])
				expect(all).toContain(truth.cause)
			}
		})
	}

	it('tells a node that is just starting from one that hangs', async () => {
		const { report } = judge(await openRecording('healthy-server-starting'))
		expect(report.verdict).toBe('starting')
	})
})
