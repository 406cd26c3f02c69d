/** Healthy nodes with one innocent oddity at a time: nothing may be told above "possible". */
import { afterAll, describe, expect, it } from 'vitest'
import { checklistFrom } from '../../src/commands/checklist.js'
import { judge } from '../judge.js'
import { score } from '../score.js'
import { type HealthyNode, healthyNode, healthyNodes, type Oddity } from './node.js'
import { cluster } from './oddities/cluster.js'
import { configuration } from './oddities/configuration.js'
import { history } from './oddities/history.js'
import { host } from './oddities/host.js'
import { network } from './oddities/network.js'
import { noise } from './oddities/noise.js'
import { services } from './oddities/services.js'

const oddities: readonly Oddity[] = [
	...host,
	...services,
	...network,
	...configuration,
	...cluster,
	...history,
	...noise,
]

/** Words are weighed with patience just after a boot; the rest is looked at on a node that has run for a while. */
const young: ReadonlySet<Oddity> = new Set([...history, ...noise, ...cluster])
const ages = [0, 45]

const alarms: string[] = []

async function told(name: HealthyNode, minutes: number, oddity?: Oddity): Promise<string[]> {
	const node = await healthyNode(name, minutes)
	if (oddity) {
		oddity.change(node)
		const same = !node.differsFrom(await healthyNode(name, minutes))
		if (same) throw new Error(`${oddity.name}: nothing is changed on ${name}`)
	}
	const examination = judge(node.bundle())
	const { report } = examination
	expect(report.crashed).toEqual([])
	// After the installation, the same: nothing of it is to fail.
	const failed = checklistFrom('verify', examination)
		.checks.filter(({ status }) => status === 'fail')
		.map(({ id, results }) => `verify, ${id}: ${results[0]?.says}`)
	const diagnosed = report.diagnoses
		.filter(({ confidence }) => confidence !== 'possible')
		.map(({ cause, confidence, findings }) => `${cause} (${confidence}): ${findings[0]?.says}`)
	return [...diagnosed, ...failed]
}

afterAll(() => {
	process.stdout.write(alarms.map(text => `${text}\n`).join(''))
	score(`${oddities.length} innocent oddities on healthy nodes: ${alarms.length} false alarms`)
})

describe('healthy nodes with an oddity', () => {
	it('are quiet without one, also after a while', async () => {
		for (const name of healthyNodes) for (const minutes of ages) expect(await told(name, minutes)).toEqual([])
	})

	it('have as many oddities as were asked for, each with its own name', () => {
		expect(oddities.length).toBeGreaterThanOrEqual(100)
		expect(new Set(oddities.map(({ name }) => name)).size).toBe(oddities.length)
	})

	it('stay quiet', async () => {
		for (const oddity of oddities) {
			for (const node of oddity.on ?? (['healthy-server'] as const)) {
				for (const minutes of young.has(oddity) ? ages : ages.slice(1)) {
					const found = await told(node, minutes, oddity)
					if (found.length > 0) alarms.push(`${oddity.name} (${node}, ${minutes} min): ${found.join('; ')}`)
				}
			}
		}
		expect(alarms).toEqual([])
	}, 300_000)
})
