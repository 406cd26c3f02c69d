/** What happened to people: one of the causes that were found then stands among the first. */
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { causes } from '../../src/model/causes.js'
import { judgeFiles } from '../judge.js'
import { score } from '../score.js'
import type { Cases } from './case.js'
import { cluster } from './cluster.js'
import { configuration } from './config.js'
import { datastore } from './datastore.js'
import { host } from './host.js'
import { identity } from './identity.js'
import { network } from './network.js'
import { runtime } from './runtime.js'
import { service } from './service.js'

interface Incident {
	id: string
	causes: string[]
}

const incidents: Incident[] = readFileSync(new URL('incidents.tsv', import.meta.url), 'utf8')
	.split('\n')
	.filter(line => line !== '' && !line.startsWith('#'))
	.map(line => {
		const [id = '', , named = ''] = line.split('\t')
		return { id, causes: named.split(',') }
	})

const rooms: Cases[] = [service, configuration, host, network, identity, datastore, runtime, cluster]
const cases: Cases = Object.assign({}, ...rooms)

let first = 0
let among = 0
const misses: string[] = []
const untold = Object.entries(cases).flatMap(([id, told]) =>
	'undecidable' in told ? [`${id}: ${told.undecidable}`] : [],
)

afterAll(() => {
	const decidable = incidents.length - untold.length
	process.stdout.write([...misses, ...untold].map(text => `${text}\n`).join(''))
	score(
		`${first} of ${decidable} incidents: a true cause first; ${among}: in the first three; ${untold.length} not decidable from a node`,
	)
})

describe('incidents', () => {
	it('are each on paper once, or said not to be decidable', () => {
		const ids = incidents.map(({ id }) => id)
		expect(ids.filter(id => !(id in cases))).toEqual([])
		expect(rooms.flatMap(room => Object.keys(room)).sort()).toEqual([...ids].sort())
		expect(incidents.flatMap(incident => incident.causes).filter(cause => !(cause in causes))).toEqual([])
	})

	it('lead to what was found', () => {
		for (const incident of incidents) {
			const told = cases[incident.id]
			if (!told || 'undecidable' in told) continue
			const { files, node, entries } = told.scene()
			const { diagnoses, crashed } = judgeFiles(files, node, entries).report
			expect(crashed).toEqual([])
			const found = diagnoses.filter(({ confidence }) => confidence !== 'possible').map(({ cause }) => cause)
			const accepted = [...incident.causes, ...(told.also ?? [])]
			const rank = found.findIndex(cause => accepted.includes(cause)) + 1
			if (rank === 1) first += 1
			if (rank > 0 && rank <= 3) among += 1
			else
				misses.push(
					`${incident.id}: ${incident.causes.join('|')} <> ${diagnoses.map(({ cause, confidence }) => `${cause}(${confidence})`).join(' ') || 'nothing'}`,
				)
		}
		expect(among / (incidents.length - untold.length)).toBeGreaterThanOrEqual(0.9)
	}, 300_000)
})
