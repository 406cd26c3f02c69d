/** Every known message of k3s, where it stands, leads to a cause that it may have; the words of healthy nodes to none. */
import { afterAll, describe, expect, it } from 'vitest'
import { causes } from '../../src/model/causes.js'
import { judgeFiles, rootsOf } from '../judge.js'
import { score } from '../score.js'
import { readRows } from './rows.js'
import { scenesOf } from './scenes.js'

const rows = readRows()
let all = 0
const misses: string[] = []

function miss(row: (typeof rows)[number], form: string, found: readonly string[]): void {
	const text = row.text.length > 150 ? `${row.text.slice(0, 60)} … ${row.text.slice(-85)}` : row.text
	misses.push(
		`${row.number} ${row.place}, ${form}: ${text}\n\t${row.causes.join('|') || 'nothing'} <> ${found.join(' ') || 'nothing'}`,
	)
}

afterAll(() => {
	process.stdout.write(misses.map(text => `${text}\n`).join(''))
	score(`${all - misses.length} of ${all} messages lead to their cause`)
})

describe('messages', () => {
	it('names causes that there are', () => {
		const named = rows.flatMap(row => row.causes)
		expect(named.filter(cause => !(cause in causes))).toEqual([])
		expect(
			rows.filter(({ causes: accepted, place }) => (accepted.length === 0) !== (place === 'noise')),
		).toEqual([])
	})

	it('leads from each to its cause', () => {
		for (const row of rows) {
			for (const { form, files, node, entries } of scenesOf(row)) {
				all += 1
				const examination = judgeFiles(files, node, entries)
				const { diagnoses, crashed } = examination.report
				expect(crashed).toEqual([])
				const roots: string[] = rootsOf(examination)
				const right =
					row.place === 'noise'
						? diagnoses.every(({ confidence }) => confidence === 'possible')
						: row.causes.some(cause => roots.includes(cause) || diagnoses[0]?.cause === cause)
				if (!right)
					miss(
						row,
						form,
						row.place === 'noise'
							? roots
							: diagnoses.map(({ cause, confidence }) => `${cause}(${confidence})`),
					)
			}
		}
		expect(misses.length / all).toBeLessThanOrEqual(0.02)
	}, 300_000)
})
