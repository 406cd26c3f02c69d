/** What the app does outside of the screen: the file of suppressions, the clipboard, saved reports. */

import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type State, start } from '../../src/app/state.js'
import { clipboardSequence } from '../../src/program/clipboard.js'
import { conductor } from '../../src/program/conductor.js'
import { loadSuppressions, type Performer, perform } from '../../src/program/effects.js'
import { type Loop, loop } from '../../src/program/loop.js'
import {
	operator,
	parseSuppressions,
	readSuppressions,
	writeSuppressions,
} from '../../src/program/suppressions.js'
import { diagnosis, subject } from '../app/subjects.js'

const folder = () => mkdtempSync(join(tmpdir(), 'doctor-'))

describe('the clipboard', () => {
	it('is written by OSC 52, so that it works over ssh', () => {
		expect(clipboardSequence('ls -l "ä"', {})).toBe(
			`\u001b]52;c;${Buffer.from('ls -l "ä"').toString('base64')}\u0007`,
		)
	})

	it('is reached through GNU screen in pieces that it passes on', () => {
		const sequence = clipboardSequence('x'.repeat(3_000), { STY: '1.pts' }) ?? ''
		for (const piece of sequence.split('\u001b\\').filter(Boolean)) {
			expect(piece.startsWith('\u001bP')).toBe(true)
			expect(piece.length).toBeLessThan(768)
		}
	})

	it('refuses what terminals would cut', () => {
		expect(clipboardSequence('x'.repeat(80_000), {})).toBeUndefined()
	})
})

describe('the file of suppressions', () => {
	const entry = {
		cause: 'disk-full' as const,
		who: 'ann',
		when: '2026-11-21T05:00:00Z',
		why: 'disk is ordered',
	}

	it('comes back as it was written, names who, when and why, and is nobody else’s to write', async () => {
		const path = join(folder(), 'new', 'suppressed.json')
		expect(await readSuppressions(path)).toEqual([])
		await writeSuppressions(path, [entry])
		expect(await readSuppressions(path)).toEqual([entry])
		expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ schema: 1, suppressed: [entry] })
		expect(statSync(path).mode & 0o022).toBe(0)
	})

	it.each([
		['not JSON', '{'],
		['another shape', '[1, null, {"suppressed": 5}]'],
		['no list', '{"suppressed": {"cause": "disk-full"}}'],
		['unknown causes', '{"suppressed": [{"cause": "__proto__"}, 7, null, {"cause": 5}]}'],
	])('gives less, never an error, where it holds %s', (_what, text) => {
		expect(parseSuppressions(text)).toEqual([])
	})

	it('keeps what it understands', () => {
		expect(
			parseSuppressions(JSON.stringify({ suppressed: [{ cause: 'nonsense' }, { ...entry, who: 5 }] })),
		).toEqual([{ ...entry, who: '' }])
	})

	it('names the person behind sudo or doas', () => {
		expect(operator({ USER: 'root', SUDO_USER: 'ann' })).toBe('ann')
		expect(operator({ USER: 'root', DOAS_USER: 'bob' })).toBe('bob')
	})

	it('names the account where the environment names nobody', () => {
		expect(operator({})).toBe(userInfo().username)
	})
})

function running(more: Partial<Performer> = {}): { app: Loop; state: () => State; performer: Performer } {
	const performer: Performer = {
		examine: () => {},
		conductor: conductor({ send: message => app.send(message) }, async () => {
			throw new Error('nothing is planned here')
		}),
		logs: { do: () => {}, sources: () => {}, tidy: () => {}, close: () => {} },
		leave: () => {},
		redraw: () => {},
		suspend: () => {},
		write: () => {},
		suppressionFile: undefined,
		environment: { USER: 'ann' },
		ascii: false,
		...more,
	}
	const app: Loop = loop(start({ mode: 'live', from: 'this host' }), (effect, state) =>
		perform(effect, state, app, performer),
	)
	app.send({ type: 'examined', subject: subject([diagnosis('disk-full')]) })
	return { app, state: app.state, performer }
}

async function noticed(state: () => State): Promise<string> {
	for (let tries = 0; tries < 500; tries += 1) {
		const { notice } = state()
		if (notice) return notice.text
		await new Promise(resolve => setTimeout(resolve, 5))
	}
	throw new Error('nothing was said')
}

const keys = (...names: string[]) => ({ type: 'keys' as const, keys: names })

