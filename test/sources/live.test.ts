/** The live table against an API server that fails in every way: it recovers, and says what happened. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { LiveHost } from '../../src/host/host.js'
import { localHost } from '../../src/host/local.js'
import type { NodeFacts } from '../../src/model/bundle.js'
import type { Listed, Live } from '../../src/model/live.js'
import { type LiveCluster, liveCluster } from '../../src/sources/live/cluster.js'
import type { Pace } from '../../src/sources/live/follow.js'
import { bundleOf } from '../bundle-of.js'
import { type Fault, type KubeServer, type Lists, startKubeServer } from '../host/kube-server.js'
import { scratchDir, until } from '../host/scratch.js'
import { openRecording } from '../recording.js'

const pace: Pace = { poll: 60, retry: 20, retryMost: 100, limit: 400, silence: 60_000, watch: 60_000 }

const recorded = await openRecording('pod-crashloop')
const items = (resource: string) => JSON.parse(recorded.files.get(`api/${resource}.json`) ?? '').items
const lists = {
	pods: items('pods'),
	nodes: items('nodes'),
	events: items('events'),
	services: items('services'),
}

const running: LiveCluster[] = []
const servers: KubeServer[] = []
afterEach(async () => {
	await Promise.all(running.splice(0).map(cluster => cluster.stop()))
	await Promise.all(servers.splice(0).map(server => server.close()))
})

async function kubeServer(of: Lists): Promise<KubeServer> {
	const server = await startKubeServer(of, scratchDir())
	servers.push(server)
	return server
}

interface Watched {
	live(): Live
	/** Everything that was said, in order. */
	said: Live[]
	cluster: LiveCluster
}

function look(
	host: LiveHost,
	more: Partial<{ pace: Pace; lists: Listed[]; node: Partial<NodeFacts> }> = {},
): Watched {
	const said: Live[] = []
	const { node } = bundleOf({}, more.node)
	const cluster = liveCluster({
		host,
		node,
		onNews: live => said.push(live),
		pace: more.pace ?? pace,
		batch: 1,
	})
	running.push(cluster)
	cluster.want(new Set(more.lists ?? ['pods']))
	return {
		said,
		cluster,
		live: () => said.at(-1) ?? { cluster: {}, voices: {}, troubles: {}, now: 0 },
	}
}

const hostOf = ({ kubeconfig }: KubeServer): LiveHost => localHost({ kubeconfigs: [kubeconfig] })
const names = ({ cluster }: Live) => (cluster.pods ?? []).map(({ name }) => name).sort()
const expected = lists.pods.map(({ metadata }: { metadata: { name: string } }) => metadata.name).sort()
const watched = ({ live }: Watched) =>
	until(() => live().pods?.speaker === 'watch' && names(live()).length > 0)

function podLike(name: string, uid: string) {
	const [first] = lists.pods
	return { ...first, metadata: { ...first.metadata, name, uid } }
}

it('is told by the watch as it changes', async () => {
	const server = await kubeServer(lists)
	// Nothing hangs here: a slow machine may take its time.
	const seen = look(hostOf(server), { pace: { ...pace, limit: 60_000 } })
	await watched(seen)
	expect(names(seen.live())).toEqual(expected)
	await until(() => server.watches('pods') === 1)
	server.put('pods', podLike('late-1', 'late'), 'ADDED')
	await until(() => names(seen.live()).includes('late-1'))
	server.remove('pods', 'late')
	await until(() => !names(seen.live()).includes('late-1'))
	expect(seen.live().pods).toMatchObject({ speaker: 'watch' })
	expect(seen.live().pods?.trouble).toBeUndefined()
	expect(server.asked.filter(path => path.includes('/pods?limit'))).toHaveLength(1)
})

