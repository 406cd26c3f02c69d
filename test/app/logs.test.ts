/** Logs as the operator meets them: keys in, screens out, on a recorded node and on made-up text. */
import { describe, expect, it } from 'vitest'
import { placeOf } from '../../src/app/state.js'
import { judge, judgeFiles } from '../judge.js'
import { openRecording } from '../recording.js'
import { Driver, subject } from './subjects.js'

const minute = (count: number) => `2026-11-21T04:${String(count).padStart(2, '0')}:00.000000+0000 s1 k3s[1]: `
const logrus = (count: number, level: string, message: string) =>
	`${minute(count)}time="2026-11-21T04:${String(count).padStart(2, '0')}:00Z" level=${level} msg="${message}"`

function openJournal(lines: readonly string[], size = { columns: 100, rows: 30 }): Driver {
	const files = { 'journal/k3s.log': `${lines.join('\n')}\n` }
	return new Driver({ mode: 'bundle', size }).examined(subject([], { files })).press('3', 'enter')
}

/** What is looked for in a log may take a moment; then the cursor, or the head of the log, tells that it is there. */
async function until(app: Driver, words: string): Promise<void> {
	const shows = () => app.cursorRow().includes(words) || (app.rows()[2] ?? '').includes(words)
	for (let tries = 0; !shows() && tries < 1_000; tries += 1)
		await new Promise(resolve => setImmediate(resolve))
	expect(`${app.rows()[2]}\n${app.cursorRow()}`).toContain(words)
}

const forty = Array.from({ length: 40 }, (_, index) =>
	logrus(
		index,
		index % 10 === 5 ? 'error' : 'info',
		index % 10 === 5 ? `it failed ${index}` : `step ${index}`,
	),
)

