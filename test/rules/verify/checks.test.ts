/** Every check of verify on raw evidence: passes, does not, cannot look. */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { verifyChecks } from '../../../rules/checks.js'
import { type Case, holdsItsCases } from '../checked.js'
import { cases } from './cases.js'

describe.each(verifyChecks.map(({ id }) => id))('%s', id => {
	const own = cases[id] ?? []
	holdsItsCases('verify', id, own)

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
