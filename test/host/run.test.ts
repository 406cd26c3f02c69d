import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { localHost } from '../../src/host/local.js'
import { lives, programs, scratchDir, script, timed, until, withPrograms } from './scratch.js'

const { run } = localHost()

describe('a program that ends', () => {
	it('gives output, error output and exit status', async () => {
		const path = script(scratchDir(), 'three', 'echo out', 'echo err >&2', 'exit 3')
		expect(await run([path])).toMatchObject({
			ok: true,
			value: { stdout: 'out\n', stderr: 'err\n', exit: 3 },
		})
	})

	it('is never given to a shell', async () => {
		const answer = await run(['echo', '$(id); `id` | cat > x', '*'])
		expect(answer).toMatchObject({ ok: true, value: { stdout: '$(id); `id` | cat > x *\n' } })
	})

	it('tells the signal that ended it', async () => {
		const path = script(scratchDir(), 'own-goal', 'kill -SEGV $$')
		expect(await run([path])).toMatchObject({ ok: true, value: { exit: 139 } })
	})

	it('has nothing to read', async () => {
		expect(await run(['cat'], { limitSeconds: 5 })).toMatchObject({
			ok: true,
			value: { stdout: '', exit: 0 },
		})
	})

	it('sees a plain environment, whatever the caller has', async () => {
		process.env.KUBECONFIG = '/elsewhere'
		process.env.LC_ALL = 'de_DE.UTF-8'
		try {
			const answer = await run(['env'])
			const lines = answer.ok ? answer.value.stdout.split('\n') : []
			expect(lines).toEqual(expect.arrayContaining(['LC_ALL=C.UTF-8', 'NO_COLOR=1', 'SYSTEMD_PAGER=']))
			expect(lines.some(line => line.startsWith('KUBECONFIG'))).toBe(false)
		} finally {
			delete process.env.KUBECONFIG
			delete process.env.LC_ALL
		}
	})

	it('is found in the system directories, and not in the current one', async () => {
		const dir = scratchDir()
		script(dir, 'only-here', 'echo ran')
		const before = process.env.PATH
		process.env.PATH = ':.:relative'
		try {
			expect(await run(['only-here'])).toMatchObject({ ok: false, unavailable: { why: 'absent' } })
			const path = await run(['env'])
			expect(path.ok && path.value.stdout).toMatch(/^PATH=\/usr\/local\/sbin:[^.]*:\/opt\/bin$/m)
		} finally {
			process.env.PATH = before
		}
	})
})

describe('a program that cannot be started', () => {
	it('is absent', async () => {
		expect(await run(['no-such-program', 'x'])).toMatchObject({
			ok: false,
			unavailable: {
				why: 'absent',
				detail: 'no-such-program: No such file or directory',
				asked: 'no-such-program x',
			},
		})
	})

	it('is denied', async () => {
		const dir = scratchDir()
		const path = join(dir, 'not-executable')
		writeFileSync(path, '#!/bin/sh\n', { mode: 0o600 })
		for (const program of [path, dir])
			expect(await run([program])).toMatchObject({
				ok: false,
				unavailable: { why: 'denied', detail: `${program}: Permission denied` },
			})
	})

	it('because its arguments are impossible', async () => {
		expect(await run(['echo', 'a\0b'])).toMatchObject({ ok: false, unavailable: { why: 'failed' } })
		expect(await run(['echo', 'x'.repeat(4_000_000)])).toMatchObject({
			ok: false,
			unavailable: { why: 'failed', detail: 'echo: E2BIG' },
		})
	})
})