describe('a log', () => {
	it('is opened at its end; errors are told by a letter as well as by colour', () => {
		const app = openJournal(forty)
		expect(app.cursorRow()).toMatch(/step 39/)
		expect(app.rows().find(row => row.includes('it failed 35'))).toMatch(/ E it failed 35$/)
		expect(app.screen()).toContain('40/40')
	})

	it('goes from error to error, and says when there is none', () => {
		const app = openJournal(forty).press('E')
		expect(app.cursorRow()).toContain('it failed 35')
		expect(app.press('E', 'E').cursorRow()).toContain('it failed 15')
		expect(app.press('e').cursorRow()).toContain('it failed 25')
		expect(app.press('g', 'E').screen()).toContain('No further error above')
	})

	it('shows what matches with lines around it, and everything again', () => {
		const app = openJournal(forty).press('&').type('failed').press('enter')
		const shown = () => app.rows().filter(row => /(?:step|failed) \d+$/.test(row)).length
		expect(shown()).toBe(4)
		expect(app.press('+').screen()).toMatch(/step 34\s[\s\S]*it failed 35\s[\s\S]*step 36/)
		expect(shown()).toBe(12)
		expect(app.press('_').screen()).not.toContain('step 34')
		expect(app.press('esc').screen()).toContain('step 34')
	})

	it('counts what repeats', () => {
		const app = openJournal([
			...forty,
			...Array.from({ length: 30 }, () => logrus(41, 'warning', 'again and again')),
		])
		expect(app.press('u').screen()).toContain('(×30) again and again')
		expect(app.press('u').screen()).not.toContain('(×')
	})

	it('is cut by time and jumped to by time', async () => {
		const app = openJournal(forty).press('t', 'T').type('04:12').press('enter')
		await until(app, 'step 12')
		app.press('T').type('since 04:30').press('enter')
		await until(app, 'step 30')
		app.press('T').type('nonsense').press('enter')
		expect(app.screen()).toContain('"nonsense" is no time')
		app.press('T').type('all').press('enter')
		expect(app.press('g').cursorRow()).toContain('step 0')
	})

	it('marks silences, days and starts of k3s with what became of them', async () => {
		const app = openJournal([
			logrus(1, 'info', 'before'),
			logrus(20, 'info', 'Starting k3s v1.30.1+k3s1 (x)'),
		])
		expect(app.screen()).toMatch(/19m00s without a line · k3s starts/)
		// Of starts in quick succession each has its own end, also where an older one is near.
		const end = (count: number, second: number) =>
			`2026-11-21T04:${count}:${second}.000000+0000 s1 systemd[1]: k3s.service: Failed with result 'exit-code'.`
		const start = (count: number, second: number) =>
			`2026-11-21T04:${count}:${second}.000000+0000 s1 k3s[1]: time="x" level=info msg="Starting k3s v1.30.1+k3s1 (x)"`
		const begin = (count: number, second: number) =>
			`2026-11-21T04:${count}:${second}.000000+0000 s1 systemd[1]: Starting k3s.service - Lightweight Kubernetes...`
		const quick = [begin(30, 10), start(30, 10), end(30, 11), begin(30, 13), start(30, 13), end(30, 15)]
		const files = { 'journal/k3s.log': `${quick.join('\n')}\n` }
		const often = new Driver({ mode: 'bundle', size: { columns: 100, rows: 30 } })
		often.examined(judgeFiles(files)).press('3', 'enter')
		expect(often.screen()).toContain('k3s starts, 1 of 2 starts: failed after 1s')
		expect(often.screen()).toContain('k3s starts, 2 of 2 starts: failed after 2s')
		const node = new Driver({ mode: 'bundle', size: { columns: 120, rows: 40 } })
		node.examined(judge(await openRecording('disk-full-restart'))).press('3', 'enter', 'p')
		await until(node, 'Starting k3s v')
		expect(node.screen()).toMatch(/k3s starts, 11 of 11 starts: ended with a fatal error after \d+s/)
	})

	it('has times, columns and wrapping as one wants them', () => {
		const app = openJournal(forty).press('x')
		expect(app.press('x').cursorRow()).toContain('level=info msg="step 39"')
		app.press('x', 't')
		expect(app.screen()).toContain('UTC')
		expect(app.cursorRow()).toContain('04:39:00')
		expect(app.press('t').screen()).toContain('-1m00s')
		expect(app.press('t').cursorRow()).not.toMatch(/\d\d:\d\d/)
	})

	it('keeps its marks and goes round them', () => {
		const app = openJournal(forty).press('g', 'm', 'G', 'm', "'")
		expect(app.cursorRow()).toContain('step 0')
		expect(app.press("'").cursorRow()).toContain('step 39')
		app.press('c')
		expect(app.effects.at(-1)).toMatchObject({ kind: 'copy', text: `${forty[0]}\n${forty[39]}` })
	})

	it('hides noise when asked', () => {
		const app = openJournal([
			logrus(1, 'info', 'Polling for API server readiness: GET /readyz failed'),
			logrus(2, 'info', 'news'),
		])
		expect(app.screen()).toContain('Polling')
		expect(app.press('z').screen()).not.toContain('Polling')
		expect(app.screen()).toContain('news')
	})

	it('shows errors over time and jumps by it', async () => {
		const app = openJournal(forty).press('i')
		expect(app.screen()).toMatch(/[▁▂▃▄▅▆▇█]/)
		await until(app.press('<'), 'it failed 35')
		await until(app.press('<'), 'it failed 25')
		await until(app.press('>'), 'it failed 35')
	})

	it('is read together with another one, by time', async () => {
		const files = {
			'journal/k3s.log': `${minute(1)}of k3s, first\n${minute(3)}of k3s, last\n`,
			'journal/kernel.log': '2026-11-21T04:02:00.000000+0000 s1 kernel: of the kernel\n',
		}
		const app = new Driver({ mode: 'bundle', size: { columns: 100, rows: 30 } }).examined(
			subject([], { files }),
		)
		app.press('3', 'enter', 'M').press('j', 'enter')
		await until(app, 'of k3s, last')
		expect(app.screen()).toMatch(/of k3s, first[\s\S]*of the kernel[\s\S]*of k3s, last/)
	})

	it('takes keys that come in one read one after the other', () => {
		expect(openJournal(forty).press('E', 'E', 'j', 'E').cursorRow()).toContain('it failed 25')
	})
})

