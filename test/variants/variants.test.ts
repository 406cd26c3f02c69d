/** Nodes broken in ways that nobody has recorded: the true cause stands first, and nothing false beside it. */
import { afterAll, describe, expect, it } from 'vitest'
import { judge } from '../judge.js'
import { score } from '../score.js'
import { certificates } from './certificates.js'
import { cluster } from './cluster.js'
import { configuration } from './configuration.js'
import { datastore } from './datastore.js'
import { host } from './host.js'
import { lab } from './lab.js'
import { network } from './network.js'
import { state } from './state.js'
import { workload } from './workload.js'

const variants = [
	...configuration,
	...network,
	...certificates,
	...datastore,
	...host,
	...workload,
	...state,
	...cluster,
	...lab,
]
const misses: string[] = []

afterAll(() => {
	process.stdout.write(misses.map(text => `${text}\n`).join(''))
	score(
		`${variants.length - misses.length} of ${variants.length} varied nodes: the true cause stands first, nothing false beside it`,
	)
})

describe('varied nodes', () => {
	it('are told by their cause', async () => {
		for (const { name, cause, also = [], make } of variants) {
			const { diagnoses, crashed } = judge((await make()).bundle()).report
			expect(crashed).toEqual([])
			const told = diagnoses.filter(({ confidence }) => confidence !== 'possible')
			const roots = told.filter(({ explainedBy }) => !explainedBy).map(one => one.cause as string)
			const fair = [cause, ...also]
			if (roots[0] === cause && roots.every(root => fair.includes(root))) continue
			misses.push(
				`${name}: ${cause} <> ${diagnoses.map(one => `${one.explainedBy ? '  ' : ''}${one.cause}(${one.confidence})${one.explainedBy ? `<${one.explainedBy}` : ''}`).join(' ') || 'nothing'}`,
			)
		}
		expect(misses).toEqual([])
	}, 300_000)
})
