import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collect, type Progress } from '../../src/bundle/collect.js'
import type { Answer, Host } from '../../src/host/host.js'
import { localHost } from '../../src/host/local.js'
import { type Entry, entryOf } from '../../src/model/bundle.js'
import type { SourceName } from '../../src/model/evidence/index.js'
import type { Ask, Source } from '../../src/sources/source.js'
import { server as node } from '../bundle-of.js'

let dir = ''
beforeAll(() => {
	dir = mkdtempSync(join(tmpdir(), 'collect-'))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** A source that only asks. */
function asker(name: SourceName, ask: (ask: Ask) => Promise<unknown>): Source {
	return {
		name,
		title: `the ${name}`,
		wants: () => [],
		parse: () => undefined,
		collect: async asking => {
			await ask(asking)
		},
	}
}

const machine: Host = localHost()
const of = (...sources: Source[]) => collect(machine, node, sources)
const one = (ask: (ask: Ask) => Promise<unknown>, host = machine) =>
	collect(host, node, [asker('disks', ask)])

function hostWith(parts: Partial<Host>): Host {
	return { ...machine, ...parts }
}

describe('a command', () => {
	it('is filed with its exit status, duration and error output', async () => {
		const bundle = await one(ask =>
			ask.run('commands/x.txt', ['bash', '-c', 'echo out; echo err >&2; exit 3']),
		)
		expect(bundle.files.get('commands/x.txt')).toBe('out\n')
		const [entry] = bundle.entries
		expect(entry).toMatchObject({ file: 'commands/x.txt', exit: 3, stderr: 'err\n', ms: expect.any(Number) })
		expect(entry?.argv?.[0]).toBe('bash')
		expect(entry?.why).toBeUndefined()
	})

	it('that says nothing is an answer only if all went well', async () => {
		const bundle = await one(async ask => {
			await ask.run('commands/true.txt', ['true'])
			await ask.run('commands/false.txt', ['false'])
		})
		expect(bundle.files.get('commands/true.txt')).toBe('')
		expect(bundle.files.has('commands/false.txt')).toBe(false)
		expect(entryOf(bundle, 'commands/false.txt')).toMatchObject({ exit: 1 })
	})

	it('that is missing or not allowed reads as a shell says it', async () => {
		const bundle = await one(async ask => {
			expect(await ask.run('commands/none.txt', ['no-such-program'])).toBeUndefined()
			await ask.run('commands/dir.txt', [dir])
		})
		expect(bundle.entries).toEqual([
			{
				file: 'commands/none.txt',
				argv: ['no-such-program'],
				exit: 127,
				why: 'absent',
				stderr: 'no-such-program: No such file or directory\n',
				ms: expect.any(Number),
			},
			expect.objectContaining({ exit: 126, why: 'denied', stderr: `${dir}: Permission denied\n` }),
		])
		expect(bundle.files.size).toBe(0)
	})

	it('that hangs leaves what it had said, marked as not the whole', async () => {
		const bundle = await one(ask =>
			ask.run('commands/slow.txt', ['bash', '-c', 'echo first; sleep 100'], { limitSeconds: 0.5 }),
		)
		expect(bundle.files.get('commands/slow.txt')).toBe('first\n')
		expect(entryOf(bundle, 'commands/slow.txt')).toMatchObject({ why: 'timeout' })
	})

	it('that says too much is cut where it is told', async () => {
		const bundle = await one(async ask => {
			await ask.run('journal/x.log', ['seq', '100000'], { maxBytes: 100, keep: 'tail' })
			await ask.run('commands/y.txt', ['seq', '100000'], { maxBytes: 100 })
		})
		expect(bundle.files.get('journal/x.log')).toMatch(/\n100000\n$/)
		expect(entryOf(bundle, 'journal/x.log')).toMatchObject({ truncated: 'head' })
		expect(bundle.files.get('commands/y.txt')).toMatch(/^1\n2\n/)
		expect(entryOf(bundle, 'commands/y.txt')).toMatchObject({ truncated: 'tail' })
	})
})

describe('a file', () => {
	it('is filed under its path', async () => {
		const path = join(dir, 'hosts')
		writeFileSync(path, '127.0.0.1 localhost\n')
		const bundle = await one(ask => ask.file(path))
		expect(bundle.files.get(`files${path}`)).toBe('127.0.0.1 localhost\n')
		expect(bundle.entries).toEqual([{ file: `files${path}`, path, ms: expect.any(Number) }])
	})

	it('may be cut, missing or something else', async () => {
		const path = join(dir, 'long.log')
		writeFileSync(path, 'line\n'.repeat(1000))
		execFileSync('mkfifo', [join(dir, 'fifo')])
		const bundle = await one(async ask => {
			await ask.file(path, { maxBytes: 100 })
			expect(await ask.file(join(dir, 'none'))).toBeUndefined()
			await ask.file(join(dir, 'fifo'))
		})
		const why = (name: string) => entryOf(bundle, `files${join(dir, name)}`)
		expect(why('long.log')).toMatchObject({ truncated: 'head' })
		expect(why('none')).toMatchObject({ why: 'absent' })
		expect(why('fifo')).toMatchObject({ why: 'unreadable', stderr: 'not a regular file but a FIFO\n' })
	})

	it('loses its secrets before anybody sees it', async () => {
		const path = join(dir, 'etc/rancher/k3s/config.yaml')
		mkdirSync(join(path, '..'), { recursive: true })
		writeFileSync(path, 'token: hunter2-hunter2\nwrite-kubeconfig-mode: "0640"\n')
		const reading: Host = hostWith({ read: () => machine.read(path) })
		let seen: string | undefined
		const bundle = await one(async ask => {
			seen = await ask.file('/etc/rancher/k3s/config.yaml')
		}, reading)
		expect(seen).toContain('0640')
		expect(JSON.stringify([seen, ...bundle.files])).not.toContain('hunter2')
	})
})

describe('the Kubernetes API', () => {
	const answering = (answer: Answer<{ status: number; body: string }>) =>
		hostWith({ kube: async () => answer })
	const status = (code: number, body: string) => answering({ ok: true, value: { status: code, body }, ms: 5 })
	const asked = (host: Host, file = 'api/pods.json') =>
		one(ask => ask.kube(file, '/api/v1/pods'), host).then(bundle => ({
			entry: entryOf(bundle, file),
			text: bundle.files.get(file),
		}))

	it('answers lists as kubectl prints them', async () => {
		const body = JSON.stringify({
			kind: 'PodList',
			apiVersion: 'v1',
			metadata: { resourceVersion: '7' },
			items: [{ metadata: { name: 'a', managedFields: [{ manager: 'x' }] } }, null],
		})
		const { entry, text } = await asked(status(200, body))
		expect(JSON.parse(text ?? '')).toMatchObject({
			kind: 'List',
			items: [{ kind: 'Pod', apiVersion: 'v1', metadata: { name: 'a' } }, null],
		})
		expect(text).not.toContain('managedFields')
		expect(entry).toEqual({ file: 'api/pods.json', argv: ['GET', '/api/v1/pods'], ms: 5 })
	})

	it('answers text, and says which of its checks failed', async () => {
		const failing = '[+]ping ok\n[-]etcd failed: reason withheld\nreadyz check failed\n'
		const { entry, text } = await asked(status(500, failing), 'api/readyz.txt')
		expect(text).toBe(failing)
		expect(entry).toMatchObject({ exit: 1, stderr: 'HTTP 500\n' })
		expect(await asked(status(200, 'ok'), 'api/readyz.txt')).toMatchObject({ text: 'ok' })
	})

	it.each([
		[401, 'Unauthorized', 'denied', /^error: You must be logged in/],
		[403, 'pods is forbidden: User "x"', 'denied', /^Error from server \(Forbidden\): pods is forbidden/],
		[404, 'the server could not find it', 'absent', /^Error from server \(NotFound\)/],
		[503, 'not yet ready', 'failed', /^Error from server \(HTTP 503\): not yet ready/],
	])('may refuse with %i', async (code, message, why, stderr) => {
		const { entry, text } = await asked(status(code, JSON.stringify({ kind: 'Status', code, message })))
		expect(text).toBeUndefined()
		expect(entry).toMatchObject({ exit: 1, why, stderr: expect.stringMatching(stderr) })
	})

	it('may refuse or break off in other words', async () => {
		expect(await asked(status(502, '<html>'))).toMatchObject({ text: undefined, entry: { why: 'failed' } })
		expect(await asked(status(200, '{"items": ['))).toMatchObject({
			text: undefined,
			entry: { why: 'unreadable' },
		})
		const refused = {
			why: 'failed',
			detail: 'The connection to the server 127.0.0.1:6443 was refused',
			asked: '',
		}
		expect(
			await asked(answering({ ok: false, unavailable: { ...refused, why: 'failed' }, ms: 1 })),
		).toMatchObject({
			entry: { why: 'failed', stderr: 'The connection to the server 127.0.0.1:6443 was refused\n' },
		})
		const absent = { why: 'absent', detail: 'ENOENT: no such file', asked: '' } as const
		expect(await asked(answering({ ok: false, unavailable: absent, ms: 1 }))).toMatchObject({
			entry: { why: 'absent', stderr: 'error: ENOENT: no such file\n' },
		})
	})
})

describe('what is made otherwise', () => {
	it('is filed as it is given', async () => {
		const bundle = await one(async ask => {
			ask.put('probes/ports.json', '[]', { ms: 3 })
			ask.skip?.('crictl/ps.json', 'absent', 'no socket', ['crictl', 'ps'])
			expect(await ask.names(dir)).not.toEqual([])
			expect(await ask.names('/nonexistent')).toEqual([])
		})
		expect(bundle.files).toEqual(new Map([['probes/ports.json', '[]']]))
		expect(bundle.entries).toEqual([
			{ file: 'probes/ports.json', ms: 3 },
			{ file: 'crictl/ps.json', argv: ['crictl', 'ps'], why: 'absent', stderr: 'no socket' },
		])
	})
})

describe('all sources together', () => {
	it('ask the same question once', async () => {
		const log = join(dir, 'asked')
		writeFileSync(log, '')
		const ask = (ask: Ask) => ask.run('commands/x.txt', ['bash', '-c', `echo x >> ${log}; cat ${log}`])
		const seen: (string | undefined)[] = []
		const both = (name: SourceName) => asker(name, async asking => seen.push(await ask(asking)))
		const bundle = await of(both('disks'), both('memory'), both('names'))
		expect(seen).toEqual(['x\n', 'x\n', 'x\n'])
		expect(bundle.entries).toHaveLength(1)
	})

	it('list their questions in the order in which they were asked', async () => {
		const bundle = await of(
			asker('disks', ask => ask.run('commands/slow.txt', ['sleep', '0.2'])),
			asker('memory', ask => ask.run('commands/quick.txt', ['true'])),
		)
		expect(bundle.entries.map(({ file }) => file)).toEqual(['commands/slow.txt', 'commands/quick.txt'])
	})

	it('survive one that throws', async () => {
		const broken: Source = {
			...asker('memory', async () => undefined),
			collect: () => {
				throw new Error('a bug')
			},
		}
		const late = asker('names', async ask => {
			await ask.run('commands/before.txt', ['true'])
			throw new Error('another bug')
		})
		const bundle = await of(
			broken,
			late,
			asker('disks', ask => ask.run('commands/x.txt', ['true'])),
		)
		expect([...bundle.files.keys()].sort()).toEqual(['commands/before.txt', 'commands/x.txt'])
		expect(bundle.notes).toEqual([
			'Asking for the memory failed: a bug',
			'Asking for the names failed: another bug',
		])
	})

	it('wait for hanging commands together, not one after the other', async () => {
		const ask = (ask: Ask) =>
			Promise.all(
				Array.from({ length: 30 }, (_, i) =>
					ask.run(`commands/${i}.txt`, ['bash', '-c', 'trap "" TERM; sleep 100'], { limitSeconds: 2 }),
				),
			)
		const started = performance.now()
		const bundle = await one(ask)
		expect(performance.now() - started).toBeLessThan(9000)
		expect(bundle.entries.filter(({ why }) => why === 'timeout')).toHaveLength(30)
	})

	it('run no more programs at once than a small board bears', async () => {
		const counter = join(dir, 'running')
		mkdirSync(counter)
		const count = `touch ${counter}/$$; ls ${counter} | wc -l; sleep 0.05; rm ${counter}/$$`
		const files = Array.from({ length: 60 }, (_, i) => `commands/count-${i}.txt`)
		const bundle = await one(ask => Promise.all(files.map(file => ask.run(file, ['bash', '-c', count]))))
		const most = Math.max(...files.map(file => Number(bundle.files.get(file))))
		expect(most).toBeGreaterThan(1)
		expect(most).toBeLessThanOrEqual(16)
	})

	it('end when the time is up, and say what is missing', async () => {
		const never = new Promise<never>(() => undefined)
		const host = hostWith({ kube: () => never, read: () => never })
		const sources = [
			asker('journal', async ask => {
				await ask.run('journal/k3s.log', ['bash', '-c', 'echo so far; sleep 100'], { limitSeconds: 60 })
				await ask.run('commands/later.txt', ['true'])
			}),
			asker('api', ask => ask.kube('api/pods.json', '/api/v1/pods')),
			asker('config', ask => ask.file('/etc/rancher/k3s/config.yaml')),
			asker('disks', ask => ask.run('commands/df.txt', ['echo', 'fine'])),
		]
		const started = performance.now()
		const bundle = await collect(host, node, sources, { limitSeconds: 5 })
		expect(performance.now() - started).toBeLessThan(30_000)
		const whys = bundle.entries.map(({ file, why }: Entry) => [file, why])
		expect(whys).toEqual(
			expect.arrayContaining([
				['journal/k3s.log', 'timeout'],
				['api/pods.json', 'timeout'],
				['files/etc/rancher/k3s/config.yaml', 'timeout'],
				['commands/df.txt', undefined],
			]),
		)
		expect(bundle.files.get('journal/k3s.log')).toBe('so far\n')
		expect(bundle.files.get('commands/df.txt')).toBe('fine\n')
		expect(bundle.notes).toEqual(['Not everything was answered within 5 s: the api, the config'])
	})

	it('do not ask once the time is up', async () => {
		const over = Promise.withResolvers<void>()
		const late = Promise.withResolvers<string | undefined>()
		const source = asker('journal', async ask => {
			await over.promise
			late.resolve(await ask.run('commands/late.txt', ['echo', 'asked']))
		})
		const bundle = await collect(machine, node, [source], { limitSeconds: 0.1 })
		over.resolve()
		expect(await late.promise).toBeUndefined()
		expect(bundle.entries).toEqual([])
	})

	it('file no more than memory bears', async () => {
		const long = 'x'.repeat(50 * 1024 * 1024)
		const bundle = await one(async ask => {
			for (const name of ['a', 'b', 'c']) ask.put(`probes/${name}.json`, `${name} ${long}`)
			ask.put('probes/ports.json', '[]')
		})
		expect([...bundle.files.keys()]).toEqual(['probes/a.json', 'probes/b.json', 'probes/ports.json'])
		expect(entryOf(bundle, 'probes/c.json')).toMatchObject({ why: 'unreadable' })
	})

	it('say how far they are', async () => {
		const progress: Progress[] = []
		const source = asker('disks', async ask => {
			await ask.run('commands/df.txt', ['true'])
			await ask.run('commands/none.txt', ['no-such-program'])
		})
		await collect(machine, node, [source], { onProgress: step => progress.push(step) })
		expect(progress.map(({ source, asked, state }) => `${source} ${asked} ${state}`)).toEqual([
			'disks commands/df.txt asking',
			'disks commands/df.txt answered',
			'disks commands/none.txt asking',
			'disks commands/none.txt unanswered',
			'disks  done',
		])
	})

	it('tell who was asked, and when', async () => {
		const found = { ...node, units: ['k3s.service'], k3sVersion: 'v1.36.2+k3s1' }
		const before = Date.now()
		const bundle = await collect(machine, found, [])
		expect(bundle).toMatchObject({ schema: 1, entries: [], notes: [] })
		expect(bundle.node).toEqual(node)
		expect(bundle.takenAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
		expect(Math.abs(Date.parse(bundle.takenAt) - before)).toBeLessThan(5000)
	})
})
