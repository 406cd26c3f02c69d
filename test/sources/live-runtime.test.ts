/** Pods told by a real containerd when the API is silent, and by nobody when that is gone too. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localHost } from '../../src/host/local.js'
import type { Live } from '../../src/model/live.js'
import { type LiveCluster, liveCluster } from '../../src/sources/live/cluster.js'
import { bundleOf } from '../bundle-of.js'
import { type Containerd, startContainerd, whyNoContainerd } from '../host/containerd.js'
import { until } from '../host/scratch.js'

const why = whyNoContainerd()

describe.skipIf(why !== undefined)(`a real containerd${why ? ` (${why})` : ''}`, () => {
	let runtime: Containerd
	let cluster: LiveCluster | undefined
	beforeAll(async () => {
		runtime = await startContainerd()
	}, 180_000)
	afterAll(async () => {
		await cluster?.stop()
		await runtime?.close()
	}, 180_000)

	it('tells of its pods while the API is silent', async () => {
		const web = { namespace: 'shop', name: 'web-0', uid: '11111111-2222-3333-4444-555555555555' }
		const sandbox = await runtime.run(web)
		const { node } = bundleOf({}, { dataDir: runtime.dataDir })
		const said: Live[] = []
		cluster = liveCluster({
			host: localHost({ kubeconfigs: ['/nowhere/k3s.yaml'] }),
			node,
			onNews: live => said.push(live),
			pace: { poll: 100, retry: 50, retryMost: 100, limit: 2_000, silence: 60_000, watch: 60_000 },
			batch: 1,
		})
		cluster.want(new Set(['pods']))
		const newest = () => said.at(-1)
		await until(() => newest()?.runtime?.pods.length === 1)
		expect(newest()?.pods).toMatchObject({ speaker: 'crictl', trouble: expect.stringMatching(/^the API: /) })
		expect(newest()?.runtime?.pods[0]).toMatchObject({ ...web, ready: true })
		expect(newest()?.runtime?.containers[0]).toMatchObject({
			name: 'main',
			podUid: web.uid,
			state: 'running',
		})
		await runtime.stopPod(sandbox)
		await until(() => newest()?.runtime?.pods[0]?.ready === false)
		expect(newest()?.runtime?.containers[0]?.state).toBe('exited')
	}, 180_000)
})