/** What goes wrong, and the words in which that is told. */
const ways: { says: string; sort: 'list' | 'watch'; faults: Fault[]; words: RegExp }[] = [
	{
		says: 'the list is refused with 401',
		sort: 'list',
		faults: [{ status: 401 }],
		words: /credentials were not accepted \(401\)/,
	},
	{
		says: 'the list is refused with 403',
		sort: 'list',
		faults: [{ status: 403, message: 'pods is forbidden' }],
		words: /not allowed \(403\): pods is forbidden/,
	},
	{
		says: 'the list fails with 500',
		sort: 'list',
		faults: [{ status: 500, message: 'etcdserver: no leader' }],
		words: /failed \(500\): etcdserver: no leader/,
	},
	{ says: 'the list hangs', sort: 'list', faults: ['hang'], words: /no answer within 0\.\d s/ },
	{ says: 'the list breaks off', sort: 'list', faults: ['break'], words: /broke/ },
	{
		says: 'the API has too much to do',
		sort: 'list',
		faults: [{ status: 429, retryAfter: 0 }],
		words: /too much to do \(429\)/,
	},
	{
		says: 'the watch is refused with 401',
		sort: 'watch',
		faults: [{ status: 401 }],
		words: /watch.*credentials were not accepted \(401\)/,
	},
	{
		says: 'the watch is refused with 403',
		sort: 'watch',
		faults: [{ status: 403 }],
		words: /watch.*not allowed \(403\)/,
	},
	{
		says: 'the watch is refused with 500',
		sort: 'watch',
		faults: [{ status: 500 }],
		words: /watch was refused: the API failed \(500\)/,
	},
	{
		says: 'the watch is too much',
		sort: 'watch',
		faults: [{ status: 429, retryAfter: 0 }],
		words: /watch was refused: the API has too much to do \(429\)/,
	},
	{ says: 'the watch hangs', sort: 'watch', faults: ['hang'], words: /no answer within 0\.4 s/ },
	{ says: 'the watch breaks off at once', sort: 'watch', faults: ['break'], words: /broke/ },
	{ says: 'the watch begins too late', sort: 'watch', faults: [{ status: 410 }], words: /410 Gone/ },
	{ says: 'the watch has grown too old', sort: 'watch', faults: ['gone'], words: /410 Gone/ },
]

describe('it recovers when', () => {
	it.each(ways)('$says', async ({ sort, faults, words }) => {
		const server = await kubeServer(lists)
		server.fail(sort, ...faults)
		const seen = look(hostOf(server))
		await watched(seen)
		await until(() => server.watches('pods') === 1)
		expect(names(seen.live())).toEqual(expected)
		const told = seen.said.flatMap(({ pods, troubles, voices }) => [
			pods?.trouble,
			pods?.incident?.says,
			troubles.pods,
			voices.pods?.incident?.says,
		])
		expect(told.filter(says => says !== undefined).join('\n')).toMatch(words)
		// And goes on as if nothing had been.
		server.put('pods', podLike('late-1', 'late'), 'ADDED')
		await until(() => names(seen.live()).includes('late-1'))
	})

	it('all watches break off in the middle of an event', async () => {
		const server = await kubeServer(lists)
		const seen = look(hostOf(server))
		await watched(seen)
		await until(() => server.watches('pods') === 1)
		server.breakOff()
		await until(() => seen.live().pods?.incident !== undefined && server.watches('pods') === 1)
		expect(seen.live().pods?.incident?.says).toMatch(/broke/)
		expect(names(seen.live())).toEqual(expected)
		server.put('pods', podLike('late-1', 'late'), 'ADDED')
		await until(() => names(seen.live()).includes('late-1'))
	})

	it('the server closes the watch in good order: nobody hears of it', async () => {
		const server = await kubeServer(lists)
		server.fail('watch', 'close', 'close')
		const seen = look(hostOf(server))
		await until(() => server.watches('pods') === 1)
		await watched(seen)
		expect(seen.live().pods?.incident).toBeUndefined()
		expect(server.asked.filter(path => path.includes('/pods?limit'))).toHaveLength(1)
	})

	it('a watch falls silent and the API with it', async () => {
		const server = await kubeServer(lists)
		const seen = look(hostOf(server), { pace: { ...pace, silence: 50 } })
		server.fail('watch', 'mute')
		await watched(seen)
		server.always('any', 'hang')
		await until(
			() =>
				/fell silent/.test(seen.live().voices.pods?.incident?.says ?? seen.live().troubles.pods ?? '') ||
				seen.said.some(({ voices }) => /fell silent/.test(voices.pods?.incident?.says ?? '')),
		)
		server.always('any', undefined)
		await until(() => server.watches('pods') === 1 && seen.live().pods?.speaker === 'watch')
	})
})

