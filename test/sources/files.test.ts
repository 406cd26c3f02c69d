import { describe, expect, it } from 'vitest'
import type { Answer, FileStat, Host } from '../../src/host/host.js'
import type { Entry, NodeFacts } from '../../src/model/bundle.js'
import { presence } from '../../src/model/lookup.js'
import { walk } from '../../src/sources/files/walk.js'
import { files } from '../../src/sources/files.js'
import type { Ask } from '../../src/sources/source.js'
import { bundleOf } from '../bundle-of.js'
import { openRecording } from '../recording.js'

const listing = 'commands/files.tsv'
const data = '/var/lib/rancher/k3s'

const line = (type: string, path: string, more: { mode?: string; size?: number; target?: string } = {}) =>
	[
		type,
		more.mode ?? '755',
		0,
		0,
		more.size ?? 4096,
		'2026-11-21T04:24:13.3847635120',
		path,
		more.target ?? '',
	].join('\t')

const asked: Entry = {
	file: listing,
	argv: ['find', '/etc/rancher', '/etc/cni', data, '-maxdepth', '3', '-printf', '%p'],
	exit: 1,
	stderr: 'find: ‘/etc/cni’: No such file or directory\n',
}

function read(lines: string[], entry: Partial<Entry> = {}, node: Partial<NodeFacts> = {}) {
	const evidence = files.parse(
		bundleOf({ [listing]: `${lines.join('\n')}\n` }, node, [{ ...asked, ...entry }]),
	)
	if (!evidence) throw new Error('nothing was read')
	return evidence
}

describe('the listing', () => {
	it('gives type, mode, size, time, target and place of each path', () => {
		const { listed } = read([
			line('d', data),
			line('f', `${data}/server/tls/server-ca.key`, { mode: '600', size: 0 }),
			line('l', `${data}/data/current`, { mode: '777', target: `${data}/data/06f1` }),
			line('s', '/run/k3s/containerd/containerd.sock'),
			line('p', '/run/pipe'),
		])
		expect(listed.get(`${data}/server/tls/server-ca.key`)).toEqual({
			path: `${data}/server/tls/server-ca.key`,
			type: 'file',
			mode: 0o600,
			uid: 0,
			gid: 0,
			size: 0,
			modifiedAt: Date.UTC(2026, 10, 21, 4, 24, 13, 384),
			quote: { file: listing, line: 2, text: expect.stringContaining('server-ca.key') },
		})
		expect(listed.get(`${data}/data/current`)?.target).toBe(`${data}/data/06f1`)
		expect(listed.get('/run/k3s/containerd/containerd.sock')?.type).toBe('socket')
		expect(listed.get('/run/pipe')?.type).toBe('other')
	})

	it('counts local times from the offset that date tells', () => {
		const bundle = bundleOf({
			[listing]: line('d', data),
			'commands/date.txt': '2026-11-21T00:24:14-04:00\n',
		})
		expect(files.parse(bundle)?.listed.get(data)?.modifiedAt).toBe(Date.UTC(2026, 10, 21, 8, 24, 13, 384))
	})

	it('knows what it asked: roots, depth, and what does not exist', () => {
		const evidence = read([line('d', '/etc/rancher'), line('d', data)])
		expect(evidence).toMatchObject({
			roots: ['/etc/rancher', data],
			missingRoots: ['/etc/cni'],
			depth: 3,
			denied: [],
		})
		expect(presence(evidence, `${data}/a/b/c`)).toBe('absent')
		expect(presence(evidence, `${data}/a/b/c/d`)).toBe('unknown')
		expect(presence(evidence, '/etc/cni/net.d/x')).toBe('absent')
		expect(presence(evidence, '/srv/x')).toBe('unknown')
	})

	it('says nothing of directories that were not entered', () => {
		const stderr = `find: ‘${data}/server’: Permission denied\nfind: '${data}/agent': Datei nicht gefunden\n`
		const evidence = read([line('d', data), line('d', `${data}/server`)], { stderr }, { root: false })
		expect(evidence.denied).toEqual([`${data}/server`, `${data}/agent`])
		expect(presence(evidence, `${data}/server/token`)).toBe('unknown')
	})

	it('says nothing of directories behind links', () => {
		const evidence = read([
			line('d', data),
			line('d', `${data}/server`),
			line('l', `${data}/server/db`, { target: '/mnt/disk/db' }),
			line('f', `${data}/server/token`),
			line('l', `${data}/server/node-token`, { target: `${data}/server/token` }),
		])
		expect(presence(evidence, `${data}/server/db/state.db`)).toBe('unknown')
		expect(evidence.denied).toEqual([`${data}/server/db`])
		expect(read([line('l', data, { target: '/mnt/k3s' })]).roots).toEqual([])
	})

	it.each([
		['cut off', { truncated: 'tail' as const }],
		['stopped by its time limit', { why: 'timeout' as const }],
	])('that was %s does not tell what is not there', (_, entry) => {
		const evidence = read([line('d', data)], entry)
		expect(evidence.roots).toEqual([])
		expect(presence(evidence, `${data}/server`)).toBe('unknown')
		expect(presence(evidence, data)).toBe('present')
	})

	it('whose complaints are cut off leaves empty directories open, unless root asked', () => {
		const stderr = `‘/x’: Permission denied\n${'find: ‘/var/lib/kubelet/x’: Permission denied\n'.repeat(100)}`
		const lines = [line('d', data), line('d', `${data}/agent`)]
		expect(presence(read(lines, { stderr }, { root: false }), `${data}/agent/etc`)).toBe('unknown')
		expect(presence(read(lines, { stderr }, { root: true }), `${data}/agent/etc`)).toBe('absent')
	})

	it('survives hostile lines', () => {
		const { listed } = read([
			'f\t644',
			line('f', 'relative'),
			`${line('f', '/a')}\tmore\tcolumns`,
			line('f', '/nul\0byte'),
			'f\t99999999\tx\t-1\t1e9\tnever\t/odd\t',
			'\t'.repeat(100_000),
			line('f', '/__proto__'),
		])
		expect([...listed.keys()]).toEqual(['/nul\0byte', '/odd', '/__proto__'])
		expect(listed.get('/odd')).toMatchObject({ mode: 0, uid: 0, size: 0, modifiedAt: 0 })
	})

	it('of a recorded node tells what is there and what is not', async () => {
		const evidence = files.parse(await openRecording('healthy-server'))
		if (!evidence) throw new Error('nothing was read')
		expect(presence(evidence, '/usr/local/bin/k3s')).toBe('present')
		expect(presence(evidence, `${data}/server/db/state.db`)).toBe('present')
		expect(presence(evidence, `${data}/server/db/etcd`)).toBe('absent')
		expect(evidence.texts.get('/etc/rancher/k3s/config.yaml')).toContain('traefik')
	})
})

