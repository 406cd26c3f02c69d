import { describe, expect, it } from 'vitest'
import { textReport } from '../../src/report/text/index.js'
import { columnsOf, shorten, wrap } from '../../src/report/text/wrap.js'
import { judge, judgeFiles, judgeRecording } from '../judge.js'
import { openRecording, recordingNames } from '../recording.js'
import { crashing } from '../rules/unit.js'

describe('the text report', () => {
	it('keeps within its width, commands and URLs aside, at any width', { timeout: 180_000 }, async () => {
		for (const name of recordingNames()) {
			const { report } = judge(await openRecording(name))
			for (const width of [60, 80, 120]) {
				const wide = textReport(report, { width, colour: false })
					.split('\n')
					.filter(
						line =>
							columnsOf(line) > width &&
							!/^\s*(\$ |https:|What to do|Or:)/.test(line) &&
							!/^\d+\. /.test(line) &&
							!/^ {7}/.test(line),
					)
				expect(wide, `${name} at ${width}`).toEqual([])
			}
		}
	})

	it('has no colour and no control character without colour, and only SGR with it', async () => {
		const { report } = await judgeRecording('config-tab')
		expect(textReport(report, { width: 80, colour: false })).not.toMatch(
			/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/,
		)
		expect(textReport(report, { width: 80, colour: true }).replace(/\u001b\[\d+m/g, '')).not.toContain(
			'\u001b',
		)
	})

	it('is pure ASCII when asked', async () => {
		for (const name of ['config-tab', 'pod-crashloop', 'healthy-server']) {
			expect(
				textReport((await judgeRecording(name)).report, { width: 80, colour: false, ascii: true }),
			).toMatch(/^[\n\u0020-\u007e]*$/)
		}
	})

	it('lets nothing from a log move the cursor, change colours or titles', () => {
		const evil = 'Error: \u001b[2J\u001b]0;owned\u0007\u009b31m\u202Eflag provided but not defined: -x\u0000'
		const { report } = judgeFiles(crashing(`time="2026-11-21T04:00:00Z" level=fatal msg="${evil}"`))
		const text = textReport(report, { width: 80, colour: false })
		expect(text.replace(/\s*│?\s+/g, ' ')).toContain('flag provided but not defined')
		expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
		expect(text).not.toContain('owned')
	})

	it('says what was looked at when nothing was found', async () => {
		const text = textReport((await judgeRecording('healthy-server')).report, { width: 80, colour: false })
		expect(text).toContain('HEALTHY')
		expect(text).toContain('Looked at')
	})

	it('never says healthy when it could not look', () => {
		const { report } = judgeFiles({})
		expect(report.verdict).toBe('not-examined')
	})
})

describe('wrapping', () => {
	it('counts columns, not characters', () => {
		expect(wrap('日本語 日本語 日本語', 13)).toEqual(['日本語 日本語', '日本語'])
		expect(shorten('日本語日本語', 7)).toBe('日本語…')
	})

	it('cuts a word that is longer than the line', () => {
		expect(wrap('a'.repeat(25), 10)).toEqual(['a'.repeat(10), 'a'.repeat(10), 'a'.repeat(5)])
	})
})
