import { describe, expect, it } from 'vitest'
import { actions } from '../../src/app/actions/index.js'
import { keysMarkdown } from '../../src/app/keys/readme.js'
import { keyTable } from '../../src/app/keys/table.js'
import { Driver, diagnosis, subject } from './subjects.js'

describe('the table of keys', () => {
	it('gives a key one meaning where it is valid', () => {
		const taken = new Map<string, string>()
		for (const { in: scope, keys, does } of keyTable) {
			for (const key of keys) {
				const place = `${scope} ${key}`
				expect(taken.get(place) ?? does, place).toBe(does)
				taken.set(place, does)
				if (scope === 'list' || scope === 'text' || scope === 'log')
					expect(taken.has(`everywhere ${key}`), place).toBe(false)
			}
		}
	})

	it('has an action for each name and a name for each action', () => {
		expect(Object.keys(actions).sort()).toEqual([...new Set(keyTable.map(({ does }) => does))].sort())
	})

	it('is all in the help of a place', () => {
		const app = new Driver({ size: { columns: 100, rows: 200 } }).examined(subject([diagnosis('disk-full')]))
		const list = app.press('?').screen()
		const elsewhere = ['text', 'log', 'cluster']
		for (const { in: scope, says } of keyTable) if (!elsewhere.includes(scope)) expect(list).toContain(says)
		expect(app.press('esc', '2', '?').screen()).toContain('choose a namespace')
		expect(app.press('esc', '3', 'enter', '?').screen()).toContain('next error')
	})

	it('can be searched in the help', () => {
		const app = new Driver().examined(subject([])).press('?', '/').type('wrap').press('enter')
		expect(app.screen()).not.toContain('re-examine')
		expect(app.press('esc', 'esc').screen()).toContain('HEALTHY')
	})

	it('makes the table of the README', () => {
		expect(keysMarkdown()).toContain('| `1…7` | Diagnoses, Pods, Logs, Node, Report, Actions, Evidence |')
		expect(keysMarkdown()).toContain('| `Ctrl-C` | leave at once |')
	})

	it('offers in the footer only what does something', () => {
		const app = new Driver({ size: { columns: 200, rows: 40 } }).examined(subject([]))
		const footer = app.rows().at(-1) ?? ''
		expect(footer).not.toContain('Enter')
		expect(footer).not.toContain('remedy')
		expect(footer).toContain('? help')
		expect(footer).toContain('q quit')
	})
})
