/** Every kind of node that the field has: well it is quiet, and what it does not have is not looked for. */
import { afterAll, describe, expect, it } from 'vitest'
import type { Bundle } from '../../src/model/bundle.js'
import { HealthyFiles } from '../healthy/node.js'
import { judge } from '../judge.js'
import { openRecording } from '../recording.js'
import { score } from '../score.js'
import { broken } from './broken.js'
import { clusters } from './clusters.js'
import { type System, systems } from './systems.js'

const kinds: readonly System[] = [...systems, ...clusters]
const table: string[] = []

async function paper({ on = 'healthy-server', init, root, change }: System): Promise<Bundle> {
	const node = new HealthyFiles(await openRecording(on), 45)
	change(node)
	return asKind(node.bundle(), init, root)
}

const asKind = (bundle: Bundle, init: System['init'], root: System['root']): Bundle => ({
	...bundle,
	node: { ...bundle.node, ...(init && { init }), ...(root !== undefined && { root }) },
})

afterAll(() => {
	process.stdout.write(`${table.join('\n')}\n`)
	const told = table.filter(line => !/ALARM|MISS/.test(line)).length
	score(
		`${told} of ${kinds.length + broken.length} nodes of every kind: quiet while well, told by their cause when broken`,
	)
})

describe('kinds of nodes', () => {
	it('are quiet while they are well', async () => {
		const alarms: string[] = []
		for (const kind of kinds) {
			const { diagnoses, unexamined, crashed } = judge(await paper(kind)).report
			expect(crashed).toEqual([])
			const told = diagnoses
				.filter(({ confidence }) => confidence !== 'possible')
				.map(({ cause, confidence, findings }) => `${cause} (${confidence}): ${findings[0]?.says}`)
			const elsewhere = unexamined
				.filter(({ missing }) => missing.length === 0)
				.map(({ cause }) => cause as string)
			const gaps = unexamined.filter(({ missing }) => missing.length > 0)
			if (told.length > 0) alarms.push(`${kind.name}: ${told.join('; ')}`)
			for (const cause of kind.off ?? [])
				if (!elsewhere.includes(cause)) alarms.push(`${kind.name}: ${cause} should not be looked for here`)
			table.push(
				`${kind.name.padEnd(55)} ${told.length === 0 ? 'quiet' : 'ALARM'}; ${elsewhere.length} causes not for it, ${gaps.length} not examined`,
			)
		}
		expect(alarms).toEqual([])
	}, 300_000)

	it('are told by their cause when they are broken', async () => {
		const misses: string[] = []
		for (const { name, cause, also = [], make, init } of broken) {
			const { diagnoses } = judge(asKind((await make()).bundle(), init, undefined)).report
			const told = diagnoses.filter(({ confidence }) => confidence !== 'possible')
			const roots = told.filter(({ explainedBy }) => !explainedBy).map(one => one.cause as string)
			const right = roots[0] === cause && roots.every(root => [cause, ...also].includes(root))
			table.push(`${name.padEnd(55)} ${right ? cause : 'MISS'}`)
			if (!right)
				misses.push(
					`${name}: ${cause} <> ${diagnoses.map(one => `${one.cause}(${one.confidence})`).join(' ')}`,
				)
		}
		expect(misses).toEqual([])
	}, 300_000)
})
