/** Every check of preflight on raw evidence: passes, does not, cannot look. */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { preflightChecks } from '../../../rules/checks.js'
import { type Case, holdsItsCases } from '../checked.js'
import { cases } from './cases.js'

describe.each(preflightChecks.map(({ id }) => id))('%s', id => {
	const own = cases[id] ?? []
	holdsItsCases('preflight', id, own)

	it('is held against a pass, a failure and a blind eye', () => {
		const kinds = new Set(own.map(({ is }: Case) => (is === 'warn' ? 'fail' : is)))
		// What is not there is told as left out; what lies between two hosts never passes from here.
		const wanted =
			id === 'reachable'
				? ['not-examined', 'left']
				: ['pass', 'fail', kinds.has('left') && !kinds.has('not-examined') ? 'left' : 'not-examined']
		expect([...kinds]).toEqual(expect.arrayContaining(wanted))
	})
})

it('every file of a check is in the list', () => {
	const files = readdirSync(fileURLToPath(new URL('../../../rules/preflight/', import.meta.url)))
	const ids = files
		.map(file => file.replace(/\.ts$/, ''))
		.filter(file => !['index', 'inbound', 'joins', 'room', 'set-up'].includes(file))
	expect(ids.toSorted()).toEqual(preflightChecks.map(({ id }) => id).toSorted())
})
