import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BundleError, openBundle } from '../../src/bundle/open.js'
import { fileWith, membersOf, scratchFolder, smallBundle, tarOf } from './archive-of.js'

function folderWith(files: Readonly<Record<string, string | Buffer>>, below = ''): string {
	const root = mkdtempSync(join(scratchFolder(), 'folder-'))
	for (const [name, body] of Object.entries(files)) {
		mkdirSync(dirname(join(root, below, name)), { recursive: true })
		writeFileSync(join(root, below, name), body)
	}
	return root
}

async function refusal(path: string): Promise<BundleError> {
	const error = await openBundle(path).then(
		() => undefined,
		(reason: unknown) => reason,
	)
	if (!(error instanceof BundleError)) throw new Error(`Not refused, or not well: ${String(error)}`)
	return error
}

const names = ['commands/df.txt', 'files/etc/hosts', 'journal/k3s-agent.log']
const root = process.getuid?.() === 0

describe('a folder', () => {
	it('is the same bundle as the archive of it', async () => {
		const fromFolder = await openBundle(folderWith(smallBundle))
		expect(fromFolder).toEqual(await openBundle(fileWith(tarOf(membersOf(smallBundle)))))
		expect(fromFolder.notes).toEqual([])
	})

	it('may hold the bundle in its only folder', async () => {
		const bundle = await openBundle(folderWith(smallBundle, 'k3s-edge-7'))
		expect([...bundle.files.keys()]).toEqual(names)
	})

	it('is found by its bundle.json, too', async () => {
		const bundle = await openBundle(join(folderWith(smallBundle), 'bundle.json'))
		expect([...bundle.files.keys()]).toEqual(names)
	})

	it('is read by the names of the layout alone', async () => {
		const bundle = await openBundle(folderWith({ ...smallBundle, 'notes.txt': 'x', 'other/x': 'x' }))
		expect([...bundle.files.keys()]).toEqual(names)
	})

	it('without bundle.json is opened with guessed facts, and says so', async () => {
		const { 'bundle.json': _, ...rest } = smallBundle
		const bundle = await openBundle(folderWith({ ...rest, 'commands/hostname.txt': 'edge-8\n' }))
		expect(bundle.node).toMatchObject({ hostname: 'edge-8', role: 'agent', unit: 'k3s-agent.service' })
		expect(bundle.notes.join()).toContain('no bundle.json')
		expect(bundle.entries.map(({ file }) => file)).toEqual([
			'commands/df.txt',
			'commands/hostname.txt',
			...names.slice(1),
		])
	})

	it('has files that say nothing of their size', async () => {
		const path = folderWith({ ...smallBundle, 'files/empty': '' })
		expect((await openBundle(path)).files.get('files/empty')).toBe('')
	})
})

describe('a path that is no bundle', () => {
	it('is told when nothing is there', async () => {
		expect(await refusal(join(scratchFolder(), 'nothing'))).toMatchObject({
			happened: 'there is no such file or folder',
			next: 'Check the path for a typing error.',
		})
		expect((await refusal(join(fileWith('x'), 'below'))).happened).toContain('is a file')
		expect((await refusal('')).happened).toContain('no path')
	})

	it('is told when the folder is empty, of something else, or of several bundles', async () => {
		expect((await refusal(folderWith({}))).happened).toBe('the folder is empty')
		expect((await refusal(folderWith({ 'x/y/z': 'x' }))).happened).toContain('holds no bundle.json')
		const several = folderWith(smallBundle, 'a')
		mkdirSync(join(several, 'b', 'journal'), { recursive: true })
		expect((await refusal(several)).happened).toBe('the folder holds several bundles (a, b)')
		mkdirSync(join(several, 'commands'))
		expect(
			(await refusal(folderWith({ 'commands/.keep': '' }, 'x').concat('/x/commands'))).happened,
		).toContain('no bundle')
	})

	it('is told when it is a pipe or a device, and nothing waits for it', async () => {
		const pipe = join(scratchFolder(), 'pipe')
		execFileSync('mkfifo', [pipe])
		expect((await refusal(pipe)).happened).toBe('it is a pipe')
		expect((await refusal('/dev/zero')).happened).toBe('it is a device')
	})

	it('never shows control characters of its name', async () => {
		const { message } = await refusal('/nowhere/\u001b[31m')
		expect(message).toContain('\\u001b')
		expect(message).not.toContain('\u001b')
	})

	it.skipIf(root)('is told when there is no permission', async () => {
		const file = fileWith('x')
		chmodSync(file, 0)
		expect(await refusal(file)).toMatchObject({ happened: 'there is no permission to read it' })
		const folder = folderWith(smallBundle)
		chmodSync(folder, 0)
		expect((await refusal(folder)).next).toContain('sudo')
		chmodSync(folder, 0o700)
	})
})

describe('a hostile folder', () => {
	it('has links skipped, wherever they lead', async () => {
		const path = folderWith(smallBundle)
		symlinkSync('/etc/passwd', join(path, 'files/passwd'))
		symlinkSync('/etc', join(path, 'files/etc2'))
		symlinkSync('hosts', join(path, 'files/etc/again'))
		symlinkSync('/etc', join(path, 'api'))
		const bundle = await openBundle(path)
		expect([...bundle.files.keys()]).toEqual(names)
		expect(bundle.notes.join()).toMatch(/^Links are not followed: .* and 1 more$/)
	})

	it('has pipes skipped, and nothing waits for them', async () => {
		const path = folderWith(smallBundle)
		execFileSync('mkfifo', [join(path, 'files/pipe')])
		const bundle = await openBundle(path)
		expect([...bundle.files.keys()]).toEqual(names)
		expect(bundle.notes).toEqual(['Neither a file nor a folder, skipped: files/pipe'])
	})

	it('has names with control characters refused', async () => {
		const bundle = await openBundle(folderWith({ ...smallBundle, 'files/a\nb\u001b[1m': 'x' }))
		expect([...bundle.files.keys()]).toEqual(names)
		expect(bundle.notes).toEqual(['Refused because of its name: files/a\\u000ab\\u001b[1m'])
	})

	it('has the end of a large log kept without reading the rest', async () => {
		const path = folderWith({ ...smallBundle, 'journal/kernel.log': 'x\n' })
		// A file of 8 GiB that takes no disk: only its end can be read in time.
		truncateSync(join(path, 'journal/kernel.log'), 8 * 1024 ** 3)
		const bundle = await openBundle(path, { limits: { file: 10_000 } })
		expect(bundle.files.get('journal/kernel.log')).toHaveLength(10_000)
		expect(bundle.entries.find(({ file }) => file === 'journal/kernel.log')?.truncated).toBe('head')
	})

	it('is read to the limit of names', async () => {
		const many = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`files/${at}`, 'x']))
		const bundle = await openBundle(folderWith({ ...smallBundle, ...many }), { limits: { entries: 20 } })
		expect(bundle.files.size).toBeLessThan(20)
		expect(bundle.notes.join()).toContain('holds more than 20 files')
	})

	it.skipIf(root)('has unreadable parts told', async () => {
		const path = folderWith(smallBundle)
		chmodSync(join(path, 'commands/df.txt'), 0)
		chmodSync(join(path, 'files'), 0)
		const bundle = await openBundle(path)
		chmodSync(join(path, 'files'), 0o700)
		expect([...bundle.files.keys()]).toEqual(['journal/k3s-agent.log'])
		expect(bundle.entries.find(({ file }) => file === 'commands/df.txt')?.why).toBe('denied')
		expect(bundle.notes.join()).toMatch(/^No permission to read: .*df\.txt/)
	})
})
