import { describe, expect, it } from 'vitest'
import { openBundle } from '../../src/bundle/open.js'
import { openRecording, recordingNames, truthOf } from '../recording.js'
import { fileWith } from './archive-of.js'

/** Private keys as PEM or as base64 of PEM, full join tokens, service-account tokens. */
const secret =
	/PRIVATE KEY|LS0tLS1CRUdJTi[A-Za-z0-9+/]*(UFJJVkFURSBLRV|BSSVZBVEUgS0VZ|QUklWQVRFIEtFW)|\bK10[0-9a-f]{64}::|\beyJhbGciOi/

describe('the recorded nodes', () => {
	it('are opened whole, and it is known what was wrong with each', async () => {
		const names = recordingNames()
		expect(names.length).toBeGreaterThan(90)
		for (const name of names) {
			const bundle = await openRecording(name)
			expect([name, bundle.notes]).toEqual([name, []])
			expect(bundle.files.size).toBeGreaterThan(40)
			expect(['server', 'agent']).toContain(bundle.node.role)
			const truth = truthOf(name)
			expect(truth.state).toBe(truth.cause === null ? 'healthy' : 'broken')
		}
	})

	it('hold nothing secret', async () => {
		for (const name of recordingNames()) {
			for (const [file, text] of (await openRecording(name)).files) {
				const found = secret.exec(text)
				expect(found && `${name} ${file}: ${found[0]}`).toBeNull()
			}
		}
	})

	it('are known by their journal alone: role, unit and name', async () => {
		for (const name of recordingNames()) {
			const { node, files } = await openRecording(name)
			const file = `journal/${node.unit.replace('.service', '')}.log`
			const text = files.get(file) ?? ''
			// A node that never had k3s has an empty one.
			if (!text.includes('k3s[')) continue
			const alone = await openBundle(fileWith(text))
			expect([name, alone.node]).toEqual([name, node])
			expect(alone.files).toEqual(new Map([[file, text]]))
		}
	})
})