describe('texts', () => {
	it('are all files of the bundle, without a listing too', () => {
		const evidence = files.parse(bundleOf({ 'files/etc/hosts': 'x', 'commands/df.txt': 'y' }))
		expect([...(evidence?.texts ?? [])]).toEqual([['/etc/hosts', 'x']])
		expect(files.parse(bundleOf({ 'commands/df.txt': 'y' }))).toBeUndefined()
	})
})

/** A host with these directories; every other name in them is a file. */
function treeHost(tree: Record<string, string[]>, types: Record<string, FileStat['type']> = {}): Host {
	const known = new Set(
		Object.entries(tree).flatMap(([dir, names]) => [dir, ...names.map(name => `${dir}/${name}`)]),
	)
	const none = <T>(why: 'absent' | 'denied', path: string): Answer<T> => ({
		ok: false,
		unavailable: { why, detail: why, asked: path },
		ms: 0,
	})
	const host: Partial<Host> = {
		stat: async path => {
			if (!known.has(path)) return none('absent', path)
			const type = types[path] ?? (tree[path] ? 'dir' : 'file')
			return { ok: true, value: { type, mode: 0o40750, uid: 1, gid: 2, size: 3, modifiedAt: 1500 }, ms: 0 }
		},
		list: async path => {
			const names = tree[path]
			return names ? { ok: true, value: names, ms: 0 } : none('denied', path)
		},
	}
	return host as Host
}

describe('a find that cannot print (busybox)', () => {
	it('is replaced by a walk, which reads as a listing', async () => {
		const host = treeHost({ [data]: ['server', 'odd\tname'], [`${data}/server`]: ['token'] })
		const node = bundleOf({}).node
		const put = new Map<string, { text: string; argv?: readonly string[] }>()
		const ask: Partial<Ask> = {
			host,
			node,
			run: async () => undefined,
			put: (file, text, how) => void put.set(file, { text, ...how }),
		}
		await files.collect(ask as Ask)
		const filed = put.get(listing)
		const evidence = files.parse(
			bundleOf({ [listing]: filed?.text ?? '' }, {}, [{ file: listing, argv: filed?.argv ?? [] }]),
		)
		if (!evidence) throw new Error('nothing was read')
		expect(evidence.listed.get(`${data}/server/token`)).toMatchObject({
			type: 'file',
			mode: 0o750,
			modifiedAt: 1500,
		})
		expect(evidence.roots).toEqual([data])
		expect(evidence.missingRoots).toContain('/etc/cni')
		expect(presence(evidence, `${data}/agent`)).toBe('absent')
		expect(presence(evidence, '/etc/rancher/k3s')).toBe('absent')
	})

	it('follows a root that is a link, and tells what it could not enter', async () => {
		const host = treeHost({ '/data': ['a'], '/data/a': ['b'] }, { '/data': 'link', '/data/a/b': 'dir' })
		const text = await walk(host, ['/data'])
		expect(text).toContain('d\t750\t1\t2\t3\t@1.5\t/data\t\n')
		expect(text).toContain('?\t\t\t\t\t\t/data/a/b\t\n')
	})

	it('ends after some thousand entries, and says where', async () => {
		const names = Array.from({ length: 3000 }, (_, at) => `n${at}`)
		const host = treeHost({ '/a': names, '/b': names, '/c': ['x'] })
		const text = await walk(host, ['/a', '/b', '/c'])
		expect(text.split('\n').length).toBeLessThan(4010)
		expect(text).toContain('?\t\t\t\t\t\t/b\t')
		expect(text).toContain('/c/x')
	})

	it('does not go into unpacked images', async () => {
		const snapshots = '/d/io.containerd.snapshotter.v1.overlayfs/snapshots'
		const host = treeHost({
			'/d': ['io.containerd.snapshotter.v1.overlayfs'],
			'/d/io.containerd.snapshotter.v1.overlayfs': ['snapshots'],
			[snapshots]: ['1'],
		})
		expect(await walk(host, ['/d'])).not.toContain(`${snapshots}/1`)
	})
})
