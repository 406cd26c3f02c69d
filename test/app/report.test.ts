/** The Report tab: what is wanted, what is asked of the program, and what stands on the screen meanwhile. */
import { describe, expect, it } from 'vitest'
import type { Effect } from '../../src/app/message.js'
import { firstOrder } from '../../src/app/report-order.js'
import { writtenReport } from '../../src/program/report.js'
import { formats } from '../../src/report/render.js'
import { Driver, diagnosis, subject } from './subjects.js'

const masked = [
	{ kind: 'token', file: 'journal/k3s.log', count: 2 },
	{ kind: 'token', file: 'commands/ps.txt', count: 1 },
	{ kind: 'password', file: 'commands/ps.txt', count: 4 },
]
const node = () => subject([diagnosis('disk-full')], { report: { masked } })

const writes = (effects: readonly Effect[]) =>
	effects.filter((each): each is Effect & { kind: 'write-report' } => each.kind === 'write-report')

/** Answers the newest wish for a text, as the program does. */
async function answer(app: Driver): Promise<Driver> {
	const effect = writes(app.effects).at(-1)
	if (!effect || !app.state.subject) throw new Error('no report was asked for')
	return app.send({
		type: 'written',
		written: await writtenReport(effect.order, effect.width, app.state.subject, { ascii: false }),
	})
}

const tall = { size: { columns: 100, rows: 50 } }

describe('the Report tab', () => {
	it('asks for the report when it is shown, once, and shows what comes', async () => {
		const app = new Driver(tall).examined(node())
		expect(writes(app.effects)).toEqual([])
		app.press('5')
		expect(app.screen()).toContain('it is being written')
		app.press('j', 'k')
		expect(writes(app.effects)).toHaveLength(1)
		await answer(app)
		expect(app.screen()).toMatch(/Read it +\d+ lines, .*; 7 secrets in the evidence masked/)
		expect(app.screen()).toContain('How it begins')
		app.press('enter')
		expect(app.screen()).toContain('› Report › report')
		expect(app.screen()).toContain('Title of disk-full')
		expect(app.press('/').type('seen').press('enter').cursorRow()).toContain('seen: disk-full')
	})

	it('shows what was masked, by kind and place, and opens it there', () => {
		const app = new Driver(tall).examined(node()).press('5')
		expect(app.screen()).toMatch(/4 {2}password {2}commands\/ps\.txt/)
		expect(app.screen()).toMatch(/3 {2}token {2}in 2 files: journal\/k3s\.log, commands\/ps\.txt/)
		expect(app.press('G', 'enter').screen()).toContain('journal/k3s.log')
	})

	it('changes the format, the contents and the names with Enter, and asks anew', async () => {
		const app = new Driver(tall).examined(node()).press('5', '/').type('markdown').press('enter', 'enter')
		expect(app.state.wanted.format).toBe('markdown')
		expect(app.screen()).toContain('(x) markdown')
		app.press('esc', '/').type('quotes').press('enter', 'enter')
		expect(app.state.wanted.contents).not.toContain('quotes')
		expect(app.screen()).toContain('[ ] quotes')
		app.press('esc', '/').type('anonymise').press('enter', 'enter', 'esc')
		expect(app.screen()).toContain('[x] anonymise')
		const orders = writes(app.effects).map(({ order }) => order)
		expect(orders).toHaveLength(4)
		expect(orders.at(-1)).toEqual(app.state.wanted)
		await answer(app)
		expect(app.press('g', 'enter').screen()).not.toContain('line 3 of the journal')
		const text = app.state.written?.text ?? ''
		expect(text).toContain('**Describe the bug:**')
		expect(text).not.toContain('node-1')
	})

	it('takes no text for another one: what comes late is dropped', async () => {
		const app = new Driver(tall).examined(node()).press('5')
		const [early] = writes(app.effects)
		if (!early || !app.state.subject) throw new Error('nothing was asked for')
		const late = await writtenReport(early.order, early.width, app.state.subject, { ascii: false })
		app.press('/').type('sarif').press('enter', 'enter')
		app.send({ type: 'written', written: late })
		expect(app.state.written?.text).toBeUndefined()
		expect((await answer(app)).state.written?.text).toContain('"2.1.0"')
	})

	it('is written anew after another look, and for another width', async () => {
		const app = new Driver(tall).examined(node()).press('5', 'enter')
		await answer(app)
		app.send({ type: 'resize', columns: 80, rows: 24 })
		expect(writes(app.effects).map(({ width }) => width)).toEqual([96, 76])
		app.examined(subject([diagnosis('port-in-use')]))
		await answer(app)
		expect(app.screen()).toContain('Title of port-in-use')
	})

	it('says why a report could not be written', () => {
		const app = new Driver(tall).examined(node()).press('5', 'enter')
		const { written } = app.state
		if (!written) throw new Error('nothing was asked for')
		app.send({ type: 'written', written: { ...written, error: 'no memory' } })
		expect(app.screen()).toContain('It could not be written: no memory')
	})
})

describe('saving and copying the report', () => {
	it.each(Object.entries(formats))('offers a name with the suffix of %s', (format, { suffix }) => {
		const app = new Driver(tall).examined(node()).press('5', '/').type(format).press('enter', 'enter')
		app.press('S', 'enter')
		expect(app.effects.at(-1)).toEqual({
			kind: 'save-report',
			path: `k3s-doctor-node-1-2026-11-21T04-10-00${suffix}`,
			order: { ...firstOrder, format },
			replace: false,
		})
	})

	it('goes by the suffix that was typed, and replaces only when that is said', () => {
		const app = new Driver().examined(node()).press(':').type('save /tmp/x.html').press('enter')
		expect(app.effects.at(-1)).toMatchObject({
			path: '/tmp/x.html',
			order: { format: 'html' },
			replace: false,
		})
		app.press(':').type('w! y').press('enter')
		expect(app.effects.at(-1)).toMatchObject({ path: 'y', order: { format: 'text' }, replace: true })
	})

	it('offers a bundle for whoever has the doctor too', () => {
		const app = new Driver(tall).examined(node()).press('5', '/').type('bundle').press('enter', 'enter')
		expect(app.screen()).toContain('Save as: k3s-doctor-node-1-2026-11-21T04-10-00.tar.gz')
		app.press('enter')
		expect(app.effects.at(-1)).toEqual({
			kind: 'save-bundle',
			path: 'k3s-doctor-node-1-2026-11-21T04-10-00.tar.gz',
			anonymise: false,
			replace: false,
		})
	})

	it('names nobody where names are to be replaced', () => {
		const app = new Driver(tall).examined(node()).press('5', '/').type('anonymise').press('enter', 'enter')
		expect(app.press('X').screen()).toMatch(/Save as: k3s-doctor-node-2026/)
	})

	it('copies the whole report from anywhere with C, and with c in its tab', () => {
		const app = new Driver().examined(node()).press('C')
		expect(app.effects.at(-1)).toEqual({ kind: 'copy-report', order: firstOrder })
		expect(app.press('5').press('c').effects.at(-1)?.kind).toBe('copy-report')
		expect(new Driver().press('C', 'X').effects).toEqual([])
	})
})
