import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { BundleError, openBundle } from '../../src/bundle/open.js'
import { fileWith, type Member, membersOf, smallBundle, tarOf } from './archive-of.js'

const plain = membersOf(smallBundle)
const open = (bytes: Uint8Array, limits = {}) => openBundle(fileWith(bytes), { limits })
const names = ['commands/df.txt', 'files/etc/hosts', 'journal/k3s-agent.log']

async function refusal(bytes: Uint8Array, limits = {}): Promise<BundleError> {
	const error = await open(bytes, limits).then(
		() => undefined,
		(reason: unknown) => reason,
	)
	if (!(error instanceof BundleError)) throw new Error(`Not refused, or not well: ${String(error)}`)
	return error
}

describe('an archive', () => {
	for (const [how, pack] of [
		['.tar', (members: Member[]) => tarOf(members)],
		['.tar.gz', (members: Member[]) => gzipSync(tarOf(members))],
	] as const) {
		for (const top of ['', './', 'k3s-edge-7/', './k3s-edge-7/']) {
			it(`is opened as ${how} with its names below "${top}"`, async () => {
				const bundle = await open(pack([{ name: top || 'x/', type: '5' }, ...membersOf(smallBundle, top)]))
				expect([...bundle.files.keys()]).toEqual(names)
				expect(bundle.files.get('files/etc/hosts')).toBe(smallBundle['files/etc/hosts'])
				expect(bundle.node).toEqual({
					hostname: 'edge-7',
					role: 'agent',
					unit: 'k3s-agent.service',
					init: 'systemd',
					dataDir: '/data/k3s',
					root: true,
				})
				expect(bundle.takenAt).toBe('2026-03-04T05:06:07Z')
				expect(bundle.entries[0]).toEqual({
					file: 'commands/df.txt',
					argv: ['df', '-PT'],
					exit: 0,
					ms: 7,
				})
				expect(bundle.notes).toEqual([])
			})
		}
	}

	it('may have several gzip members, as parallel compressors write them', async () => {
		const tar = tarOf(plain)
		const bytes = Buffer.concat([gzipSync(tar.subarray(0, 1000)), gzipSync(tar.subarray(1000))])
		expect([...(await open(bytes)).files.keys()]).toEqual(names)
	})

	it('may hold files that no doctor knows: they are not looked at', async () => {
		const bundle = await open(
			tarOf([...plain, { name: 'README', body: 'x' }, { name: 'deep/er/x', body: 'x' }]),
		)
		expect([...bundle.files.keys()]).toEqual(names)
		expect(bundle.notes).toEqual([])
	})

	it('of several bundles is opened at the first, and says so', async () => {
		const bundle = await open(tarOf([...membersOf(smallBundle, 'a/'), ...membersOf(smallBundle, 'b/')]))
		expect([...bundle.files.keys()]).toEqual(names)
		expect(bundle.notes).toEqual(['Opened is a, not opened: b'])
	})

	it('without bundle.json is opened with guessed facts, and says so', async () => {
		const bundle = await open(tarOf(plain.filter(({ name }) => name !== 'bundle.json')))
		expect(bundle.node).toMatchObject({ hostname: 'edge-7', role: 'agent', unit: 'k3s-agent.service' })
		expect(bundle.takenAt).toBe('2026-03-04T05:00:00.000Z')
		expect(bundle.notes.join()).toContain('no bundle.json')
	})

	it('with nothing of a bundle in it is refused', async () => {
		const error = await refusal(tarOf([{ name: 'holiday.jpg', body: 'x' }]))
		expect(error.happened).toContain('holds no bundle.json')
		expect(error.next).toContain('k3s-doctor collect')
	})
})

