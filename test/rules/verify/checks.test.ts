/** Every check of verify on raw evidence: passes, does not, cannot look. */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { verifyChecks } from '../../../rules/checks.js'
import { type Case, checked } from '../checked.js'
import { cases } from './cases.js'

describe.each(verifyChecks.map(({ id }) => id))('%s', id => {
	const own = cases[id] ?? []
	it.each(own.map(one => [`${one.is} ${one.what ?? String(one.says ?? '')}`, one] as const))(
		'%s',
		async (_name, one) => {
			const found = await checked('verify', id, one)
			expect(found.status, JSON.stringify(found, null, 1)).toBe(one.is)
			const deciding = found.results.filter(({ status }) => status === one.is)
			if (one.says) expect(deciding.map(({ says }) => says).join('\n')).toMatch(one.says)
			if (one.run) expect(JSON.stringify(deciding.map(({ advice }) => advice))).toMatch(one.run)
			// Whoever is told that something is wrong is told what to do, or why it is so.
			for (const { says } of found.results) expect(says.length).toBeGreaterThan(0)
		},
	)

	it('is held against a pass, a failure and a blind eye', () => {
		const kinds = new Set(own.map(({ is }: Case) => (is === 'warn' ? 'fail' : is)))
		const wanted = ['pass', 'fail', 'not-examined']
		expect([...kinds]).toEqual(expect.arrayContaining(wanted))
	})
})

it('every file of a check is in the list', () => {
	const files = readdirSync(fileURLToPath(new URL('../../../rules/verify/', import.meta.url)))
	const helpers = ['index', 'area-check', 'areas', 'from-causes', 'young']
	const ids = files.map(file => file.replace(/\.ts$/, '')).filter(file => !helpers.includes(file))
	expect(ids.toSorted()).toEqual(verifyChecks.map(({ id }) => id).toSorted())
})