describe('a program that hangs', () => {
	it('is ended with everything that it started, and what it said is kept', async () => {
		const dir = scratchDir()
		const path = script(
			dir,
			'family',
			`bash -c 'trap "" TERM; echo $$ > ${dir}/grandchild; while :; do sleep 100; done' &`,
			`echo $$ > ${dir}/child`,
			'echo so far',
			'sleep 100',
		)
		const running = run([path], { limitSeconds: 1 })
		await until(() => existsSync(join(dir, 'grandchild')) && existsSync(join(dir, 'child')))
		const answer = await running
		expect(answer).toMatchObject({
			ok: false,
			unavailable: {
				why: 'timeout',
				detail: `${path} did not end within 1 s`,
				partial: { stdout: 'so far\n' },
			},
		})
		expect(answer.ms).toBeLessThan(5000)
		const pids = ['child', 'grandchild'].map(name => Number(readFileSync(join(dir, name), 'utf8')))
		await until(() => !pids.some(lives))
	})

	it('is ended by force when it ignores the request', async () => {
		const path = script(scratchDir(), 'deaf', 'trap "" TERM INT HUP', 'while :; do sleep 100; done')
		const answer = await run([path], { limitSeconds: 0.3 })
		expect(answer).toMatchObject({ ok: false, unavailable: { why: 'timeout' } })
		expect(answer.ms).toBeLessThan(5000)
	})

	it('only seems to when a child of it holds the output open', async () => {
		const dir = scratchDir()
		const path = script(dir, 'parent', `sleep 100 &`, `echo $! > ${dir}/pid`, 'echo done', 'exit 4')
		const answer = await run([path], { limitSeconds: 60 })
		expect(answer).toMatchObject({ ok: true, value: { stdout: 'done\n', exit: 4 } })
		expect(answer.ms).toBeLessThan(10_000)
		const pid = Number(readFileSync(join(dir, 'pid'), 'utf8'))
		await until(() => !lives(pid))
	})

	it('does not wait for a child that left its group', async () => {
		const dir = scratchDir()
		const path = script(dir, 'daemon', `setsid bash -c 'echo $$ > ${dir}/pid; exec sleep 100' &`, 'sleep 100')
		const answer = await run([path], { limitSeconds: 0.5 })
		expect(answer).toMatchObject({ ok: false, unavailable: { why: 'timeout' } })
		expect(answer.ms).toBeLessThan(5000)
		await until(() => existsSync(join(dir, 'pid')))
		process.kill(Number(readFileSync(join(dir, 'pid'), 'utf8')), 'SIGKILL')
	})

	it('costs thirty of them no more than one', async () => {
		const names = Array.from({ length: 30 }, (_, i) => `hang-${i}`)
		const dir = programs(names, 'sleep 100')
		const ms = await timed(() =>
			withPrograms(dir, () => Promise.all(names.map(name => run([name], { limitSeconds: 1 })))),
		)
		expect(ms).toBeGreaterThan(900)
		expect(ms).toBeLessThan(8000)
	})
})

describe('a program that says too much', () => {
	const loud = ['bash', '-c', 'yes "line of text" | head -c 100000000'] as const

	it('keeps its first part, and need not go on', async () => {
		const answer = await run(['yes'], { maxBytes: 1000, limitSeconds: 60 })
		expect(answer).toMatchObject({ ok: true, value: { truncated: 'tail' } })
		expect(answer.ok && answer.value.stdout).toBe('y\n'.repeat(500))
		expect(answer.ms).toBeLessThan(10_000)
	})

	it('keeps its last part, in whole lines and little memory', async () => {
		const before = process.memoryUsage().rss
		const answer = await run(loud, { maxBytes: 1_000_000, keep: 'tail', limitSeconds: 60 })
		expect(answer).toMatchObject({ ok: true, value: { exit: 0, truncated: 'head' } })
		const stdout = answer.ok ? answer.value.stdout : ''
		expect(stdout.length).toBeGreaterThan(900_000)
		expect(stdout.length).toBeLessThanOrEqual(1_000_000)
		expect(stdout.startsWith('line of text\n')).toBe(true)
		expect(process.memoryUsage().rss - before).toBeLessThan(80_000_000)
	})

	it('keeps all that fits', async () => {
		for (const keep of ['head', 'tail'] as const) {
			const answer = await run(['printf', '%s', 'abcdef\nghij'], { maxBytes: 11, keep })
			expect(answer).toMatchObject({ ok: true, value: { stdout: 'abcdef\nghij', exit: 0 } })
			expect(answer.ok && answer.value.truncated).toBeUndefined()
		}
	})

	it('keeps the end of its error output', async () => {
		const answer = await run(['bash', '-c', 'seq 100000 >&2'])
		const stderr = answer.ok ? answer.value.stderr : ''
		expect(stderr.length).toBeLessThanOrEqual(4096)
		expect(stderr.endsWith('99999\n100000\n')).toBe(true)
	})

	it('may print anything', async () => {
		const answer = await run(['bash', '-c', 'head -c 300000 /dev/urandom; printf "\\xff\\xfe\\x00end"'])
		expect(answer).toMatchObject({ ok: true, value: { exit: 0 } })
		expect(answer.ok && answer.value.stdout.endsWith('\ufffd\ufffd\0end')).toBe(true)
	})
})
