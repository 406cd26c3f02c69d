/** Bundles of recorded nodes with damage in them. */
import { describe, expect, it } from 'vitest'
import { openRecording, recordingNames } from '../recording.js'
import { judgeDamaged, type Subject, seed, small } from './mutated-run.js'

const rounds = 2_600

async function subjectOf(name: string): Promise<Subject> {
	const { node, takenAt, entries, files } = await openRecording(name)
	const manifest = JSON.stringify({ schema: 1, takenAt, node, entries })
	return small({
		name,
		files: new Map([['bundle.json', manifest.length < 40_000 ? manifest : '{"schema":1}'], ...files]),
	})
}

describe('damaged bundles', () => {
	it(`are judged, or refused with words (seed ${seed})`, async () => {
		console.log(`Damaged bundles: seed ${seed}, ${rounds} bundles of our own layout`)
		const subjects = await Promise.all(recordingNames().map(subjectOf))
		const { bad, opened } = await judgeDamaged(subjects, rounds, 0)
		expect(bad).toEqual([])
		// Damage that leaves nothing to open would test nothing.
		expect(opened).toBeGreaterThan(rounds / 2)
	}, 600_000)
})