describe('a broken archive', () => {
	const tar = tarOf(plain)

	it('keeps what came before it broke off, where bundle.json is among it', async () => {
		// In the middle of the last file's body.
		const bundle = await open(tar.subarray(0, tar.length - 1024 - 600))
		expect([...bundle.files.keys()]).toEqual(['commands/df.txt', 'files/etc/hosts'])
		expect(bundle.notes).toEqual([
			'The archive ends too early (in the middle of a file); what was read before that is used.',
		])
		expect(bundle.entries.find(({ file }) => file === 'journal/k3s-agent.log')?.why).toBe('unreadable')
	})

	it('is told when it ends between two files', async () => {
		const bundle = await open(tar.subarray(0, tar.length - 1024))
		expect([...bundle.files.keys()]).toEqual(names)
		expect(bundle.notes.join()).toContain('its end mark is missing')
	})

	it('is refused where bundle.json was not read', async () => {
		const late = tarOf([...plain.slice(1), ...plain.slice(0, 1)])
		const error = await refusal(late.subarray(0, 2000))
		expect(error.message).toMatch(
			/^Cannot open .*: the archive ends too early .*\. Copy or download it again/,
		)
	})

	it('keeps what came before where its compressed data is cut off', async () => {
		const noise = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7919 * (at % 331)) & 0xff))
		const packed = gzipSync(tarOf([...plain, { name: 'files/noise', body: noise }]))
		const bundle = await open(packed.subarray(0, packed.length - 5000))
		expect([...bundle.files.keys()]).toEqual(names)
		expect(bundle.notes.join()).toContain('its compressed data is cut off')
	})

	it('is refused where its compressed data is damaged from the start', async () => {
		const packed = gzipSync(tar)
		packed.fill(0xaa, 10, 60)
		const error = await refusal(packed)
		expect(error.happened).toBe('its compressed data is damaged from the start')
	})

	it('whose sizes are too small is damaged where the next header should be', async () => {
		const [manifest, ...rest] = plain
		const bundle = await open(
			tarOf([manifest ?? { name: '' }, { name: 'files/x', body: 'x'.repeat(4000), claims: 10 }, ...rest]),
		)
		expect(bundle.files.get('files/x')).toBe('xxxxxxxxxx')
		expect(bundle.notes.join()).toContain('a header in it makes no sense')
	})

	it('whose sizes are too large ends too early', async () => {
		const bundle = await open(tarOf([...plain, { name: 'files/x', body: 'x', claims: 2 ** 32 }]))
		expect([...bundle.files.keys()]).toEqual(names)
		expect(bundle.notes.join()).toContain('ends too early')
	})
})

