/** A first verdict before the last source has answered, and only from sources that are done. */
import { describe, expect, it } from 'vitest'
import type { SourceStep, Subject } from '../../src/app/subject.js'
import type { OnProgress } from '../../src/bundle/collect.js'
import type { Bundle } from '../../src/model/bundle.js'
import type { SourceName } from '../../src/model/evidence/index.js'
import { type Examine, ofBundle, ofHost } from '../../src/program/examinations.js'
import { sources } from '../../src/sources/index.js'
import { openRecording, recordingPath } from '../recording.js'

/** A host that answers one source after the other, as it stands in a recording. */
function host(bundle: Bundle, order: readonly SourceName[]): (onProgress: OnProgress) => Promise<Bundle> {
	return async onProgress => {
		for (const source of order) {
			onProgress({ source, asked: 'commands/df.txt', state: 'asking', ms: 0 }, () => bundle)
			onProgress({ source, asked: 'commands/df.txt', state: 'answered', ms: 3 }, () => bundle)
			onProgress({ source, asked: '', state: 'done', ms: 5 }, () => bundle)
		}
		return bundle
	}
}

async function watch(examine: Examine) {
	const steps: SourceStep[] = []
	const found: { after: number; subject: Subject }[] = []
	const done = () => steps.filter(({ ms }) => ms !== undefined).length
	const subject = await examine({
		source: step => steps.push(step),
		found: subject => found.push({ after: done(), subject }),
		signal: new AbortController().signal,
	})
	return { steps, found, subject }
}

const first: SourceName[] = ['disks', 'units', 'journal']
const order = [...first, ...sources.map(({ name }) => name).filter(name => !first.includes(name))]

describe('a host that answers bit by bit', () => {
	it('has a first verdict as soon as the unit and the journal have answered', async () => {
		const { found, subject } = await watch(ofHost(host(await openRecording('disk-full-restart'), order)))
		expect(found[0]?.after).toBe(3)
		expect(found[0]?.subject.report.diagnoses.map(({ cause }) => cause)).toContain('disk-full')
		expect(found[0]?.subject.report.verdict).toBe(subject.report.verdict)
	})

	it('is judged only by sources that are done', async () => {
		const { found } = await watch(ofHost(host(await openRecording('disk-full-restart'), order)))
		expect(Object.keys(found[0]?.subject.evidence ?? {}).sort()).toEqual(
			['disks', 'journal', 'node', 'service', 'units'].sort(),
		)
	})

	it('tells of each source that it waits, is asked, and how long it took', async () => {
		const { steps } = await watch(ofHost(host(await openRecording('healthy-server'), order)))
		const disks = steps
			.filter(({ source }) => source === 'disks')
			.map(({ state, asked }) => `${state} ${asked}`)
		expect(disks.slice(0, 3)).toEqual(['waiting ', 'asking df', 'answered '])
		expect(steps.findLast(({ source }) => source === 'disks')).toMatchObject({ state: 'answered', ms: 5 })
	})

	it('is not judged on the way once the operator has left', async () => {
		const abort = new AbortController()
		abort.abort()
		let found = 0
		await ofHost(host(await openRecording('healthy-server'), order))({
			source: () => {},
			found: () => {
				found += 1
			},
			signal: abort.signal,
		})
		expect(found).toBe(0)
	})
})

describe('a bundle', () => {
	it('tells of all sources at once, with what each was asked and how long it took then', async () => {
		const { steps, found } = await watch(ofBundle(recordingPath('healthy-server'), 'a bundle'))
		expect(steps).toHaveLength(sources.length)
		expect(found).toEqual([])
		expect(steps.find(({ source }) => source === 'units')).toMatchObject({ state: 'answered' })
		expect(steps.find(({ source }) => source === 'disks')?.asked).toContain('df')
	})

	it('says why it cannot be opened', async () => {
		await expect(watch(ofBundle('/nowhere/x.tar.gz', 'x'))).rejects.toThrow(/no such/)
	})
})
