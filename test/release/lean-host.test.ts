/** The executable on hosts that are short of everything: one core, little memory, no room, nothing to write to. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { executable, has, isBuilt, ran } from './files.js'

const scratch = mkdtempSync(join(tmpdir(), 'k3s-doctor-lean-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const path = { PATH: process.env.PATH }
const isRoot = process.getuid?.() === 0
const question = `${executable} diagnose --format json --timeout 60`

interface Answered {
	verdict: string
	gaps: { source: string; why: string }[]
}

/** The report of a shell line that ends in the doctor's question. */
function answered(line: string, env: NodeJS.ProcessEnv = path): Answered {
	const { stdout, stderr, status } = ran('sh', ['-c', line], env)
	expect([stderr, status]).toEqual(['', expect.any(Number)])
	expect([0, 3, 5]).toContain(status)
	return JSON.parse(stdout) as Answered
}

const mayUnshare =
	isRoot && has('unshare') && spawnSync('unshare', ['-m', 'mount', '--make-rprivate', '/']).status === 0
const memory = '/sys/fs/cgroup/memory'

/** A group that may use 256 MiB; `undefined` where none can be made. */
function smallGroup(): string | undefined {
	const folder = join(memory, `k3s-doctor-test-${process.pid}`)
	try {
		mkdirSync(folder)
		writeFileSync(join(folder, 'memory.limit_in_bytes'), '256M')
		return folder
	} catch {
		return undefined
	}
}

describe.skipIf(!isBuilt)(
	'the executable',
	() => {
		it.skipIf(!mayUnshare)('needs nothing to write to', () => {
			const usual = answered(question)
			const readOnly = answered(
				`exec unshare -m sh -c 'mount --make-rprivate / && mount -o remount,bind,ro / && ! touch ${scratch}/x 2>/dev/null && exec ${question}'`,
			)
			expect(readOnly.verdict).toBe(usual.verdict)
		})

		it.skipIf(!mayUnshare)('needs no room', () => {
			// The executable may itself stand somewhere below /tmp.
			const room = mkdtempSync(join(scratch, 'room-'))
			const full = answered(
				`exec unshare -m sh -c 'mount --make-rprivate / && mount -t tmpfs -o size=4k none ${room} && head -c 4096 /dev/zero >${room}/full && ! echo more 2>/dev/null >>${room}/full && exec env TMPDIR=${room} ${question}'`,
			)
			expect(full.gaps).toBeInstanceOf(Array)
		})

		it.skipIf(!isRoot || !has('taskset'))('works on one core with 256 MB', context => {
			const group = smallGroup()
			if (!group) return context.skip('no memory cgroup of version 1 can be made here')
			const { verdict } = answered(`echo $$ >${group}/cgroup.procs && exec taskset -c 0 ${question}`)
			expect(verdict).toBe(answered(question).verdict)
			rmdirSync(group)
		})

		it.skipIf(!isRoot || !has('su'))('works as somebody else, and says what that one may not see', () => {
			const { gaps } = answered(`exec su -s /bin/sh nobody -c '${question}'`)
			expect(gaps.length).toBeGreaterThan(0)
		})

		it('finds its programs without sbin in PATH, and needs neither HOME nor TERM nor LANG', () => {
			const whole = answered(question, {
				PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
			})
			const short = answered(question, { PATH: '/usr/bin:/bin' })
			const names = ({ gaps }: Answered) => gaps.map(({ source, why }) => `${source} ${why}`)
			expect(names(short)).toEqual(names(whole))
		})
	},
	120_000,
)