describe('keys that come too early', () => {
	const span = { era: 0, low: -40, begin: -40, end: 0, firstLine: -40, endLine: 0 }
	const opened = { is: 'opened', title: 'k3s.service', live: true, span, at: -1 } as const
	const wishes = ({ effects }: Driver) =>
		effects.flatMap(effect => (effect.kind === 'log' ? [effect.wish.do] : []))
	const openLive = () =>
		new Driver({ mode: 'live' })
			.examined(subject([]))
			.send({
				type: 'log-sources',
				all: [{ group: 'Units', name: 'k3s.service', ref: { kind: 'unit', unit: 'k3s.service' } }],
			})
			.press('3', 'enter')

	it('act when the log is open, words for a search among them', () => {
		const app = openLive().press('E', '/').type('flannel').press('enter')
		expect(placeOf(app.state)).toMatchObject({ kind: 'log', phase: 'opening' })
		expect(wishes(app)).toEqual(['open'])
		app.send({ type: 'log', id: 1, news: opened })
		expect(wishes(app)).toContain('find')
		expect(placeOf(app.state)).toMatchObject({ query: 'flannel' })
	})

	it('are forgotten with Esc, and Esc again goes back', () => {
		const app = openLive().press('E', 'E', 'esc')
		expect(placeOf(app.state)).toMatchObject({ kind: 'log' })
		app.send({ type: 'log', id: 1, news: opened })
		expect(wishes(app)).not.toContain('find')
		expect(placeOf(openLive().press('E', 'esc', 'esc').state).kind).toBe('logs')
	})

	it('do not keep anybody in a log that does not open', () => {
		expect(openLive().press('2').state.tab).toBe('pods')
		expect(placeOf(openLive().press('esc').state).kind).toBe('logs')
	})

	it('act on what a filter leaves, once it holds', () => {
		const app = openLive()
		app.send({ type: 'log', id: 1, news: opened }).press('z', 'E')
		expect(wishes(app).filter(wish => wish === 'find')).toEqual([])
		app.send({ type: 'log', id: 1, news: { is: 'filtered', span: { ...span, era: 1 }, at: -1 } })
		expect(wishes(app)).toContain('find')
	})

	it('may be thousands in one read', () => {
		const keys = Array.from({ length: 20_000 }, (_, index) => (index % 2 === 0 ? 'E' : 'e'))
		expect(
			openJournal(forty)
				.press('E', ...keys)
				.cursorRow(),
		).toContain('it failed')
	})
})

describe('starts of k3s in a log that goes on', () => {
	const starting = (count: number) => logrus(count, 'info', 'Starting k3s v1.30.1+k3s1 (x)')
	const row = (number: number, count: number) => ({
		number,
		text: starting(count),
		at: Date.UTC(2026, 10, 21, 4, count),
		bodyAt: minute(count).length,
		level: 'info' as const,
		who: 'k3s',
		says: 'Starting k3s',
		fields: '',
		continues: false,
	})
	const later = (count: number, more: object) => ({
		index: 0,
		beganAt: Date.UTC(2026, 10, 21, 4, count),
		lastAt: Date.UTC(2026, 10, 21, 4, count),
		truncated: false,
		milestones: [],
		messages: [],
		...more,
	})
	const opened = () => {
		const span = { era: 0, low: -2, begin: -2, end: 0, firstLine: -2, endLine: 0 }
		const examined = judgeFiles({ 'journal/k3s.log': `${starting(1)}\n` })
		return new Driver({ mode: 'live', size: { columns: 120, rows: 30 } })
			.examined(examined)
			.send({
				type: 'log-sources',
				all: [{ group: 'Units', name: 'k3s.service', ref: { kind: 'unit', unit: 'k3s.service' } }],
			})
			.press('3', 'enter')
			.send({ type: 'log', id: 1, news: { is: 'opened', title: 'k3s.service', live: true, span, at: -1 } })
			.send({ type: 'log', id: 1, news: { is: 'rows', span, from: -2, rows: [row(-2, 1), row(-1, 9)] } })
	}

	it('are told as they were seen, where nobody watches them', () => {
		expect(opened().screen()).toContain(
			'k3s starts, 1 of 1 start: not ready when the node was examined, came as far as starting',
		)
		expect(opened().screen()).toMatch(/k3s starts ─/)
	})

	it('are told with what became of them since', () => {
		const readyAt = Date.UTC(2026, 10, 21, 4, 3)
		const starts = [
			later(2, { truncated: true, readyAt }),
			later(9, { end: { how: 'failed', at: Date.UTC(2026, 10, 21, 4, 10) } }),
		]
		const app = opened().send({ type: 'log', id: 1, news: { is: 'starts', starts } })
		expect(app.screen()).toContain('k3s starts, 1 of 2 starts: ready after 2m00s')
		expect(app.screen()).toContain('k3s starts, 2 of 2 starts: failed after 1m00s')
	})

	it('are counted once when the node is examined again', () => {
		const starts = [later(9, { readyAt: Date.UTC(2026, 10, 21, 4, 12) })]
		const app = opened()
			.send({ type: 'log', id: 1, news: { is: 'starts', starts } })
			.examined(judgeFiles({ 'journal/k3s.log': `${starting(1)}\n${starting(9)}\n` }))
		expect(app.screen()).toContain('k3s starts, 2 of 2 starts: ready after 3m00s')
	})
})

