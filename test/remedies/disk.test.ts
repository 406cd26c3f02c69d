import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { localHands } from '../../src/host/local-hands.js'
import { placesOf } from '../../src/remedies/places.js'
import { runPlan } from '../../src/remedies/run.js'
import { makeStop } from '../../src/remedies/stop.js'
import { carryOut, makeScratch, remedyOf, type Scratch, stateOf, takeBack, yesTo } from './scratch.js'

let scratch: Scratch
let mounted: string[] = []
beforeEach(() => {
	scratch = makeScratch()
	mounted = []
})
afterEach(() => {
	for (const path of mounted.toReversed()) execFileSync('umount', ['-l', path])
	scratch.cleanup()
})

function mount(...args: string[]): void {
	execFileSync('mount', args, { stdio: 'pipe' })
	mounted.push(args.at(-1) ?? '')
}

const mayMount = (() => {
	try {
		execFileSync('unshare', ['-m', 'true'], { stdio: 'pipe' })
		return process.getuid?.() === 0
	} catch {
		return false
	}
})()
if (!mayMount) process.stderr.write('skipped: tests of full and read-only disks need root and mount(8)\n')

/** A small file system on k3s's data directory, with one configuration file in it. */
function smallDisk(kilobytes: number): string {
	mount('-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', scratch.node.dataDir)
	return scratch.put('var/lib/rancher/k3s/agent/etc/config.yaml', 'a: 1\n', 0o600)
}

describe.skipIf(!mayMount)('a disk that takes nothing', () => {
	const remedy = (path: string) => remedyOf([{ edit: path, set: { a: 2 } }])

	it('that is full is recognised before anything is done', async () => {
		const path = smallDisk(512)
		try {
			writeFileSync(join(scratch.node.dataDir, 'fill'), Buffer.alloc(1024 * 1024))
		} catch {}
		const session = scratch.session([remedy(path)])
		const plan = await session.plan('config-bad-value', 1)
		// The second place is on another disk, but the file itself lies on this one.
		expect(plan?.backup.folder.startsWith(scratch.at('run/k3s-doctor/backups/'))).toBe(true)
		expect(plan?.refusals).toEqual([
			{ kind: 'precondition', why: expect.stringMatching(/config.yaml can be changed .*0 bytes are free/) },
		])
	})

	it('that becomes full meanwhile leaves the old file whole, and the log says so', async () => {
		const path = smallDisk(512)
		const session = scratch.session([remedy(path)])
		const plan = await session.plan('config-bad-value', 1)
		const confirmed = plan && yesTo(plan)
		if (!plan || !confirmed) throw new Error('no plan')
		const result = await runPlan(confirmed, {
			...scratch.machine,
			who: { user: 'ada', uid: 0 },
			audits: scratch.places.audits,
			replan: async () => {
				try {
					writeFileSync(join(scratch.node.dataDir, 'fill'), Buffer.alloc(1024 * 1024))
				} catch {}
				return plan
			},
			onEvent: () => undefined,
			stop: makeStop(),
		})
		expect(['failed', 'refused']).toContain(result.outcome)
		expect(result.detail).toContain('no space is left')
		expect(stateOf(path)).toMatchObject({ bytes: 'a: 1\n' })
		expect((await session.history()).actions).toMatchObject([{ outcome: result.outcome }])
	})

	it('that is read-only is recognised, and the place that the operator names is the only one', async () => {
		smallDisk(512)
		mount('-o', 'remount,ro', scratch.node.dataDir)
		mounted.pop()
		const elsewhere = scratch.put('etc/config.yaml', 'a: 1\n')
		const usual = await scratch.session([remedy(elsewhere)]).plan('config-bad-value', 1)
		expect(usual?.refusals).toEqual([])
		expect(usual?.backup.folder.startsWith(scratch.at('run/k3s-doctor/backups/'))).toBe(true)
		scratch.places = {
			...scratch.places,
			backups: placesOf(scratch.node.dataDir, join(scratch.node.dataDir, 'here')).backups,
		}
		const named = await scratch.session([remedy(elsewhere)]).plan('config-bad-value', 1)
		expect(named?.refusals).toEqual([
			{ kind: 'precondition', why: expect.stringContaining('the file system is read-only') },
		])
	})

	it('that is read-only refuses what would change it', async () => {
		const path = smallDisk(512)
		mount('-o', 'remount,ro', scratch.node.dataDir)
		mounted.pop()
		for (const step of [
			{ edit: path, set: { a: 2 } },
			{ remove: path },
			{ setMode: path, mode: 0o644 },
			{ move: path, to: `${path}.bak` },
		]) {
			const plan = await scratch.session([remedyOf([step])]).plan('config-bad-value', 1)
			expect(plan?.refusals[0]?.why, JSON.stringify(step)).toContain('the file system is read-only')
		}
	})

	it('in memory is said to be so', async () => {
		mkdirSync(scratch.at('run'), { recursive: true })
		mount('-t', 'tmpfs', 'tmpfs', scratch.at('run'))
		const space = await localHands().space(scratch.at('run/k3s-doctor/backups'))
		expect(space).toMatchObject({ writable: true, inMemory: true })
	})

	it('on which a folder cannot be put aside refuses before anything is done', async () => {
		smallDisk(2048)
		const folder = scratch.at('etc/containerd/certs')
		mkdirSync(folder, { recursive: true })
		const plan = await scratch.session([remedyOf([{ remove: folder }])]).plan('config-bad-value', 1)
		expect(plan?.refusals[0]?.why).toContain('on another file system')
	})

	it('keeps a file that is removed from another disk, and brings it back', async () => {
		smallDisk(2048)
		const path = scratch.put('etc/containerd/old.toml', 'x', 0o604)
		const before = stateOf(path)
		const session = scratch.session([remedyOf([{ remove: path }])])
		await carryOut(session, await session.plan('config-bad-value', 1))
		expect(existsSync(path)).toBe(false)
		await takeBack(session)
		expect(stateOf(path)).toEqual(before)
	})

	it('tells a move across disks from one that works', async () => {
		smallDisk(2048)
		const path = scratch.put('etc/x', 'x')
		const session = scratch.session([remedyOf([{ move: path, to: join(scratch.node.dataDir, 'x') }])])
		const { result } = await carryOut(session, await session.plan('config-bad-value', 1))
		expect(result.detail).toContain('another file system')
		expect(existsSync(path)).toBe(true)
	})
})
