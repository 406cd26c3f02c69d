/** The self-check on this very host: as root and not, with programs that hang. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { programLines } from '../../src/commands/self-check/programs.js'
import { sourceLines } from '../../src/commands/self-check/sources.js'
import type { Bundle } from '../../src/model/bundle.js'
import { sources } from '../../src/sources/index.js'
import { doctorVersion } from '../../src/version.js'
import { run } from './program.js'

const dir = mkdtempSync(join(tmpdir(), 'k3s-doctor-self-'))
chmodSync(dir, 0o755)
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const root = process.getuid?.() === 0

describe('the self-check', () => {
	it('names itself, what it reached and in what time, within 80 columns', async () => {
		const { stdout, status, stderr } = await run(['self-check'], { env: { COLUMNS: '80' } })
		expect(stdout).toContain(`k3s-doctor ${doctorVersion()}, `)
		expect(stdout).toContain(process.version)
		expect(stdout).toMatch(/ok {2}rules +\d+ rules for 133 causes +\d+ ms/)
		expect(stdout).toMatch(/ok {2}df +2 questions +\d+ ms/)
		expect(stdout).toMatch(/ok {2}disks and mounts +\d of \d questions answered +\d+ ms/)
		expect(stdout).toMatch(/-- {2}terminal +standard output is none/)
		for (const { title } of sources) expect(stdout).toContain(title)
		expect(Math.max(...stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(80)
		expect(stderr).toBe('')
		expect(root ? [0, 5] : [5]).toContain(status)
	})

	it.skipIf(!root)('says without root that it is blind, in ASCII when asked, status 5', async () => {
		const { stdout, status } = await run(['self-check', '--ascii'], {
			uid: 65534,
			env: { HOME: '/nonexistent' },
		})
		expect(stdout).toContain('It does not reach all that it needs on this host:')
		expect(stdout).toMatch(/NO {2}rights +user 65534, not root/)
		expect(stdout).toMatch(/^[\n -~]*$/)
		expect(status).toBe(5)
	})

	it('ends when programs hang, and names them', async () => {
		for (const program of ['df', 'ss']) {
			writeFileSync(
				join(dir, program),
				'#!/bin/sh\ntrap "" TERM INT HUP\n/bin/sleep 1000 & wait; /bin/sleep 1000\n',
			)
			chmodSync(join(dir, program), 0o755)
		}
		const { stdout, ms } = await run(['self-check', '--timeout', '2'], { env: { PATH: dir } })
		expect(stdout).toMatch(/NO {2}df +gave no answer in time/)
		expect(stdout).toMatch(/NO {2}ss +gave no answer in time/)
		expect(stdout).toMatch(/NO {2}disks and mounts/)
		expect(ms).toBeLessThan(20_000)
	})
})

const bundle: Bundle = {
	schema: 1,
	node: { hostname: 'n', role: 'server', unit: 'k3s.service', init: 'systemd', dataDir: '/d', root: true },
	takenAt: '2026-11-27T00:00:00Z',
	files: new Map(),
	notes: [],
	entries: [
		{ file: 'a', argv: ['nft', 'list'], exit: 126, why: 'denied', stderr: 'nft: Permission denied\n', ms: 3 },
		{ file: 'b', argv: ['ip', 'a'], exit: 0, ms: 4 },
		{ file: 'c', argv: ['ip', 'r'], exit: 0, ms: 9 },
		{ file: 'd', argv: ['ufw'], exit: 127, why: 'absent', ms: 1 },
		{ file: 'e', argv: ['GET', '/readyz'], exit: 1, why: 'failed', ms: 1 },
		{ file: 'f', argv: ['crictl', 'ps'], why: 'absent' },
		{ file: 'g', argv: ['df'], why: 'timeout' },
	],
}

describe('what is told', () => {
	it('of programs: obstacles first, what is not there last, nothing of what did not run', () => {
		expect(programLines(bundle)).toEqual([
			{ mark: 'no', name: 'df', says: 'gave no answer in time' },
			{ mark: 'no', name: 'nft', says: 'may not be run: nft: Permission denied', ms: 3 },
			{ mark: 'yes', name: 'ip', says: '2 questions', ms: 9 },
			{ mark: 'absent', name: 'ufw', says: 'not installed' },
		])
	})

	it('of sources: a refusal in one that matters makes blind, a missing program elsewhere does not', () => {
		const gap = { file: '', detail: 'There was no permission.', askFor: '', matters: true }
		const told = sourceLines(
			sources,
			new Map([
				['units', { answered: 1, asked: 1, ms: 5 }],
				['journal', { answered: 0, asked: 1, ms: 7 }],
				['firewall', { answered: 0, asked: 1, ms: 7 }],
			]),
			[
				{ ...gap, source: 'journal', why: 'denied' },
				{ ...gap, source: 'firewall', why: 'absent' },
			],
			{ node: bundle.node },
		)
		const of = (name: string) => told[sources.findIndex(source => source.name === name)]
		expect(of('units')).toEqual({
			line: { mark: 'yes', name: 'systemd unit', says: '1 of 1 questions answered', ms: 5 },
		})
		expect(of('journal')?.blind).toBe('journal of k3s: There was no permission.')
		expect(of('firewall')).toMatchObject({ line: { mark: 'absent' } })
		expect(of('firewall')?.blind).toBeUndefined()
	})
})
