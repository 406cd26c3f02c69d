import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { recordingPath } from '../recording.js'
import { run } from './program.js'

const dir = mkdtempSync(join(tmpdir(), 'k3s-doctor-cli-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const broken = recordingPath('config-tab')

describe('the program', () => {
	it('tells its version and its help', async () => {
		const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
			version: string
		}
		expect(await run(['--version'])).toMatchObject({ stdout: `${version}\n`, status: 0 })
		const help = await run(['--help'])
		expect(help.status).toBe(0)
		for (const word of ['diagnose', 'collect', 'explain', 'causes', 'demo', '--from', 'Exit status'])
			expect(help.stdout).toContain(word)
		expect(Math.max(...help.stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(80)
	})

	it.each([
		[['frobnicate'], 'There is no command'],
		[['diagnos'], 'Is "diagnose" meant?'],
		[['--formt', 'json'], 'Is --format meant?'],
		[['diagnose', '--format', 'xml'], 'text, json'],
		[['diagnose', '--from'], 'needs a value'],
		[['diagnose', '--timeout', 'soon'], 'number of seconds'],
		[['explain'], 'CAUSE is missing'],
		[['explain', 'no-such-cause'], 'There is no cause'],
		[['demo', 'no-such-node'], 'There is no recording'],
		[['causes', '--from', 'x'], 'does not go with'],
	])('answers wrong usage %j with what is right, status 2', async (args, words) => {
		const { status, stderr, stdout } = await run(args)
		expect(stderr).toContain(words)
		expect([status, stdout]).toEqual([2, ''])
		expect(stderr).not.toMatch(/\n\s+at /)
	})

	it('exits as the contract says', async () => {
		expect((await run(['diagnose', '--from', broken])).status).toBe(3)
		expect((await run(['diagnose', '--from', broken, '--fail-on', 'never'])).status).toBe(0)
		const warning = recordingPath('agent-version-newer')
		expect((await run(['diagnose', '--from', warning])).status).toBe(0)
		expect((await run(['diagnose', '--from', warning, '--fail-on', 'warning'])).status).toBe(4)
		expect(
			(await run(['diagnose', '--from', recordingPath('healthy-server'), '--fail-on', 'warning'])).status,
		).toBe(0)
	})

	it('reads a bare log from standard input and says what it could not see', async () => {
		const log = `time="2026-11-21T05:00:00Z" level=info msg="Starting k3s v1.33.1+k3s1 (x)"\ntime="2026-11-21T05:00:01Z" level=fatal msg="Error: flag provided but not defined: -no-deploy"\n`
		const { stdout, status } = await run(['--from', '-'], { input: log })
		expect(stdout).toContain('config-unknown-flag')
		expect(stdout).toContain('Not seen')
		expect(status).toBe(3)
	})

	it('writes a report whole, with mode 0600, and replaces nothing unasked', async () => {
		const path = join(dir, 'report.txt')
		expect((await run(['diagnose', '--from', broken, '-o', path])).status).toBe(3)
		expect(statSync(path).mode & 0o777).toBe(0o600)
		expect(readFileSync(path, 'utf8')).not.toContain('\u001b')
		const again = await run(['diagnose', '--from', broken, '-o', path])
		expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('--force')])
		expect((await run(['diagnose', '--from', broken, '-o', path, '--force'])).status).toBe(3)
		expect((await run(['diagnose', '--from', broken, '-o', join(dir, 'no', 'such', 'x')])).stderr).toContain(
			'directory does not exist',
		)
	})
})

describe('bad input', () => {
	const empty = join(dir, 'empty')
	mkdirSync(empty)
	const binary = join(dir, 'binary.log')
	writeFileSync(binary, Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 37) % 256)))
	const cut = join(dir, 'cut.tar.gz')
	writeFileSync(cut, readFileSync(recordingPath('healthy-server')).subarray(0, 700))

	it.each([
		['a missing path', join(dir, 'nothing-here')],
		['an empty folder', empty],
		['a binary file', binary],
		['an archive cut off before anything is in it', cut],
	])('%s: a clear message, no stack, status 1', async (_name, path) => {
		const { status, stderr, stdout } = await run(['diagnose', '--from', path])
		expect([status, stdout]).toEqual([1, ''])
		expect(stderr).toMatch(/^k3s-doctor: /)
		expect(stderr).toContain(path.split('/').at(-1) ?? path)
		expect(stderr).not.toMatch(/\n\s+at |Error:/)
	})

	it('an archive cut off later: what is there is judged, and it is said', async () => {
		const whole = gunzipSync(readFileSync(recordingPath('config-tab')))
		const path = join(dir, 'later.tar.gz')
		writeFileSync(path, gzipSync(whole.subarray(0, Math.floor(whole.length * 0.9))))
		const { stdout, status } = await run(['diagnose', '--from', path])
		expect(stdout).toContain('Note: ')
		expect([0, 3, 5]).toContain(status)
	})
})

describe('causes and explain', () => {
	it('list every cause of the taxonomy, and tell of one', async () => {
		const { stdout } = await run(['causes'])
		expect(stdout.match(/^ {2}[a-z0-9-]+ /gm)?.length).toBe(133)
		const told = await run(['explain', 'config-invalid-yaml'])
		expect(told.stdout).toContain('Signs')
		expect(told.stdout).toContain('https://docs.k3s.io')
	})

	it('work for every cause', async () => {
		const { causes } = await import('../../src/model/causes.js')
		const { rules } = await import('../../rules/index.js')
		expect(rules.every(({ cause }) => cause in causes)).toBe(true)
		for (const rule of rules) {
			const role = rule.appliesTo?.[0] ?? 'server'
			const node = {
				hostname: 'node',
				role,
				unit: 'k3s.service',
				init: 'systemd',
				dataDir: '/var/lib/rancher/k3s',
				root: true,
			} as const
			expect(() => rule.remedies({ node }, []), rule.cause).not.toThrow()
		}
	})
})

describe('demo', () => {
	it('lists the recordings and opens the most telling one', async () => {
		const { stdout, status } = await run(['demo'])
		expect(stdout).toContain('healthy-server')
		expect(stdout).toContain('disk-full')
		expect(status).toBe(0)
	})

	it('has every recording that it names', async () => {
		const { demoNodes } = await import('../../src/commands/demo-nodes.js')
		const { files } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
			files: string[]
		}
		for (const name of Object.keys(demoNodes)) {
			expect(statSync(recordingPath(name)).size).toBeGreaterThan(0)
			expect(files).toContain(`test/recordings/${name}.tar.gz`)
		}
	})
})