describe('a hit that is found late', () => {
	const span = { era: 0, low: -40, begin: -40, end: 0, firstLine: -40, endLine: 0 }
	const late = { is: 'found', span, what: 'hit', step: 1, at: -30, nearest: -1 } as const
	const app = () => openJournal(forty).press('/').type('step').press('enter')

	it('is where the cursor goes that still waits for it', () => {
		expect(app().send({ type: 'log', id: 1, news: late }).cursorRow()).toContain('step 10')
	})

	it('is not where a cursor goes that was moved meanwhile', () => {
		expect(app().press('k').send({ type: 'log', id: 1, news: late }).cursorRow()).toContain('step 38')
	})
})

describe('the line that a diagnosis quotes', () => {
	it('is where v leads, carries its mark, and Enter leads back', async () => {
		const app = new Driver({ mode: 'bundle', size: { columns: 120, rows: 40 } })
		app.examined(judge(await openRecording('agent-token-wrong-hash'))).press('enter')
		const diagnosis = placeOf(app.state)
		for (let tries = 0; placeOf(app.state).kind !== 'log' && tries < 30; tries += 1) app.press('j', 'v')
		expect(placeOf(app.state).kind).toBe('log')
		expect(app.cursorRow()).toContain('►')
		expect(app.screen()).toMatch(/quoted by [\w-]+, Enter opens it/)
		app.press('enter')
		expect(placeOf(app.state).kind).toBe('diagnosis')
		expect(diagnosis.kind).toBe('diagnosis')
	})
})

describe('the list of logs, where this host tells its own late', () => {
	const units = ['k3s.service', 'ssh.service']
	const all = units.map(unit => ({ group: 'Units', name: unit, ref: { kind: 'unit' as const, unit } }))
	const list = () => new Driver({ mode: 'live' }).examined(subject([])).press('3')

	it('has its cursor on the first of them', () => {
		expect(list().cursorRow()).toContain('journal/k3s.log')
		expect(list().send({ type: 'log-sources', all }).cursorRow()).toContain('k3s.service')
	})

	it('leaves the cursor where it was put', () => {
		const files = { 'journal/kernel.log': '2026-11-21T04:02:00.000000+0000 s1 kernel: x\n' }
		const app = new Driver({ mode: 'live' }).examined(subject([], { files })).press('3', 'j')
		const row = app.cursorRow()
		expect(app.send({ type: 'log-sources', all }).cursorRow()).toBe(row)
	})
})

describe('a log by its name', () => {
	const files = {
		'journal/kernel.log': '2026-11-21T04:02:00.000000+0000 s1 kernel: of the kernel\n',
		'files/var/log/pods/shop_web-1_uid/web/0.log': '2026-11-21T04:02:00Z stdout F of the pod\n',
	}
	const typed = (words: string) =>
		new Driver({ mode: 'bundle' })
			.examined(subject([], { files }))
			.press(':')
			.type(`logs ${words}`)
			.press('enter')

	it.each([
		['k3s', 'line 40 of the journal'],
		['kernel', 'of the kernel'],
		['journal/kernel.log', 'of the kernel'],
	])('is opened: %s', (words, shows) => expect(typed(words).screen()).toContain(shows))

	it('is not made up', () =>
		expect(typed('nonsense').screen()).toContain('There is no log "nonsense" in this bundle'))
})
