import { describe, expect, it } from 'vitest'
import { placesOf } from '../../src/remedies/places.js'
import { makePlan } from '../../src/remedies/plan.js'
import { surroundingsOf } from '../../src/remedies/recorded.js'
import { scriptOf } from '../../src/remedies/script.js'
import { planLines } from '../../src/report/plan-text.js'
import { stepTexts } from '../../src/report/steps.js'
import { judge } from '../judge.js'
import { openRecording, recordingNames, truthOf } from '../recording.js'
import { mends } from './mends.js'

describe('plans for the recorded nodes', () => {
	it('can be made of every remedy, hold what mended the node, nothing that is never done, and are run on none', async () => {
		const wrong: string[] = []
		const helpless: string[] = []
		const unmended: string[] = []
		let plans = 0
		for (const name of recordingNames()) {
			const { bundle, evidence, judgement } = judge(await openRecording(name))
			const { cause, mend } = truthOf(name)
			const own = judgement.diagnoses.find(diagnosis => diagnosis.cause === cause)
			if (cause !== null && !own?.remedies.length) helpless.push(`${name}: ${cause}`)
			if (mend !== null) {
				const steps = (own?.remedies ?? []).map(({ steps }) =>
					[...steps.flatMap(step => stepTexts(step))].map(({ text }) => text).join('\n'),
				)
				if (!steps.some(text => mends[name]?.test(text)))
					unmended.push(`${name}: ${mend}\n${steps.join('\n')}`)
			}
			for (const diagnosis of judgement.diagnoses) {
				for (const [index, remedy] of diagnosis.remedies.entries()) {
					const { backups } = placesOf(bundle.node.dataDir)
					const surroundings = surroundingsOf(remedy, bundle, evidence, backups)
					const plan = makePlan({
						diagnosis,
						number: index + 1,
						evidence,
						surroundings,
						mode: 'bundle',
						at: 0,
					})
					if (!plan) throw new Error('no plan')
					plans += 1
					for (const { kind, why } of plan.refusals)
						if (kind === 'policy' || (kind === 'step' && !why.startsWith('the bundle does not tell')))
							wrong.push(`${name} ${diagnosis.cause} ${index + 1}: ${kind}: ${why}`)
					expect(plan.refusals[0]?.kind === 'mode' || plan.refusals.length > 0).toBe(true)
					expect(planLines(plan).length).toBeGreaterThan(8)
					expect(scriptOf(plan)).toContain(plan.title.split('\n')[0] ?? '')
				}
			}
		}
		expect(wrong).toEqual([])
		// Every cause that was found has something to do about it; what mended the node is among it.
		expect(helpless).toEqual([])
		expect(unmended).toEqual([])
		expect(plans).toBeGreaterThan(100)
	}, 120_000)
})
