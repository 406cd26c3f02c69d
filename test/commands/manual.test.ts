import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { manualPage } from '../../src/commands/manual/page.js'
import { roff } from '../../src/commands/manual/roff.js'
import { commands, flags } from '../../src/commands/table.js'
import { run } from './program.js'
import { installed } from './terminal-shell.js'

const page = manualPage({ version: '1.2.3', date: '2026-11-27' })

describe('the manual page', () => {
	it('holds every command, every option and every exit status', () => {
		for (const { name } of commands) expect(page).toContain(roff(name))
		for (const { name, says } of flags) {
			expect(page).toContain(roff(`--${name}`))
			expect(page.replaceAll('\n', ' ')).toContain(roff(says))
		}
		for (const status of [0, 1, 2, 3, 4, 5]) expect(page).toContain(`\\fB${status}\\fR`)
	})

	it.skipIf(!installed('man'))('is set by man without a warning, every option legible', () => {
		const { stdout, stderr, status } = spawnSync('man', ['--warnings', '-E', 'UTF-8', '-l', '-'], {
			input: page,
			encoding: 'utf8',
			env: { ...process.env, MANWIDTH: '80', MAN_KEEP_FORMATTING: '', TERM: 'dumb' },
		})
		expect([status, stderr]).toEqual([0, ''])
		expect(stdout).toContain('k3s-doctor - find out why a k3s node is broken, and mend it')
		expect(stdout).toContain("'1 hour ago'")
		for (const { name } of flags) expect(stdout).toContain(`--${name}`)
		expect(Math.max(...stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(80)
	})

	it.skipIf(!installed('mandoc'))('has nothing that mandoc would note', () => {
		const { stdout, status } = spawnSync('mandoc', ['-Tlint', '-W', 'style'], {
			input: page,
			encoding: 'utf8',
		})
		expect([stdout, status]).toEqual(['', 0])
	})

	it('is printed by the program, dated as the build is', async () => {
		const { stdout, status } = await run(['man'], { env: { SOURCE_DATE_EPOCH: '1795737600' } })
		expect(status).toBe(0)
		expect(stdout).toMatch(/^\.TH K3S\\-DOCTOR 1 "2026-11-27" "k3s\\-doctor \d/)
		expect((await run(['man'], { env: { SOURCE_DATE_EPOCH: '' } })).stdout).toMatch(
			/^\.TH K3S\\-DOCTOR 1 "" /,
		)
	})
})
