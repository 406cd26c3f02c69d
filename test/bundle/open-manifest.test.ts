import { describe, expect, it } from 'vitest'
import { openBundle } from '../../src/bundle/open.js'
import type { Bundle } from '../../src/model/bundle.js'
import { fileWith, membersOf, smallBundle, tarOf } from './archive-of.js'

const good = JSON.parse(smallBundle['bundle.json'] ?? '')

function openWith(manifest: unknown): Promise<Bundle> {
	const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest)
	return openBundle(fileWith(tarOf(membersOf({ ...smallBundle, 'bundle.json': text }))))
}

const guessed = {
	hostname: 'edge-7',
	role: 'agent',
	unit: 'k3s-agent.service',
	init: 'systemd',
	dataDir: '/var/lib/rancher/k3s',
	root: true,
}

describe('bundle.json', () => {
	for (const text of [
		'',
		'{',
		'null',
		'[]',
		'"x"',
		'7',
		'\u0000',
		'['.repeat(100_000),
		'{"node": [], "entries": {}}',
	]) {
		it(`that is ${JSON.stringify(text.slice(0, 30))} leaves the facts to be guessed, and says so`, async () => {
			const bundle = await openWith(text)
			expect(bundle.node).toEqual(guessed)
			expect(bundle.takenAt).toBe('2026-03-04T05:00:00.000Z')
			expect(bundle.entries.map(({ file }) => file)).toEqual([...bundle.files.keys()])
			expect(bundle.notes.join()).toMatch(/guessed/)
		})
	}

	it('with a byte order mark is read', async () => {
		expect(await openWith(`\ufeff${JSON.stringify(good)}`)).toEqual(await openWith(good))
	})

	it('of another schema is read as far as it goes, and says so', async () => {
		const bundle = await openWith({ ...good, schema: 2 })
		expect(bundle.node.hostname).toBe('edge-7')
		expect(bundle.node.dataDir).toBe('/data/k3s')
		expect(bundle.notes).toEqual(['The bundle has schema 2; this doctor knows schema 1 and may misread it.'])
	})

	it('cannot put anything into a command: hostile facts are guessed', async () => {
		const bundle = await openWith({
			...good,
			node: {
				hostname: '-rf /',
				role: 'king',
				unit: '--now k3s.service',
				init: 7,
				dataDir: '/var/lib/../../etc',
				root: 'yes',
			},
		})
		expect(bundle.node).toEqual(guessed)
		expect(bundle.notes).toEqual([
			'bundle.json does not say it, or not with sense, so it was guessed: node.role, node.hostname, node.unit and 3 more',
		])
		for (const hostname of ['$(id)', 'a\nb', 'x'.repeat(300), '', '\u001b[31m', ['a'], { a: 1 }]) {
			expect((await openWith({ ...good, node: { ...good.node, hostname } })).node.hostname).toBe('edge-7')
		}
		for (const dataDir of ['data', '/a\u0000b', '/a;b', '']) {
			const { node } = await openWith({ ...good, node: { ...good.node, dataDir } })
			expect(node.dataDir).toBe('/var/lib/rancher/k3s')
		}
	})

	it('has its data directory without the slash at its end', async () => {
		const { node } = await openWith({ ...good, node: { ...good.node, dataDir: '/data/k3s//' } })
		expect(node.dataDir).toBe('/data/k3s')
	})

	it('without a usable time takes that of the log', async () => {
		for (const takenAt of [undefined, 5, 'yesterday', '2026-99-99T00:00:00Z', 'x'.repeat(10_000)]) {
			expect((await openWith({ ...good, takenAt })).takenAt).toBe('2026-03-04T05:00:00.000Z')
		}
		expect((await openWith({ ...good, takenAt: '2026-03-04T07:00:00+02:00' })).takenAt).toBe(
			'2026-03-04T05:00:00.000Z',
		)
	})

	it('keeps of its records what makes sense', async () => {
		const { entries, notes } = await openWith({
			...good,
			entries: [
				null,
				'x',
				{ file: '../../etc/passwd' },
				{ file: 7 },
				{
					file: 'commands/a',
					argv: ['a', 1, 'b'],
					exit: 1.5,
					ms: -1,
					why: 'because',
					truncated: 'middle',
					path: 'x',
				},
				{
					file: 'commands/b',
					argv: 'b',
					exit: 3,
					ms: 1,
					why: 'timeout',
					stderr: 'x'.repeat(20_000),
					path: '/b',
				},
				{ file: 'files/__proto__', __proto__: { why: 'denied' } },
			],
		})
		expect(entries.slice(0, 3)).toEqual([
			{ file: 'commands/a', argv: ['a', 'b'] },
			{ file: 'commands/b', exit: 3, ms: 1, why: 'timeout', stderr: 'x'.repeat(8192), path: '/b' },
			{ file: 'files/__proto__' },
		])
		expect(notes).toEqual(['Some records in bundle.json make no sense and were left out.'])
	})

	it('with records without number is cut', async () => {
		const entries = Array.from({ length: 30_000 }, (_, at) => ({ file: `files/${at}` }))
		expect((await openWith({ ...good, entries })).entries.length).toBeLessThan(20_010)
	})
})
