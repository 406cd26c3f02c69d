/** `collect` and `diff` as a person runs them. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { formats } from '../../src/report/render.js'
import { recordingPath } from '../recording.js'
import { run } from './program.js'

const dir = mkdtempSync(join(tmpdir(), 'k3s-doctor-collect-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const secret = 'Sup3rSecretWord'

/** A bundle that somebody made by hand, with its secrets in it. */
function careless(): string {
	const folder = join(dir, 'careless')
	mkdirSync(join(folder, 'journal'), { recursive: true })
	mkdirSync(join(folder, 'files/etc/rancher/k3s'), { recursive: true })
	writeFileSync(join(folder, 'files/etc/rancher/k3s/config.yaml'), `token: ${secret}\nnode-name: alpha7\n`)
	const time = '2026-11-21T05:00:01Z'
	writeFileSync(
		join(folder, 'journal/k3s.log'),
		`time="${time}" level=info msg="Starting k3s v1.33.1+k3s1 (x)"\ntime="${time}" level=fatal msg="Error: flag provided but not defined: -x ${secret} on alpha7"\n`,
	)
	return folder
}

describe('collect', () => {
	const from = careless()

	it('shows what would be taken and masked, and writes nothing', async () => {
		const out = join(dir, 'never.tar.gz')
		const { stdout, status } = await run(['collect', '--from', from, '--show', '-o', out])
		expect(status).toBe(0)
		expect(stdout).toMatch(/files\/etc\/rancher\/k3s\/config\.yaml +masked: token \(1\)/)
		expect(stdout).toMatch(/journal\/k3s\.log +masked: token \(1\)/)
		expect(stdout).toContain('Nothing was written.')
		expect(stdout).not.toContain(secret)
		expect(() => statSync(out)).toThrow()
	})

	it('makes of a careless bundle one that can leave the house, and that opens again', async () => {
		const out = join(dir, 'clean.tar.gz')
		const { status, stderr } = await run(['collect', '--from', from, '-o', out])
		expect([status, stderr]).toEqual([0, expect.stringContaining('Masked: token (2, in 2 files)')])
		expect(statSync(out).mode & 0o777).toBe(0o600)
		const archive = gunzipSync(readFileSync(out)).toString('utf8')
		expect(archive).not.toContain(secret)
		expect(archive).toContain('alpha7')
		const report = JSON.parse((await run(['diagnose', '--from', out, '--format', 'json'])).stdout)
		expect(report.diagnoses[0].cause).toBe('config-unknown-flag')
		expect(report.masked).toContainEqual({
			kind: 'token',
			file: 'files/etc/rancher/k3s/config.yaml',
			count: 1,
		})
	})

	it('takes the house out of it with --anonymise, and what rules say with --redact', async () => {
		const rules = join(dir, 'rules.yaml')
		writeFileSync(rules, 'mask: [{name: word, values: [defined]}]\n')
		const out = join(dir, 'anonymous.tar.gz')
		await run(['collect', '--from', from, '--anonymise', '--redact', rules, '-o', out])
		const archive = gunzipSync(readFileSync(out)).toString('utf8')
		expect(archive).not.toMatch(/alpha7|Sup3rSecretWord|not defined/)
		const wrong = await run(['collect', '--from', from, '--redact', join(dir, 'no-such'), '-o', out])
		expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('cannot be read')])
	})

	it.each(Object.keys(formats))('no report of it holds the secret: %s', async format => {
		const { stdout } = await run(['diagnose', '--from', from, '--format', format, '--fail-on', 'never'])
		expect(stdout).toContain('config-unknown-flag')
		expect(stdout).not.toContain(secret)
	})
})

describe('diff', () => {
	it('tells what changed, as text, Markdown or JSON', async () => {
		const args = ['diff', recordingPath('healthy-server'), recordingPath('sqlite-garbage')]
		const text = await run(args)
		expect([text.status, text.stdout]).toEqual([0, expect.stringContaining('+ The SQLite database')])
		expect((await run([...args, '--format', 'markdown'])).stdout).toContain('**Diagnoses**')
		expect(JSON.parse((await run([...args, '--format', 'json'])).stdout)).toMatchObject({ schema: 1 })
		expect(await run([...args, '--format', 'sarif'])).toMatchObject({ status: 2 })
		expect(await run(['diff', 'a'])).toMatchObject({ status: 2 })
	})
})