it('is asked again and again where it cannot be watched, and says so', async () => {
	const server = await kubeServer(lists)
	server.always('watch', { status: 403, message: 'no verb watch' })
	const seen = look(hostOf(server))
	await until(() => seen.live().pods?.trouble !== undefined)
	expect(seen.live().pods).toMatchObject({
		speaker: 'poll',
		trouble: expect.stringMatching(/cannot be watched.*403.*no verb watch/),
	})
	server.put('pods', podLike('late-1', 'late'), 'ADDED')
	await until(() => names(seen.live()).includes('late-1'))
	server.always('watch', undefined)
	await until(() => seen.live().pods?.speaker === 'watch')
})

it('waits as long as a busy server asks', async () => {
	const server = await kubeServer(lists)
	server.fail('list', { status: 429, retryAfter: 1 })
	const seen = look(hostOf(server))
	await watched(seen)
	expect(seen.said.some(({ troubles }) => troubles.pods?.includes('429'))).toBe(true)
	const [first = 0, second = 0] = server.askedAt
	expect(second - first).toBeGreaterThan(900)
})

it('reads long lists page by page', async () => {
	const many = Array.from({ length: 1_234 }, (_, index) => podLike(`pod-${index}`, `uid-${index}`))
	const server = await kubeServer({ pods: many })
	const seen = look(hostOf(server), { pace: { ...pace, limit: 5_000 } })
	await watched(seen)
	expect(names(seen.live())).toHaveLength(1_234)
	expect(server.asked.filter(path => path.includes('limit=250'))).toHaveLength(5)
})

it('follows only what is looked at', async () => {
	const server = await kubeServer(lists)
	const seen = look(hostOf(server), { lists: ['pods', 'nodes', 'services'] })
	await until(() => ['pods', 'nodes', 'services'].every(name => server.watches(name) === 1))
	expect(seen.live().cluster.nodes?.map(({ name }) => name)).toEqual(['s1'])
	expect(seen.live().cluster.services?.length).toBe(lists.services.length)
	seen.cluster.want(new Set(['nodes']))
	await until(() => server.watches('pods') === 0 && server.watches('services') === 0)
	expect(server.watches('nodes')).toBe(1)
	await seen.cluster.stop()
	await until(() => server.watches('nodes') === 0)
})