describe('effects', () => {
	it('put a diagnosis aside in the file, and take it back', async () => {
		const path = join(folder(), 'suppressed.json')
		const { app, state } = running({ suppressionFile: path })
		app.send(keys('-', ...'ordered', 'enter'))
		expect(await noticed(state)).toContain(path)
		expect(await readSuppressions(path)).toMatchObject([{ cause: 'disk-full', who: 'ann', why: 'ordered' }])
		app.send(keys('-'))
		expect(await noticed(state)).toContain('Counts again')
		expect(await readSuppressions(path)).toEqual([])
	})

	it('hold a suppression only until the end where there is no file, and say so', async () => {
		const { app, state } = running()
		app.send(keys('-', ...'ordered', 'enter'))
		expect(await noticed(state)).toContain('until you leave')
		expect(state().suppressed).toHaveLength(1)
	})

	it('say why it could not be kept', async () => {
		const file = join(folder(), 'a file')
		writeFileSync(file, '')
		const { app, state } = running({ suppressionFile: join(file, 'suppressed.json') })
		app.send(keys('-', ...'ordered', 'enter'))
		expect(await noticed(state)).toContain('only until you leave')
		expect(state().suppressed).toHaveLength(1)
	})

	it('say when what was kept cannot be read', async () => {
		const { app, state } = running()
		await loadSuppressions(folder(), app)
		expect(await noticed(state)).toContain('could not be read')
	})

	it('save the report, and never over a file that is there', async () => {
		const path = join(folder(), 'report.txt')
		const { app, state } = running()
		app.send(keys('X', 'ctrl-u', ...path, 'enter'))
		expect(await noticed(state)).toBe(`The report is in ${path}`)
		expect(readFileSync(path, 'utf8')).toContain('Title of disk-full')
		app.send(keys('X', 'ctrl-u', ...path, 'enter'))
		expect(await noticed(state)).toContain('exists already. :save! NAME replaces it.')
		app.send(keys(':', ...`save! ${path}`, 'enter'))
		expect(await noticed(state)).toBe(`The report is in ${path}`)
	})

	it('save the report in the format that its name tells', async () => {
		const path = join(folder(), 'report.html')
		const { app, state } = running()
		app.send(keys(':', ...`save ${path}`, 'enter'))
		expect(await noticed(state)).toBe(`The report is in ${path}`)
		expect(readFileSync(path, 'utf8')).toContain('<!DOCTYPE html>')
		expect(statSync(path).mode & 0o777).toBe(0o600)
	})

	it('write the report for its tab, and copy it whole', async () => {
		const written: string[] = []
		const { app, state } = running({ write: text => written.push(text) })
		app.send(keys('5'))
		await expect.poll(() => state().written?.text, { timeout: 60_000 }).toContain('Title of disk-full')
		app.send(keys('C'))
		expect(await noticed(state)).toContain('in the clipboard')
		const coded = /52;c;([^\u0007]*)/.exec(written.join(''))?.[1] ?? ''
		expect(Buffer.from(coded, 'base64').toString('utf8')).toContain('Title of disk-full')
	})

	it('send what is copied straight to the terminal', async () => {
		const written: string[] = []
		const { app } = running({ write: text => written.push(text) })
		app.send(keys('c'))
		await expect.poll(() => written).toEqual([clipboardSequence('sudo k3s-doctor fix disk-full', {})])
	})

	it('mask what is copied, wherever it comes from', async () => {
		const written: string[] = []
		const { app, state, performer } = running({ write: text => written.push(text) })
		const text = 'join with K10aa11bb22cc33dd44ee55::server:S3cretW0rd99 now'
		perform({ kind: 'copy', text }, state(), app, performer)
		await expect.poll(() => written).toHaveLength(1)
		const coded = /52;c;([^\u0007]*)/.exec(written[0] ?? '')?.[1] ?? ''
		expect(Buffer.from(coded, 'base64').toString()).toMatch(/^join with <redacted-\w{8}> now$/)
	})
})

describe('the loop', () => {
	it('tells of a burst once, but takes each message at once', async () => {
		const { app } = running()
		let told = 0
		app.subscribe(() => {
			told += 1
		})
		for (let press = 0; press < 10; press += 1) app.send(keys('?', 'esc'))
		app.send(keys('4'))
		expect(app.state().tab).toBe('node')
		await Promise.resolve()
		expect(told).toBe(1)
	})
})
