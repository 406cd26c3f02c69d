import { describe, expect, it } from 'vitest'
import { runtime } from '../../src/sources/runtime.js'
import { bundleOf } from '../bundle-of.js'
import { fakeAsk } from './fake-ask.js'

const version = `Version:  0.1.0
RuntimeName:  containerd
RuntimeVersion:  v2.3.2-k3s2
RuntimeApiVersion:  v1
`

const info = JSON.stringify({
	lastCNILoadStatus:
		'cni config load failed: no network config found in /etc/cni/net.d: cni plugin not initialized',
	status: {
		conditions: [
			{ message: '', reason: '', status: true, type: 'RuntimeReady' },
			{
				message: 'Network plugin returns error: cni plugin not initialized',
				reason: 'NetworkPluginNotReady',
				status: false,
				type: 'NetworkReady',
			},
		],
	},
})

const ps = JSON.stringify({
	containers: [
		{
			id: '9296be967dd9',
			podSandboxId: '16a6d9b7f410',
			metadata: { name: 'local-path-provisioner', attempt: 1 },
			image: { image: 'sha256:f2b910fd', userSpecifiedImage: 'rancher/local-path-provisioner:v0.0.36' },
			state: 'CONTAINER_EXITED',
			createdAt: '1795236877404509893',
			labels: {
				'io.kubernetes.pod.name': 'local-path-provisioner-58d557dc48-4t79r',
				'io.kubernetes.pod.namespace': 'kube-system',
				'io.kubernetes.pod.uid': '82b68586-5819-4862-9e07-144ffbd0c12d',
			},
		},
	],
})

const refused = `W1121 05:30:35.249260    2429 logging.go:55] [core] [Channel #1 SubChannel #2] grpc: addrConn.createTransport failed to connect to {Addr: "/run/k3s/containerd/containerd.sock", ServerName: "localhost", }. Err: connection error: desc = "transport: Error while dialing: dial unix /run/k3s/containerd/containerd.sock: connect: connection refused"
time="2026-11-21T05:30:35Z" level=fatal msg="validate service connection: validate CRI v1 runtime API for endpoint \\"unix:///run/k3s/containerd/containerd.sock\\": rpc error: code = Unavailable desc = connection error: desc = \\"transport: Error while dialing: dial unix /run/k3s/containerd/containerd.sock: connect: connection refused\\""
`

describe('runtime', () => {
	it('reads version, conditions, containers and the CNI problem', () => {
		const found = runtime.parse(
			bundleOf({ 'crictl/version.txt': version, 'crictl/info.json': info, 'crictl/ps.json': ps }),
		)
		expect(found).toMatchObject({
			answered: true,
			version: 'v2.3.2-k3s2',
			conditions: [
				{ type: 'RuntimeReady', status: true },
				{ type: 'NetworkReady', status: false, reason: 'NetworkPluginNotReady' },
			],
			containers: [
				{
					name: 'local-path-provisioner',
					namespace: 'kube-system',
					image: 'rancher/local-path-provisioner:v0.0.36',
					state: 'exited',
					attempt: 1,
					createdAt: Date.parse('2026-11-21T04:54:37.405Z'),
				},
			],
		})
		expect(found?.cniProblem).toContain('no network config found')
	})

	it('says which lists were not answered, so that an empty one is not taken for none', () => {
		const found = runtime.parse(bundleOf({ 'crictl/info.json': info, 'crictl/pods.json': '{"items":[]}' }))
		expect(found?.unanswered).toEqual(['containers', 'images'])
		expect(found?.pods).toEqual([])
	})

	it("keeps crictl's last word when the runtime did not answer", () => {
		const found = runtime.parse(
			bundleOf({}, {}, [
				{ file: 'crictl/info.json', argv: ['k3s', 'crictl', 'info'], exit: 1, stderr: refused },
			]),
		)
		expect(found?.answered).toBe(false)
		expect(found?.error).toMatch(/^validate service connection: .*connect: connection refused"$/)
		expect(found?.unanswered).toBeUndefined()
	})

	it('is absent where crictl was never asked', () => {
		expect(runtime.parse(bundleOf({}))).toBeUndefined()
	})

	it.each([
		['[]'],
		['null'],
		['{"status": {"conditions": 7}, "containers": {}, "items": "x", "images": [null, 3, [], {"size": {}}]}'],
		['{"__proto__": {"items": [1]}, "items": [{"metadata": "no", "createdAt": "9e99"}]}'],
		[`${'['.repeat(200_000)}`],
	])('survives %.60s', text => {
		const files = ['info', 'ps', 'pods', 'images'].map(name => [`crictl/${name}.json`, text])
		expect(() => runtime.parse(bundleOf(Object.fromEntries(files)))).not.toThrow()
	})

	it('asks through k3s, within time limits', async () => {
		const { ask, ran } = fakeAsk({
			paths: { '/usr/local/bin/k3s': '', '/run/k3s/containerd/containerd.sock': '' },
		})
		await runtime.collect(ask)
		expect(ran).toHaveLength(6)
		expect(ran).toContain('k3s crictl --timeout=5s ps -a -o json')
		expect(ran.every(line => line.startsWith('k3s crictl --timeout=5s '))).toBe(true)
	})

	it("takes the unpacked crictl and the runtime's own socket without a k3s binary", async () => {
		const dataDir = '/mnt/data/k3s'
		const { ask, ran } = fakeAsk({
			node: { dataDir },
			paths: {
				[`${dataDir}/data/current/bin/crictl`]: '',
				[`${dataDir}/agent/etc/crictl.yaml`]:
					'runtime-endpoint: unix:///run/k3s/cri-dockerd/cri-dockerd.sock\n',
				'/run/k3s/cri-dockerd/cri-dockerd.sock': '',
			},
		})
		await runtime.collect(ask)
		expect(ran).toContain(
			`${dataDir}/data/current/bin/crictl --runtime-endpoint=unix:///run/k3s/cri-dockerd/cri-dockerd.sock --timeout=5s info`,
		)
	})

	it('asks nothing when the socket is not there, and says so', async () => {
		const { ask, ran, skipped } = fakeAsk({ paths: { '/usr/local/bin/k3s': '' } })
		await runtime.collect(ask)
		expect(ran).toEqual([])
		expect(skipped).toHaveLength(6)
		const found = runtime.parse(bundleOf({}, {}, skipped))
		expect(found).toMatchObject({
			answered: false,
			error: '/run/k3s/containerd/containerd.sock: no such file or directory',
		})
	})
})
