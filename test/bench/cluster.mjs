// Following a large cluster: a program of its own lists and watches 10,000 pods of an API server over TLS, is idle while
// nothing moves, and takes a hundred changes a second; then the table's frames are timed.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openBundle } from '../../dist/src/bundle/open.js'
import { startKubeServer } from '../../dist/test/host/kube-server.js'

const recording = fileURLToPath(new URL('../recordings/pod-crashloop.tar.gz', import.meta.url))
const child = fileURLToPath(new URL('./cluster-child.mjs', import.meta.url))
const count = 10_000
const perSecond = 100

export async function clusterFigures() {
	const folder = mkdtempSync(join(tmpdir(), 'cluster-bench-'))
	const { files } = await openBundle(recording)
	const [first] = JSON.parse(files.get('api/pods.json') ?? '').items
	const pod = index => ({
		...first,
		metadata: {
			...first.metadata,
			name: `load-${index}`,
			uid: `load-${index}`,
			namespace: `ns-${index % 40}`,
		},
	})
	const server = await startKubeServer(
		{ pods: Array.from({ length: count }, (_, index) => pod(index)) },
		folder,
	)
	let changes = 0
	let timer
	try {
		const follower = spawn(
			process.execPath,
			['--expose-gc', '--semi-space-growth-factor=1', child, server.kubeconfig],
			{ stdio: ['ignore', 'pipe', 'inherit'] },
		)
		let said = ''
		for await (const text of follower.stdout.setEncoding('utf8')) {
			said += text
			if (timer === undefined && said.includes('"idle"')) {
				timer = setInterval(() => {
					for (let each = 0; each < perSecond / 10; each += 1) {
						changes += 1
						server.put('pods', pod(changes % count))
					}
				}, 100)
			}
		}
		const figures = Object.assign(
			{},
			...said
				.trim()
				.split('\n')
				.map(line => JSON.parse(line)),
		)
		const what = text => `${count} pods: ${text}`
		return [
			{ what: what('listed and watched, from the first question'), value: figures.listed, unit: 'ms' },
			{ what: what('heap that they take'), value: figures.heap, unit: 'MB', bound: 80 },
			{
				what: what('resident memory at its highest, Kubernetes client and all'),
				value: figures.peak,
				unit: 'MB',
				bound: 400,
			},
			{ what: what('idle: share of a core while nothing moves'), value: figures.idle, unit: '%', bound: 1 },
			{
				what: what(`share of a core at ${perSecond} changes a second`),
				value: figures.busy,
				unit: '%',
				bound: 50,
			},
			{ what: what('growth of the heap over those changes'), value: figures.growth, unit: 'MB', bound: 10 },
			{ what: what('a new list to its frame, 120×40'), value: figures.news, unit: 'ms', bound: 100 },
			{ what: what('a key to its frame, p95'), value: figures.key, unit: 'ms', bound: 8 },
		]
	} finally {
		clearInterval(timer)
		await server.close()
		rmSync(folder, { recursive: true, force: true })
	}
}
