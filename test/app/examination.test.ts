import { describe, expect, it } from 'vitest'
import { farewell } from '../../src/app/farewell.js'
import type { SourceStep } from '../../src/app/subject.js'
import { Driver, diagnosis, subject } from './subjects.js'

const step = (source: SourceStep['source'], state: SourceStep['state'], more: Partial<SourceStep> = {}) => ({
	type: 'source' as const,
	step: { source, title: `title of ${source}`, asked: '', state, ...more },
})

const titles = (app: Driver) => app.rows().flatMap(row => /Title of (\S+)/.exec(row)?.[1] ?? [])

describe('an examination under way', () => {
	it('shows from the first frame what is asked, what came back and how fast', () => {
		const app = new Driver()
		expect(app.screen()).toContain('Asking this node')
		app.send(
			step('units', 'answered', { ms: 53, says: '4 answers' }),
			step('disks', 'asking', { asked: 'df' }),
			step('ports' as never, 'waiting'),
			{ type: 'clock', seconds: 2 },
		)
		const rows = app.rows()
		expect(rows.find(row => row.includes('title of units'))).toMatch(/✓ .*4 answers.*53 ms/)
		expect(rows.find(row => row.includes('title of disks'))).toContain('df')
		expect(app.screen()).toContain('1 of 3  2 s')
	})

	it('shows a first verdict before the last source has answered', () => {
		const app = new Driver().send(step('units', 'answered'), step('disks', 'asking'), {
			type: 'found',
			subject: subject([diagnosis('disk-full')]),
		})
		expect(app.screen()).toContain('DOWN  so far: k3s is broken')
		expect(app.screen()).toContain('Title of disk-full')
		expect(app.screen()).toContain('title of disks')
	})

	it('moves nothing under the cursor while more is found, and keeps it when the order settles', () => {
		const app = new Driver().send({
			type: 'found',
			subject: subject([diagnosis('dns-loop'), diagnosis('disk-full')]),
		})
		app.press('j')
		const row = app.rows().findIndex(text => text.includes('Title of disk-full'))
		app.send({
			type: 'found',
			subject: subject([diagnosis('port-in-use'), diagnosis('disk-full'), diagnosis('dns-loop')]),
		})
		expect(titles(app)).toEqual(['dns-loop', 'disk-full', 'port-in-use'])
		expect(app.rows().findIndex(text => text.includes('Title of disk-full'))).toBe(row)
		app.examined(subject([diagnosis('port-in-use'), diagnosis('disk-full'), diagnosis('dns-loop')]))
		expect(titles(app)).toEqual(['port-in-use', 'disk-full', 'dns-loop'])
		expect(app.cursorRow()).toContain('Title of disk-full')
	})

	it('keeps an untouched cursor on the first of the ranking', () => {
		const app = new Driver().send({ type: 'found', subject: subject([diagnosis('dns-loop')]) })
		app.examined(subject([diagnosis('disk-full'), diagnosis('dns-loop')]))
		expect(app.cursorRow()).toContain('Title of disk-full')
	})

	it('says why there is no report, and tries again', () => {
		const app = new Driver({ mode: 'bundle', from: 'x.tar' }).send({
			type: 'not-examined',
			error: 'no such file',
		})
		expect(app.screen()).toContain('There is no report on x.tar: no such file')
		expect(app.press('R').kinds()).toEqual(['examine'])
		expect(farewell(app.state)).toHaveLength(1)
	})
})

describe('a later look', () => {
	it('tells what has changed', () => {
		const app = new Driver().examined(subject([diagnosis('disk-full'), diagnosis('dns-loop')]))
		app.press('R')
		expect(app.kinds()).toEqual(['examine'])
		// The former result stays while the node is asked again, and half an answer does not replace it.
		app.send({ type: 'found', subject: subject([]) })
		expect(app.screen()).toContain('Title of disk-full')
		app.examined(subject([diagnosis('dns-loop'), diagnosis('port-in-use')]))
		expect(app.words()).toContain(
			'Since the look at 04:10:00: gone: Title of disk-full; new: Title of port-in-use',
		)
		expect(app.rows().find(row => row.includes('Title of port-in-use  new'))).toBeDefined()
		app.press('R').examined(subject([diagnosis('dns-loop'), diagnosis('port-in-use')]))
		expect(app.screen()).toContain('nothing has changed')
	})

	it('is not begun twice', () => {
		const app = new Driver().examined(subject([])).press('R', 'R')
		expect(app.kinds()).toEqual(['examine'])
	})

	it('keeps an open diagnosis open when it is gone, and says so', () => {
		const app = new Driver().examined(subject([diagnosis('disk-full')])).press('enter', 'R')
		app.examined(subject([]))
		expect(app.screen()).toContain('no longer finds disk-full')
	})
})

describe('home', () => {
	it('folds consequences under their root, and shows them on demand', () => {
		const app = new Driver().examined(
			subject([
				diagnosis('disk-full', { explains: ['api-unreachable', 'node-not-ready'] }),
				diagnosis('api-unreachable', { explainedBy: 'disk-full' }),
				diagnosis('node-not-ready', { explainedBy: 'disk-full' }),
			]),
		)
		expect(app.screen()).toContain('leads to 2 more: Title of api-unreachable; Title of node-not-ready')
		app.press('right', 'j', 'j')
		expect(app.cursorRow()).toContain('Title of node-not-ready')
		app.press('left')
		expect(app.cursorRow()).toContain('Title of disk-full')
		expect(app.screen()).toContain('leads to 2 more')
	})

	it('shows of a healthy node what was looked at', () => {
		const app = new Driver().examined(subject([]))
		expect(app.screen()).toContain('HEALTHY')
		expect(app.screen()).toContain('✓ journal of k3s')
	})

	it('says how much could not be examined', () => {
		const app = new Driver().examined(
			subject([], {
				report: {
					verdict: 'not-examined',
					gaps: [
						{
							source: 'journal',
							file: 'journal/k3s.log',
							why: 'denied',
							detail: 'There was no permission.',
							askFor: 'sudo journalctl -u k3s',
							matters: true,
						},
					],
				},
			}),
		)
		expect(app.screen()).toContain('COULD NOT LOOK')
		expect(app.screen()).toContain('1 question unanswered (see 7)')
		app.press('7')
		expect(app.screen()).toContain('$ sudo journalctl -u k3s')
		app.press('c')
		expect(app.effects).toEqual([{ kind: 'copy', text: 'sudo journalctl -u k3s' }])
	})

	it('says goodbye in three lines', () => {
		const app = new Driver().examined(subject([diagnosis('disk-full'), diagnosis('dns-loop')]))
		expect(farewell(app.state)).toEqual([
			'node-1: DOWN. k3s is broken',
			'1. CRITICAL Title of disk-full (certain, disk-full), and 1 other cause',
			'The whole report: k3s-doctor diagnose',
		])
	})
})
