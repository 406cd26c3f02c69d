import { describe, expect, it } from 'vitest'
import { placeOf, tabs } from '../../src/app/state.js'
import { Driver, diagnosis, subject } from './subjects.js'

const two = () => subject([diagnosis('disk-full'), diagnosis('coredns-down', { severity: 'warning' })])

describe('keys', () => {
	it('loses none of a burst', () => {
		const many = Array.from({ length: 60 }, (_, index) => `line ${index}`).join('\n')
		const app = new Driver().examined(subject([], { files: { 'commands/long.txt': many } }))
		app.press('7').type(':evidence commands/long.txt').press('enter')
		app.press(...'jjjjjjjjjjjjjjjjjjjjjjjjj')
		expect(app.cursorRow()).toContain('line 25')
	})

	it('acts on each key of one read in the place that the key before it led to', () => {
		const app = new Driver().examined(two())
		app.press('j', 'enter', '?')
		expect(app.screen()).toContain('coredns-down › help')
	})

	it('goes to the last and the first of a list', () => {
		const app = new Driver().examined(two()).press('enter', 'G')
		expect(app.cursorRow()).toContain('https://docs.k3s.io/disk-full')
		expect(app.press('g').cursorRow()).toContain('Title of disk-full')
	})

	it('goes to each tab by its digit, and around with Tab and Shift-Tab', () => {
		const app = new Driver().examined(two())
		for (const [index, tab] of tabs.entries()) expect(app.press(String(index + 1)).state.tab).toBe(tab)
		app.press('tab')
		expect(app.state.tab).toBe('diagnoses')
		expect(app.press('shift-tab').state.tab).toBe('evidence')
	})

	it('opens a diagnosis, its quoted line, and comes back one level at a time', () => {
		const app = new Driver().examined(two())
		app.press('enter')
		expect(app.screen()).toContain('What disk-full means.')
		app.press('j', 'j', 'v')
		expect(app.cursorRow()).toContain('line 3 of the journal')
		expect(app.press('esc').screen()).toContain('What disk-full means.')
		expect(placeOf(app.press('q').state).kind).toBe('diagnoses')
	})

	it('never takes pasted text for keys, and takes it into a field', () => {
		const app = new Driver().examined(two())
		app.send({ type: 'paste', text: 'q\nq\r7RX' })
		expect(app.state.tab).toBe('diagnoses')
		expect(app.effects).toEqual([])
		app.press('/').send({ type: 'paste', text: 'dns\nup\u001b[31m' })
		expect(app.screen()).toContain('/dns up[31m')
	})

	it('leaves at once with Ctrl-C, also while typing, and takes no key after it', () => {
		expect(new Driver().press('ctrl-c').effects).toEqual([{ kind: 'leave', interrupted: true }])
		expect(new Driver().press(':', 'x', 'ctrl-c', 'R').effects).toEqual([
			{ kind: 'leave', interrupted: true },
		])
	})

	it('asks before it leaves with q at the top; any other key stays', () => {
		const app = new Driver().examined(two()).press('q')
		expect(app.effects).toEqual([])
		expect(app.screen()).toContain('q again leaves')
		app.press('j', 'q')
		expect(app.effects).toEqual([])
		expect(app.press('q').effects).toEqual([{ kind: 'leave', interrupted: false }])
	})
})

describe('what needs a live node', () => {
	it('is told on a bundle instead of being done', () => {
		const app = new Driver({ mode: 'bundle', from: 'x.tar.gz' }).examined(two())
		expect(app.press('R').screen()).toContain('A new look needs the live node')
		app.press('r')
		expect(app.screen()).toContain('a remedy needs the live node')
		expect(app.screen()).toContain('sudo k3s-doctor fix disk-full')
		expect(app.kinds()).toEqual(['plan'])
	})

	it('shows a remedy step by step and says how to run it; nothing runs', () => {
		const app = new Driver().examined(two()).press('r')
		expect(app.screen()).toContain('$ systemctl restart k3s')
		expect(app.screen()).toContain('$ sudo k3s-doctor fix disk-full')
		app.press('x', 'enter', 'r', 'y', 'enter')
		expect(app.kinds()).toEqual(['plan'])
	})
})

