/** What `-o` and the app's `X` write: whole or not at all, on real file systems. */
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import {
	appendFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeBundle } from '../../src/bundle/write.js'
import { OutputError, writeOut } from '../../src/commands/outlet.js'
import { bundleOf } from '../bundle-of.js'
import { recordingPath } from '../recording.js'
import { run } from './program.js'

const dir = mkdtempSync(join(tmpdir(), 'k3s-doctor-out-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

async function refused(work: Promise<void>): Promise<string> {
	const error = await work.then(
		() => undefined,
		(thrown: unknown) => thrown,
	)
	expect(error).toBeInstanceOf(OutputError)
	return (error as OutputError).message
}

const bundle = bundleOf({ 'journal/k3s.log': 'a line of the journal\n'.repeat(10) })

describe('a file', () => {
	it('is for its owner alone, and nothing lies beside it', async () => {
		const folder = join(dir, 'mode')
		mkdirSync(folder)
		await writeOut('text\n', join(folder, 'a.txt'), false)
		expect(statSync(join(folder, 'a.txt')).mode & 0o777).toBe(0o600)
		expect(readdirSync(folder)).toEqual(['a.txt'])
	})

	it('is never replaced without --force, also not what a link points to', async () => {
		const path = join(dir, 'taken.txt')
		writeFileSync(path, 'precious')
		expect(await refused(writeOut('new', path, false))).toContain('exists already')
		const link = join(dir, 'link.txt')
		symlinkSync(path, link)
		expect(await refused(writeOut('new', link, false))).toContain('exists already')
		await writeOut('new', link, true)
		expect([readFileSync(path, 'utf8'), readFileSync(link, 'utf8')]).toEqual(['precious', 'new'])
	})

	it('is a device, a pipe or standard output: it is written to and never replaced', async () => {
		const pipe = join(dir, 'pipe')
		execFileSync('mkfifo', [pipe])
		const reader = promisify(execFile)('cat', [pipe])
		await writeOut('through', pipe, true)
		expect((await reader).stdout).toBe('through')
		expect(statSync(pipe).isFIFO()).toBe(true)
		expect(await refused(writeOut('x'.repeat(100_000), '/dev/full', false))).toContain('no space is left')
		const from = recordingPath('healthy-server')
		const { stdout } = await run(['diagnose', '--from', from, '-o', '/dev/stdout'])
		expect(stdout).toContain('HEALTHY')
	})

	it('is no folder, and its folder exists', async () => {
		expect(await refused(writeOut('x', dir, true))).toContain('is a folder. Name a file in it')
		expect(await refused(writeOut('x', join(dir, 'no', 'x.txt'), true))).toContain(`mkdir -p ${dir}/no`)
	})
})

describe('an archive', () => {
	it('is replaced only with --force, and whole', async () => {
		const path = join(dir, 'b.tar.gz')
		writeFileSync(path, 'precious')
		await expect(writeBundle(bundle, path)).rejects.toThrow('add --force')
		await writeBundle(bundle, path, { force: true })
		expect(execFileSync('tar', ['-tzf', path]).toString()).toContain('journal/k3s.log')
		await expect(writeBundle(bundle, dir, { force: true })).rejects.toThrow('exists already')
	})
})

/** A real file system of a megabyte, in a file. */
function makeSmall(): string | undefined {
	const image = join(dir, 'small.img')
	const place = join(dir, 'small')
	mkdirSync(place)
	writeFileSync(image, Buffer.alloc(1024 * 1024))
	const made =
		spawnSync('mkfs.ext2', ['-q', '-F', '-N', '32', image]).status === 0 &&
		spawnSync('mount', ['-o', 'loop', image, place]).status === 0
	return made ? place : undefined
}

const small = makeSmall()
if (!small) process.stderr.write('skipped: tests of full disks need root, mkfs.ext2 and a loop device\n')

describe.skipIf(!small)('a disk that takes nothing', () => {
	const place = small ?? ''
	const old = join(place, 'old.txt')
	const filler = join(place, 'filler')
	beforeAll(() => {
		writeFileSync(old, 'precious')
		try {
			for (let at = 0; at < 2_000; at += 1) appendFileSync(filler, Buffer.alloc(1024))
		} catch {
			// That it is full is the point.
		}
	})
	afterAll(() => void execFileSync('umount', [place]))
	const left = () => readdirSync(place).filter(name => name !== 'lost+found')

	it('keeps what was there, gets no half a file, and another place is named', async () => {
		const text = 'x'.repeat(300_000)
		for (const path of [join(place, 'new.html'), old]) {
			const message = await refused(writeOut(text, path, true))
			expect(message).toMatch(/no space is left there\. There is room in \/\S+: -o \/\S+\.(?:html|txt)$/)
		}
		await expect(writeBundle(bundle, join(place, 'b.tar.gz'), { force: true })).rejects.toThrow(
			'There is room in',
		)
		const from = recordingPath('ca-expired')
		const { status, stderr } = await run([
			'diagnose',
			'--from',
			from,
			'--format',
			'html',
			'-o',
			join(place, 'r'),
		])
		expect([status, stderr]).toEqual([1, expect.stringContaining('There is room in')])
		expect(left().sort()).toEqual(['filler', 'old.txt'])
		expect(readFileSync(old, 'utf8')).toBe('precious')
	})

	it('because no inode is left, or because it is read-only', async () => {
		rmSync(filler)
		const many: string[] = []
		try {
			for (let at = 0; at < 100; at += 1) {
				const path = join(place, `f${at}`)
				writeFileSync(path, '')
				many.push(path)
			}
		} catch {
			// Now they are used up.
		}
		expect(many.length).toBeLessThan(100)
		expect(await refused(writeOut('x', join(place, 'new.txt'), false))).toContain('no space is left')
		for (const path of many) rmSync(path)
		execFileSync('mount', ['-o', 'remount,ro', place])
		expect(await refused(writeOut('x', old, true))).toContain('the file system is read-only')
		expect(existsSync(join(place, 'new.txt'))).toBe(false)
	})
})
