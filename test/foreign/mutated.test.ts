/** Bundles of other collectors with damage in them. */
import { describe, expect, it } from 'vitest'
import { judgeDamaged, type Subject, seed, small } from '../bundle/mutated-run.js'
import { openRecording } from '../recording.js'
import { looseShaped, replicatedShaped, sosShaped } from './loose-shaped.js'
import { rancherShaped } from './rancher-shaped/index.js'

const rounds = 2_600

const shapes = {
	"Rancher's": rancherShaped,
	"sos's": sosShaped,
	loose: looseShaped,
	"Replicated's": replicatedShaped,
}
const nodes = [
	'healthy-server',
	'cgroup-v1',
	'images-missing',
	'agent-node-password',
	'pod-stuck',
	'ha-healthy',
	'etcd-peer-blocked',
	'not-installed',
	'pvc-no-class',
	'disk-full-restart',
]

describe('damaged bundles of others', () => {
	it(`are judged, or refused with words (seed ${seed})`, async () => {
		console.log(`Damaged bundles: seed ${seed}, ${rounds} bundles of foreign layouts`)
		const subjects: Subject[] = []
		for (const node of nodes) {
			const bundle = await openRecording(node)
			for (const [shape, change] of Object.entries(shapes)) {
				subjects.push(small({ name: `${shape} ${node}`, files: change(bundle) }))
			}
		}
		const { bad, opened } = await judgeDamaged(subjects, rounds, 1)
		expect(bad).toEqual([])
		expect(opened).toBeGreaterThan(rounds / 2)
	}, 600_000)
})