describe('without the API', () => {
	/** This machine, but with the files below `root` in the place of its own, and a crictl of its own. */
	function nodeWith(root: string, kubeconfig: string, crictl?: Record<string, string>): LiveHost {
		const real = localHost({ kubeconfigs: [kubeconfig] })
		return {
			...real,
			list: path => real.list(join(root, path)),
			stat: path => real.stat(join(root, path)),
			run: async argv => {
				const stdout = crictl?.[argv.includes('pods') ? 'crictl/pods.json' : 'crictl/ps.json']
				return stdout === undefined
					? { ok: true, value: { stdout: '', stderr: 'level=fatal msg="no such file"', exit: 1 }, ms: 1 }
					: { ok: true, value: { stdout, stderr: '', exit: 0 }, ms: 1 }
			},
		}
	}

	/** The recorded node's folders of pods, made anew. */
	function folders(): string {
		const root = scratchDir()
		for (const { metadata } of lists.pods) {
			const folder = join(
				root,
				'var/log/pods',
				`${metadata.namespace}_${metadata.name}_${metadata.uid}`,
				'main',
			)
			mkdirSync(folder, { recursive: true })
			writeFileSync(join(folder, '0.log'), '')
		}
		return root
	}

	const files = (...wanted: string[]) =>
		Object.fromEntries(wanted.map(file => [file, recorded.files.get(file) ?? '']))

	it('crictl speaks, and after its return the API again', async () => {
		const server = await kubeServer(lists)
		const root = scratchDir()
		mkdirSync(join(root, 'run/k3s/containerd'), { recursive: true })
		writeFileSync(join(root, 'run/k3s/containerd/containerd.sock'), '')
		const host = nodeWith(root, server.kubeconfig, files('crictl/pods.json', 'crictl/ps.json'))
		server.always('any', { status: 500, message: 'down' })
		const seen = look(host)
		await until(() => seen.live().pods?.speaker === 'crictl')
		expect(seen.live().pods?.trouble).toMatch(/API failed \(500\): down/)
		expect(new Set(seen.live().runtime?.pods.map(({ name }) => name))).toEqual(new Set(expected))
		server.always('any', undefined)
		await watched(seen)
		expect(seen.live().runtime).toBeUndefined()
	})

	it("the kubelet's folders speak where the runtime is gone too", async () => {
		const server = await kubeServer(lists)
		const host = nodeWith(folders(), server.kubeconfig)
		await server.close()
		const seen = look(host)
		await until(() => seen.live().pods?.speaker === 'files')
		expect(
			seen
				.live()
				.podFiles?.map(({ name }) => name)
				.sort(),
		).toEqual(expected)
		expect(seen.live().pods?.trouble).toMatch(/refused.*socket .* is not there/)
	})

	it('the runtime tells in a few words why it does not speak', async () => {
		const server = await kubeServer(lists)
		await server.close()
		const root = folders()
		mkdirSync(join(root, 'run/k3s/containerd'), { recursive: true })
		writeFileSync(join(root, 'run/k3s/containerd/containerd.sock'), '')
		const said =
			'time="2026-11-21T04:00:00Z" level=fatal msg="validate service connection: validate CRI v1 runtime API for endpoint \\"unix:///run/k3s/containerd/containerd.sock\\": rpc error: code = Unavailable desc = connection error: desc = \\"transport: Error while dialing: dial unix /run/k3s/containerd/containerd.sock: connect: connection refused\\""'
		const host: LiveHost = {
			...nodeWith(root, server.kubeconfig),
			run: async () => ({ ok: true, value: { stdout: '', stderr: `a warning\n${said}\n`, exit: 1 }, ms: 1 }),
		}
		const seen = look(host)
		await until(() => seen.live().pods?.speaker === 'files')
		expect(seen.live().pods?.trouble).toMatch(
			/; crictl: connection refused at \/run\/k3s\/containerd\/containerd\.sock$/,
		)
	})

	it('nobody speaks where there is nothing', async () => {
		const server = await kubeServer(lists)
		await server.close()
		const seen = look(nodeWith(scratchDir(), server.kubeconfig))
		await until(() => seen.live().troubles.pods !== undefined)
		expect(seen.live().pods).toBeUndefined()
	})
})

it('an agent asks for its own pods only', async () => {
	const server = await kubeServer(lists)
	const seen = look(hostOf(server), { node: { role: 'agent', hostname: 'A1' }, lists: ['pods', 'events'] })
	await until(() => server.watches('pods') === 1 && seen.live().troubles.events !== undefined)
	expect(server.asked.every(path => path.includes('spec.nodeName%3Da1'))).toBe(true)
	expect(seen.live().troubles.events).toMatch(/agent/)
})