describe('a hostile archive', () => {
	it('cannot reach outside: such names are refused and told', async () => {
		const bundle = await open(
			tarOf([
				...plain,
				{ name: '../../etc/passwd', body: 'x' },
				{ name: '/etc/shadow', body: 'x' },
				{ name: 'files/../../x', body: 'x' },
				{ name: 'commands/\u001b[31mred', body: 'x' },
			]),
		)
		expect([...bundle.files.keys()]).toEqual(names)
		expect(bundle.notes).toEqual([
			'Refused because of its name: ../../etc/passwd, /etc/shadow, files/../../x and 1 more',
		])
	})

	it('shows no control character of a name', async () => {
		const bundle = await open(tarOf([...plain, { name: 'files/a\u001b]0;x\u0007b', body: 'x' }]))
		expect(bundle.notes).toEqual(['Refused because of its name: files/a\\u001b]0;x\\u0007b'])
	})

	it('has its links, devices and pipes skipped', async () => {
		const bundle = await open(
			tarOf([
				...plain,
				{ name: 'files/etc/shadow', type: '2', linkTo: '/etc/shadow' },
				{ name: 'files/etc/hard', type: '1', linkTo: '/etc/shadow' },
				{ name: 'files/dev/sda', type: '3' },
				{ name: 'files/pipe', type: '6' },
			]),
		)
		expect([...bundle.files.keys()]).toEqual(names)
		expect(bundle.notes).toEqual([
			'Links are not followed: files/etc/shadow, files/etc/hard',
			'Not a file, skipped: files/dev/sda, files/pipe',
		])
	})

	it('has the first of two files of one name', async () => {
		const bundle = await open(tarOf([...plain, { name: './files//etc/hosts', body: 'evil' }]))
		expect(bundle.files.get('files/etc/hosts')).toBe(smallBundle['files/etc/hosts'])
		expect(bundle.notes).toEqual(['There twice, the first one counts: files/etc/hosts'])
	})

	it('may use the names of JavaScript', async () => {
		const body = 'x'
		const bundle = await open(
			tarOf([
				...plain,
				{ name: 'files/__proto__', body },
				{ name: '__proto__/files/x', body },
				{ name: 'constructor', body },
			]),
		)
		expect([...bundle.files.keys()]).toEqual(['commands/df.txt', 'files/__proto__', ...names.slice(1)])
	})

	it('has the beginning of a large file kept, and the end of a large log', async () => {
		const lines = Array.from({ length: 1000 }, (_, at) => `line ${at}\n`).join('')
		const bundle = await open(
			tarOf([...plain, { name: 'files/big', body: lines }, { name: 'journal/kernel.log', body: lines }]),
			{ file: 1024 },
		)
		expect(bundle.files.get('files/big')).toMatch(/^line 0\n(?:line \d+\n)*line 1\d\d\n$/)
		expect(bundle.files.get('journal/kernel.log')).toMatch(/^line 8\d\d\n(?:line \d+\n)*line 999\n$/)
		expect(bundle.entries.filter(({ truncated }) => truncated)).toEqual([
			{ file: 'files/big', truncated: 'tail' },
			{ file: 'journal/kernel.log', truncated: 'head' },
		])
		expect(bundle.notes).toHaveLength(2)
	})

	it('fills no more than its share, but its bundle.json is read', async () => {
		const [manifest, ...rest] = plain
		const filler = Array.from({ length: 9 }, (_, at) => ({ name: `files/${at}`, body: 'x'.repeat(900) }))
		const bundle = await open(tarOf([...filler, ...rest, manifest ?? { name: '' }]), { total: 4000 })
		expect(bundle.node.hostname).toBe('edge-7')
		expect(bundle.files.size).toBe(5)
		expect(bundle.notes.join()).toMatch(/Only the first 4000 bytes were read, not read were: files\/5/)
		expect(bundle.entries.find(({ file }) => file === 'commands/df.txt')?.why).toBe('unreadable')
	})

	it('of 10 GB of zeros is given up in bounded time', async () => {
		// 100 MiB stand for them: a limit that is a tenth of that holds for any size.
		const packed = gzipSync(
			Buffer.concat([
				tarOf(plain).subarray(0, -1024),
				tarOf([{ name: 'files/zeros', body: Buffer.alloc(100 * 1024 * 1024) }]),
			]),
			{ level: 1 },
		)
		const bundle = await open(packed, { unpacked: 10 * 1024 * 1024, file: 1024 * 1024 })
		expect([...bundle.files.keys()]).toEqual(names)
		expect(bundle.notes).toEqual(['The archive unpacks to more than 10 MiB; the rest was not read.'])
	})

	it('of a hundred thousand tiny files is read to the limit', async () => {
		const tiny = tarOf(Array.from({ length: 1000 }, (_, at) => ({ name: `files/${at}`, body: 'x' })))
		const parts = [tarOf(plain).subarray(0, -1024)]
		for (let at = 0; at < 100; at++) parts.push(tiny.subarray(0, -1024))
		const bundle = await open(gzipSync(Buffer.concat(parts), { level: 1 }))
		expect(bundle.files.size).toBe(1003)
		expect(bundle.notes.at(-1)).toBe('The archive holds more than 60000 files; the rest was not read.')
	})

	it('may hold bytes that are no text', async () => {
		const body = Buffer.from([0x61, 0xff, 0xfe, 0x00, 0xc3, 0x28])
		const bundle = await open(tarOf([...plain, { name: 'files/odd', body }]))
		expect(bundle.files.get('files/odd')).toBe('a\ufffd\ufffd\u0000\ufffd(')
	})
})
