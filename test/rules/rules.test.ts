/** What every rule must be. */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { rules } from '../../rules/index.js'
import { reachable } from '../../src/engine/fold.js'
import { type CauseId, causes } from '../../src/model/causes.js'

const folder = fileURLToPath(new URL('../../rules/', import.meta.url))

describe('rules', () => {
	it('are one per cause, in the folder of its area, under its own name', () => {
		const ids = rules.map(({ cause }) => cause)
		expect(new Set(ids).size).toBe(ids.length)
		for (const cause of ids) expect(readdirSync(`${folder}${causes[cause].area}`)).toContain(`${cause}.ts`)
	})

	it('are all listed: no file of a cause is forgotten', () => {
		const areas = new Set(Object.values(causes).map(({ area }) => area))
		const files = [...areas]
			.flatMap(area => readdirSync(`${folder}${area}`))
			.map(file => file.replace(/\.ts$/, ''))
		const listed = new Set<string>(rules.map(({ cause }) => cause))
		expect(files.filter(file => file in causes && !listed.has(file))).toEqual([])
	})

	it('lead to consequences without going round in circles', () => {
		const edges = new Map<CauseId, readonly CauseId[]>(rules.map(({ cause, leadsTo }) => [cause, leadsTo]))
		const circles = [...edges].flatMap(([cause, leadsTo]) =>
			leadsTo
				.filter(next => next === cause || reachable(next, edges).has(cause))
				.map(next => `${cause} -> ${next} -> … -> ${cause}`),
		)
		expect(circles).toEqual([])
	})

	it.each(rules.map(rule => [rule.cause, rule] as const))(
		'%s: explains itself, cites documentation, and has a remedy',
		(_cause, rule) => {
			expect(rule.title.length).toBeLessThanOrEqual(90)
			expect(rule.title).not.toMatch(/[.!]$/)
			expect(rule.explain.length).toBeGreaterThan(80)
			expect(rule.docs.length).toBeGreaterThan(0)
			for (const url of rule.docs) expect(url).toMatch(/^https:\/\/[a-z0-9.-]+\/\S*$/)
			expect(rule.signs.length).toBeGreaterThan(0)
			const node = {
				hostname: 'node-1',
				role: rule.appliesTo?.[0] ?? 'server',
				unit: 'k3s.service',
				init: 'systemd',
				dataDir: '/var/lib/rancher/k3s',
				root: true,
			} as const
			const remedies = rule.remedies({ node }, [])
			expect(remedies.length).toBeGreaterThan(0)
			for (const { steps, title, why, interrupts } of remedies) {
				expect(steps.length).toBeGreaterThan(0)
				expect([title, why, interrupts].every(text => text.length > 3)).toBe(true)
			}
		},
	)
})