describe('copy', () => {
	it('sends the command and shows it whole, so that it can be taken by hand', () => {
		const long = `systemctl ${'x'.repeat(200)}`
		const app = new Driver().examined(
			subject([
				diagnosis('disk-full', {
					remedies: [
						{
							title: 'Mend',
							why: 'It helps.',
							risk: 'safe',
							interrupts: 'nothing',
							steps: [{ run: ['systemctl', 'x'.repeat(200)] }],
							recheck: [],
						},
					],
				}),
			]),
		)
		app.press('r', 'j', 'j', 'c')
		expect(app.effects[0]).toEqual({ kind: 'copy', text: long })
		const shown = app
			.rows()
			.slice(2, -1)
			.map(row => row.trim())
			.join('')
		expect(shown).toContain(long)
		expect(app.press('k').screen()).not.toContain('take it from above')
	})
})

describe('putting aside', () => {
	it('asks for a reason, refuses none, and shows who did it instead of hiding it', () => {
		const app = new Driver().examined(two()).press('-', 'enter')
		expect(app.screen()).toContain('A reason is needed')
		expect(app.effects).toEqual([])
		app.type('known, disk is ordered').press('enter')
		expect(app.effects).toEqual([{ kind: 'suppress', cause: 'disk-full', why: 'known, disk is ordered' }])
		const all = [
			{ cause: 'disk-full' as const, who: 'ann', when: '2026-11-21T05:00:00Z', why: 'disk is ordered' },
		]
		app.send({ type: 'suppressions', all })
		expect(app.screen()).toMatch(/Put aside ─+/)
		expect(app.screen()).toContain('Put aside by ann on 2026-11-21 05:00:00 UTC: disk is ordered')
		app.press('G', '-')
		expect(app.effects.at(-1)).toEqual({ kind: 'unsuppress', cause: 'disk-full' })
	})
})

describe('searching', () => {
	it('filters a list while one types; Esc forgets it, Enter keeps it', () => {
		const app = new Driver().examined(two()).press('/').type('core')
		expect(app.screen()).not.toContain('Title of disk-full')
		app.press('esc')
		expect(app.screen()).toContain('Title of disk-full')
		app.press('/').type('core').press('enter')
		expect(app.cursorRow()).toContain('Title of coredns-down')
		app.press('esc')
		expect(app.screen()).toContain('Title of disk-full')
		expect(app.cursorRow()).toContain('Title of coredns-down')
	})

	it('finds with a slip of the pen, and says when nothing matches', () => {
		const app = new Driver().examined(two()).press('/').type('coredns-donw')
		expect(app.cursorRow()).toContain('Title of coredns-down')
		app.press('ctrl-u').type('!title')
		expect(app.screen()).toContain('Nothing matches "!title"')
	})

	it('goes from hit to hit in a text and back, and can hide the rest', () => {
		const app = new Driver().examined(two()).press('3', 'enter', 'g')
		app.press('/').type('line 2').press('enter')
		expect(app.cursorRow()).toContain('line 2 of')
		expect(app.press('n').cursorRow()).toContain('line 20 is')
		expect(app.press('N').cursorRow()).toContain('line 2 of')
		app.press('G', 'n')
		expect(app.screen()).toContain('No further hit below')
		app.press('&').type('line 3').press('enter')
		// Eleven, and the chosen one whole below.
		expect(app.rows().filter(row => row.includes('of the journal'))).toHaveLength(12)
		expect(app.press('esc', 'g').screen()).toContain('line 1 ')
	})

	it('steps through errors', () => {
		const app = new Driver().examined(two()).press('3', 'enter', 'g', 'e')
		expect(app.cursorRow()).toContain('line 20 is an error')
		expect(app.press('e').screen()).toContain('No further error below')
	})
})

describe('the command line', () => {
	it('completes, opens what is named, and says what it does not know', () => {
		const app = new Driver().examined(two()).press(':').type('ca').press('tab')
		expect(app.screen()).toContain(':cause ')
		expect(app.screen()).toContain('cause coredns-down')
		app.press('down', 'down', 'enter')
		expect(app.screen()).toContain('What coredns-down means.')
		app.press(':').type('nonsense').press('enter')
		expect(app.screen()).toContain('There is no command "nonsense"')
		app.press(':').type('evid journal/k3s.log').press('enter')
		expect(app.screen()).toContain('line 40 of the journal')
		app.press(':').type('q').press('enter')
		expect(app.kinds()).toEqual(['leave'])
	})
})

describe('resizing', () => {
	it('keeps the cursor in sight', () => {
		const app = new Driver().examined(two()).press('3', 'enter', 'G')
		for (const [columns, rows] of [
			[60, 15],
			[200, 60],
			[20, 4],
			[1, 1],
			[80, 24],
		] as const) {
			app.send({ type: 'resize', columns, rows })
			if (rows > 3) expect(app.cursorRow()).not.toBe('')
		}
		expect(app.cursorRow()).toContain('line 40 of')
	})
})
