/** What is shown as YAML is YAML: read back, it is the same. */
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { yamlLines } from '../../../src/app/cluster/yaml.js'
import { openRecording } from '../../recording.js'

const back = (value: unknown) => parse(`${yamlLines(value).join('\n')}\n`)

describe('YAML', () => {
	it.each([
		[{ a: 1, b: true, c: null, d: 'text', e: '1', f: 'true', g: '', h: '~', i: 'no', j: '0x10', k: '1e3' }],
		[{ list: [1, 'a', { b: [] }, [], {}, ['x', ['y']]], empty: {}, none: [] }],
		[{ lines: 'one\ntwo\n', open: 'one\ntwo', blank: '\nfirst is empty', tabs: 'a\tb', end: 'x\n\n' }],
		[{ 'a: b': 'c: d', '#x': '# y', 'x #y': 'z #', '-': '- a', '?': '? b', '*': '&c', '{': '[d', '%': '@e' }],
		[{ time: '2026-11-21T04:10:00Z', date: '2026-11-21', float: '1.5', version: '1.36.2', dots: '..' }],
		[[{ a: { b: { c: ['d'] } } }, 'e']],
		[{ control: 'a\u0001b\nc', quote: '"\'\\', unicode: '日本語 é', ends: 'blank ' }],
	])('%j', value => {
		expect(back(value)).toEqual(value)
	})

	it('of recorded objects', async () => {
		const { files } = await openRecording('pod-crashloop')
		for (const list of ['pods', 'nodes', 'deployments', 'services', 'addons']) {
			const { items } = JSON.parse(files.get(`api/${list}.json`) ?? '')
			for (const item of items.slice(0, 3)) expect(back(item)).toEqual(item)
		}
	})
})
