/** The real program on this very host, with commands that hang, lie or are not allowed. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { run } from './program.js'

const dir = mkdtempSync(join(tmpdir(), 'k3s-doctor-live-'))
chmodSync(dir, 0o755)
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const programs = [
	'systemctl',
	'journalctl',
	'k3s',
	'crictl',
	'df',
	'ss',
	'ip',
	'bridge',
	'iptables',
	'iptables-save',
	'ip6tables-save',
	'nft',
	'ps',
	'find',
	'findmnt',
	'uname',
	'hostname',
	'date',
	'timedatectl',
	'chronyc',
	'swapon',
	'sysctl',
	'getent',
	'ufw',
	'firewall-cmd',
	'getenforce',
	'aa-status',
	'dmesg',
	'nproc',
	'rc-service',
	'stat',
	'cat',
	'id',
]

/** A folder of programs that all do the same, to stand first in PATH. */
function pathOf(name: string, script: string): string {
	const folder = mkdtempSync(join(dir, `${name}-`))
	chmodSync(folder, 0o755)
	for (const program of programs) {
		writeFileSync(join(folder, program), `#!/bin/sh\n${script}\n`)
		chmodSync(join(folder, program), 0o755)
	}
	return folder
}

interface Json {
	verdict: string
	service: string
	diagnoses: { cause: string; confidence: string }[]
	gaps: { source: string; why: string }[]
	node: { root: boolean }
}

async function diagnose(
	args: readonly string[],
	options: Parameters<typeof run>[1] = {},
): Promise<{ json: Json; status: number | null; ms: number; stderr: string }> {
	const { stdout, stderr, status, ms } = await run(['diagnose', '--format', 'json', ...args], options)
	return { json: JSON.parse(stdout) as Json, status, ms, stderr }
}

describe('this host', () => {
	it('and the bundle made of it give the same diagnoses', async () => {
		const path = join(dir, 'here.tar.gz')
		const collected = await run(['collect', '-o', path])
		expect([collected.status, statSync(path).mode & 0o777]).toEqual([0, 0o600])
		const [live, saved] = await Promise.all([diagnose([]), diagnose(['--from', path])])
		const causes = ({ json }: typeof live) =>
			json.diagnoses.map(({ cause, confidence }) => `${cause} ${confidence}`)
		expect(causes(saved)).toEqual(causes(live))
		expect([saved.json.verdict, saved.status]).toEqual([live.json.verdict, live.status])
	})

	it('is collected as a folder, too, with every question on record', async () => {
		const path = join(dir, 'folder')
		expect((await run(['collect', '-o', path])).status).toBe(0)
		const { entries, schema } = JSON.parse(readFileSync(join(path, 'bundle.json'), 'utf8')) as {
			schema: number
			entries: { file: string; ms?: number; exit?: number }[]
		}
		expect(schema).toBe(1)
		const df = entries.find(({ file }) => file === 'commands/df.txt')
		expect(df).toMatchObject({ exit: 0, ms: expect.any(Number) })
		expect((await diagnose(['--from', path])).json.service).toBe((await diagnose([])).json.service)
	})
})

describe('commands that', () => {
	it('hang: the diagnosis ends within its limit and says what it could not see', async () => {
		const PATH = pathOf('hang', 'trap "" TERM INT HUP\n/bin/sleep 1000 & wait; /bin/sleep 1000')
		const { json, ms, status } = await diagnose(['--timeout', '3'], { env: { PATH } })
		expect(ms).toBeLessThan(20_000)
		expect(json.gaps.length).toBeGreaterThan(5)
		expect(json.verdict).not.toBe('healthy')
		expect([3, 5]).toContain(status)
	})

	it('print garbage: no false word is made of it', async () => {
		const PATH = pathOf('garbage', '/usr/bin/head -c 100000 /dev/urandom; exit 3')
		const { json, status } = await diagnose([], { env: { PATH } })
		expect(
			json.diagnoses
				.filter(({ confidence }) => confidence !== 'possible')
				.map(({ cause }) => cause)
				.filter(cause => cause !== 'k3s-not-installed'),
		).toEqual([])
		expect(json.verdict).not.toBe('healthy')
		expect([3, 5]).toContain(status)
	})

	it('are missing: what they would have said is a gap', async () => {
		const PATH = pathOf('missing', 'echo "$0: not found" >&2; exit 127')
		const { json } = await diagnose([], { env: { PATH } })
		expect(json.verdict).not.toBe('healthy')
		expect(json.gaps.length).toBeGreaterThan(3)
	})
})

describe.skipIf(process.getuid?.() !== 0)('without root', () => {
	it('it says so and does not call anything healthy', async () => {
		const { json, status } = await diagnose([], { uid: 65534, env: { HOME: '/nonexistent' } })
		expect(json.node.root).toBe(false)
		expect(json.verdict).not.toBe('healthy')
		expect([3, 5]).toContain(status)
	})
})
