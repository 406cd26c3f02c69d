import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
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
import { PassThrough, Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BundleError } from '../../src/bundle/error.js'
import { openBundle } from '../../src/bundle/open.js'
import { writeBundle } from '../../src/bundle/write.js'
import type { Bundle } from '../../src/model/bundle.js'

let dir = ''
let count = 0

beforeAll(() => {
	dir = mkdtempSync(join(tmpdir(), 'write-'))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** Mounting needs root, and in a container more than that. */
const canMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0

const place = (name: string) => join(dir, `${count++}-${name}`)

function bundleWith(files: Record<string, string>): Bundle {
	return {
		schema: 1,
		takenAt: '2026-11-21T04:10:00Z',
		node: {
			hostname: 'edge-7.lab',
			role: 'server',
			unit: 'k3s.service',
			init: 'systemd',
			dataDir: '/var/lib/rancher/k3s',
			root: true,
		},
		entries: [
			{ file: 'commands/df.txt', argv: ['df', '-B1'], exit: 0, ms: 7 },
			{ file: 'files/etc/hosts', path: '/etc/hosts' },
			{ file: 'files/var/log/pods/a_b_c/x/0.log', path: '/var/log/pods/a_b_c/x/0.log', ms: 1 },
			{ file: 'journal/k3s.log', argv: ['journalctl'], exit: 0, truncated: 'head' },
			{ file: 'commands/nope.txt', argv: ['nope'], exit: 127, why: 'absent', stderr: 'nope: not found\n' },
		],
		files: new Map(Object.entries(files)),
		notes: [],
	}
}

const plain = bundleWith({
	'commands/df.txt': 'Filesystem\n/dev/sda1 1 2 3\n',
	'files/etc/hosts': '127.0.0.1 localhost ümlaut\n',
	'files/var/log/pods/a_b_c/x/0.log': '',
	'journal/k3s.log': `${'x'.repeat(300)}\n`.repeat(5000),
})

const kinds = ['folder', 'bundle.tar.gz', 'bundle.tgz', 'bundle.tar'] as const

async function failureOf(work: Promise<unknown>): Promise<BundleError> {
	const error = await work.then(
		() => undefined,
		(thrown: unknown) => thrown,
	)
	expect(error).toBeInstanceOf(BundleError)
	return error as BundleError
}

/** Nothing but `expected` lies in the directory of `path`. */
function leftBeside(path: string): string[] {
	return readdirSync(join(path, '..'))
}

describe('a written bundle', () => {
	it.each(kinds)('can be opened again, unchanged: %s', async kind => {
		const path = place(kind)
		expect(await writeBundle(plain, path)).toEqual({ path, files: 4, refused: [] })
		const opened = await openBundle(path)
		expect(opened).toMatchObject({ takenAt: plain.takenAt, node: plain.node, entries: plain.entries })
		expect(new Map([...opened.files].sort())).toEqual(new Map([...plain.files].sort()))
	})

	it('is for its owner alone', async () => {
		const archive = place('private.tar.gz')
		await writeBundle(plain, archive)
		expect(statSync(archive).mode & 0o777).toBe(0o600)
		const listed = execFileSync('tar', ['-tvzf', archive]).toString().trim().split('\n')
		expect(listed).toHaveLength(5 + 10)
		for (const line of listed) expect(line).toMatch(/^(-rw-------|drwx------) /)
		const folder = place('private')
		await writeBundle(plain, folder)
		const inFolder = execFileSync('find', [folder, '-printf', '%y%m\n']).toString().trim().split('\n')
		expect(new Set(inFolder)).toEqual(new Set(['d700', 'f600']))
	})

	it('unpacks into one folder of its own name', async () => {
		const path = place('case-42.tar.gz')
		await writeBundle(plain, path)
		const names = execFileSync('tar', ['-tzf', path]).toString().trim().split('\n')
		const top = path.split('/').at(-1)?.replace('.tar.gz', '')
		expect(new Set(names.map(name => name.split('/')[0]))).toEqual(new Set([top]))
	})

	it('goes to standard output as tar.gz', async () => {
		const stdout = new PassThrough()
		const odd = { ...plain, node: { ...plain.node, hostname: '../Edge 7 (ü)' } }
		const [bytes] = await Promise.all([buffer(stdout), writeBundle(odd, '-', { stdout })])
		const names = execFileSync('tar', ['-tzf', '-'], { input: bytes }).toString().split('\n')
		expect(names).toContain('k3s-doctor-Edge-7-20261121-041000/bundle.json')
		const opened = await openBundle('-', { stdin: new PassThrough().end(bytes) })
		expect(opened.files.size).toBe(plain.files.size)
	})

	it('says so when the reader of standard output has gone', async () => {
		const noise = randomBytes(300_000).toString('hex')
		const large = bundleWith({ 'journal/k3s.log': noise, 'journal/kernel.log': noise })
		for (let takes = 0; takes < 6; takes++) {
			let taken = 0
			const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
			const stdout = new Writable({
				write: (_chunk, _encoding, done) => void setImmediate(done, taken++ < takes ? null : gone),
			})
			const error = await failureOf(writeBundle(large, '-', { stdout }))
			expect(error.happened).toBe('the reader has gone')
		}
	})
})

describe('names', () => {
	it.each(kinds)('never lead out of the bundle: %s', async kind => {
		const hostile = bundleWith({
			'commands/df.txt': 'fine',
			'../outside': 'x',
			'files/../../outside': 'x',
			'/etc/outside': 'x',
			'files//etc/./hosts': 'x',
			'files/a\0b': 'x',
			'files/a\nb': 'x',
			'bundle.json': '{"schema": 2}',
			'unknown/name': 'x',
			'files/both': 'a file',
			'files/both/and': 'a folder',
			[`files/${'n'.repeat(300)}`]: 'x',
			__proto__x: 'x',
		})
		const folder = place('hostile')
		mkdirSync(folder)
		const path = join(folder, kind)
		const { files, refused } = await writeBundle(hostile, path)
		expect({ files, refused: refused.length }).toEqual({ files: 2, refused: 11 })
		expect([...(await openBundle(path)).files.keys()].sort()).toEqual(['commands/df.txt', 'files/both/and'])
		expect(readdirSync(folder)).toEqual([kind])
	})
})

describe('what is there already', () => {
	it.each(kinds)('is not overwritten: %s', async kind => {
		const folder = place('taken')
		mkdirSync(folder)
		const path = join(folder, kind)
		if (kind === 'folder') mkdirSync(path)
		else writeFileSync(path, 'precious')
		const error = await failureOf(writeBundle(plain, path))
		expect(error.message).toBe(
			`Cannot write ${path}: it exists already. Name another ${kind === 'folder' ? 'folder, or remove it first' : 'file, or add --force to replace it'}.`,
		)
		expect(leftBeside(path)).toEqual([kind])
		if (kind !== 'folder') expect(readFileSync(path, 'utf8')).toBe('precious')
	})

	it('is not followed either', async () => {
		const target = place('elsewhere')
		const path = place('link.tar.gz')
		symlinkSync(target, path)
		await failureOf(writeBundle(plain, path))
		expect(existsSync(target)).toBe(false)
	})
})

describe('a place that cannot take it', () => {
	it.each(kinds)('because the folder above does not exist: %s', async kind => {
		const path = join(place('missing'), kind)
		const error = await failureOf(writeBundle(plain, path))
		expect(error.happened).toBe('the folder above it does not exist')
		expect(error.next).toContain('mkdir -p')
	})

	it.skipIf(!canMount)('because it is full or read-only: another one is named', async () => {
		const small = place('small')
		mkdirSync(small)
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', small])
		try {
			const folder = await failureOf(writeBundle(plain, join(small, 'folder')))
			expect(folder.happened).toBe('there is no space left there')
			expect(folder.next).toMatch(/^There is room in \/\S+: k3s-doctor collect -o \/\S+\.tar\.gz$/)
			const archive = await failureOf(writeBundle(plain, join(small, 'archive.tar')))
			expect(archive.happened).toBe('there is no space left there')
			execFileSync('mount', ['-o', 'remount,ro', small])
			const readOnly = await failureOf(writeBundle(plain, join(small, 'archive.tar')))
			expect(readOnly.happened).toBe('the file system there is read-only')
			expect(readdirSync(small)).toEqual([])
		} finally {
			execFileSync('umount', [small])
		}
	})

	it('because a file stands in the way', async () => {
		const file = place('file')
		writeFileSync(file, '')
		const error = await failureOf(writeBundle(plain, join(file, 'x.tar.gz')))
		expect(error.happened).toBe('what stands above it is not a folder')
	})
})
