/** `preflight` and `verify` as commands: on this host, on bundles, as text and as data. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, describe, expect, it } from 'vitest'
import { exitOfChecklist } from '../../src/commands/checklist.js'
import type { ChecklistReport, CheckOutcome, CheckStatus } from '../../src/model/checklist.js'
import { recordingPath } from '../recording.js'
import { run } from './program.js'

const dir = mkdtempSync(join(tmpdir(), 'k3s-doctor-checklist-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const schema: object = JSON.parse(
	readFileSync(new URL('../../src/report/checklist/checklist.schema.json', import.meta.url), 'utf8'),
)
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema)

interface Json {
	verdict: CheckStatus
	node: { role: string }
	checks: { id: string; status: CheckStatus; results: { says: string; advice: object[] }[] }[]
	wrote: string[]
}

async function asJson(args: readonly string[], options: Parameters<typeof run>[1] = {}) {
	const { stdout, status, stderr } = await run([...args, '--format', 'json'], options)
	const json = JSON.parse(stdout) as Json
	expect(validate(json), JSON.stringify(validate.errors)).toBe(true)
	return { json, status, stderr }
}

const traces = () => readdirSync('/var/lib').filter(name => name.includes('k3s-doctor'))
const root = process.getuid?.() === 0

describe('preflight', () => {
	it('on this host: every check has an outcome, what was written is told and gone', async () => {
		const before = traces()
		const { json, status } = await asJson(['preflight'])
		expect(json.checks.length).toBeGreaterThan(20)
		expect(json.node.role).toBe('server')
		const disk = json.checks.find(({ id }) => id === 'disk-speed')
		if (root && disk?.status !== 'not-examined') expect(json.wrote[0]).toMatch(/removed again/)
		expect(traces()).toEqual(before)
		expect([0, 3, 5]).toContain(status)
	}, 180_000)

	it('with --read-only writes nothing, and says so', async () => {
		const { json } = await asJson(['preflight', '--read-only', '--role', 'agent'])
		expect(json.wrote).toEqual([])
		expect(json.node.role).toBe('agent')
		const disk = json.checks.find(({ id }) => id === 'disk-speed')
		expect(disk).toMatchObject({ status: 'not-examined' })
		expect(disk?.results[0]?.says).toContain('nothing may be written')
	}, 180_000)

	it('on a bundle of a bare host, at 80 columns, without a character outside ASCII', async () => {
		const args = ['preflight', '--from', recordingPath('not-installed'), '--ascii']
		const { stdout, status } = await run(args, { env: { COLUMNS: '80' } })
		expect(stdout).toContain('FIT, WITH WARNINGS')
		expect(stdout).toMatch(/^[\n -~]*$/)
		// Commands are not broken: they are to be pasted.
		const wide = stdout.split('\n').filter(line => line.length > 80 && !/^ {6}\$ /.test(line))
		expect(wide).toEqual([])
		expect(status).toBe(0)
		expect((await run([...args, '--fail-on', 'warning'])).status).toBe(4)
	}, 180_000)

	it.skipIf(!root)(
		'without root looks at what it can',
		async () => {
			const { json, status } = await asJson(['preflight'], { uid: 65534, env: { HOME: '/nonexistent' } })
			expect(json.checks.find(({ id }) => id === 'architecture')?.status).toBe('pass')
			expect(json.checks.find(({ id }) => id === 'disk-speed')?.status).toBe('not-examined')
			expect([0, 3, 5]).toContain(status)
		},
		60_000,
	)

	it.each([
		[['preflight', '--role', 'boss'], 'server, agent'],
		[['preflight', '--server', 'my server'], '--server is a URL'],
		[['preflight', '--format', 'html'], 'one of text, json'],
		[['verify', '--role', 'agent'], 'does not go with'],
	])('answers wrong usage %j', async (args, words) => {
		const { status, stderr, stdout } = await run(args)
		expect(stderr).toContain(words)
		expect([status, stdout]).toEqual([2, ''])
	})
})

describe('verify', () => {
	it('of a healthy node passes, and can be written to a file', async () => {
		const { json, status } = await asJson(['verify', '--from', recordingPath('healthy-server')])
		expect([json.verdict, status]).toEqual(['pass', 0])
		const file = join(dir, 'verify.txt')
		await run(['verify', '--from', recordingPath('healthy-server'), '-o', file])
		expect(readFileSync(file, 'utf8')).toContain('AS IT SHOULD BE')
	}, 180_000)

	it('of a broken node fails with what to do, status 3, or 0 where nothing is to fail', async () => {
		const args = ['verify', '--from', recordingPath('config-tab')]
		const { json, status } = await asJson(args)
		expect([json.verdict, status]).toEqual(['fail', 3])
		const configuration = json.checks.find(({ id }) => id === 'configuration')
		expect(configuration?.status).toBe('fail')
		expect(configuration?.results[0]?.advice.length).toBeGreaterThan(0)
		expect((await run([...args, '--fail-on', 'never'])).status).toBe(0)
	}, 180_000)

	it('of this host, where no k3s is, fails and does not call anything well that it could not see', async () => {
		const here = execFileSync('sh', ['-c', 'command -v k3s || true'], { encoding: 'utf8' })
		if (here.trim() !== '') return
		const { json, status } = await asJson(['verify'])
		expect([json.verdict, status]).toEqual(['fail', 3])
		for (const id of ['api', 'node-ready', 'system-pods', 'cluster-dns'])
			expect(json.checks.find(check => check.id === id)?.status).not.toBe('pass')
	}, 180_000)
})

describe('the exit status', () => {
	const report = (...statuses: [CheckStatus, boolean][]): ChecklistReport => {
		const checks = statuses.map(([status, matters], index): CheckOutcome => {
			return { id: `c${index}`, title: '', status, matters, explain: '', docs: [], results: [] }
		})
		const verdict = statuses.some(([status]) => status === 'fail') ? 'fail' : 'pass'
		return { checks, verdict } as unknown as ChecklistReport
	}

	it.each([
		['all passed', report(['pass', true]), 'critical', 0],
		['a failure', report(['fail', false], ['not-examined', true]), 'critical', 3],
		['a failure, and nothing is to fail', report(['fail', false]), 'never', 0],
		['a warning', report(['warn', true]), 'critical', 0],
		['a warning that is to fail', report(['warn', true]), 'warning', 4],
		['what matters was not seen', report(['not-examined', true]), 'critical', 5],
		['something else was not seen', report(['not-examined', false]), 'critical', 0],
	] as const)('%s', (_what, given, failOn, status) => {
		expect(exitOfChecklist(given, failOn)).toBe(status)
	})
})
