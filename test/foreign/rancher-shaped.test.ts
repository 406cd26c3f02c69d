/** Every recorded node as Rancher's logs-collector would have taken it: the same first diagnosis, or a reason why not. */
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { openBundle } from '../../src/bundle/open.js'
import type { Examination } from '../../src/examine.js'
import { judge, rootsOf } from '../judge.js'
import { openRecording, recordingNames } from '../recording.js'
import { archiveAt } from './archive.js'
import { rancherShaped } from './rancher-shaped/index.js'

/** Node -> what the format does not carry. Where it is equal all the same, the entry has to go. */
const exceptions = JSON.parse(
	readFileSync(new URL('./rancher-exceptions.json', import.meta.url), 'utf8'),
) as Record<string, string>

const first = (examination: Examination): string => rootsOf(examination)[0] ?? examination.report.verdict

const rows: string[][] = []
let equal = 0

afterAll(() => {
	const heads = ['node', 'own layout', "Rancher's", 'because']
	const widths = heads.map((head, index) =>
		Math.max(head.length, ...rows.map(row => row[index]?.length ?? 0)),
	)
	const lines = [heads, ...rows].map(row =>
		row
			.map((cell, index) => cell.padEnd(widths[index] ?? 0))
			.join('  ')
			.trimEnd(),
	)
	process.stdout.write(
		`\n${lines.join('\n')}\n\n${equal} of ${recordingNames().length} recorded nodes get the same first diagnosis from a tarball of Rancher's collector\n`,
	)
})

describe("recorded nodes in the shape of Rancher's collector", () => {
	for (const name of recordingNames()) {
		const because = exceptions[name]
		it(`${name}${because ? ` (differs: ${because})` : ''}`, async () => {
			const own = await openRecording(name)
			const foreign = await openBundle(await archiveAt('node.tar.gz', rancherShaped(own)))
			expect(foreign.collector).toBe("Rancher's logs-collector")
			expect(foreign.node.hostname).toBe(own.node.hostname)
			// Of a host without k3s nothing tells what it was meant to be.
			if (name !== 'not-installed')
				expect(foreign.node).toMatchObject({ role: own.node.role, unit: own.node.unit })
			const [wanted, examined] = [judge(own), judge(foreign)]
			expect(examined.report.crashed).toEqual([])
			const [here, there] = [first(wanted), first(examined)]
			if (here === there) equal += 1
			else rows.push([name, here, there, because ?? 'NOBODY KNOWS'])
			if (because === undefined) {
				expect(there).toBe(here)
				return
			}
			expect(there, 'the format carries it after all: the exception can go').not.toBe(here)
			// What it does not carry must not make it say something wrong with certainty, nor call the node well.
			const { verdict } = examined.report
			if (here !== 'healthy' && own.node.role === 'agent') expect(verdict).not.toBe('healthy')
		})
	}

	it('names no node as an exception that is not recorded', () => {
		expect(Object.keys(exceptions).filter(name => !recordingNames().includes(name))).toEqual([])
	})
})
