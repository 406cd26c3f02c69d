import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { cluster, event, klog, lately, node, pod } from '../cluster-text.js'
import { head, judged, pull, waiting } from './waiting.js'

describe('registry-unreachable', () => {
	it('fires when the name of a registry does not resolve', () => {
		const image = 'quay.corp.example/team/app:9'
		const examination = judged(
			image,
			pull(image, `${head('quay.corp.example')}dial tcp: lookup quay.corp.example: no such host`),
		)
		expect(causesOf(examination)).toEqual({ 'registry-unreachable': 'certain' })
		const remedy = examination.report.diagnoses[0]?.remedies[0]
		expect(remedy?.steps[0]).toMatchObject({ run: ['getent', 'ahosts', 'quay.corp.example'] })
	})

	it('takes the reason from the events where an older kubelet only says back-off', () => {
		const image = 'r.example:5000/app:1'
		const files = cluster({
			pods: [waiting(image, `Back-off pulling image "${image}"`)],
			events: [
				event({
					reason: 'Failed',
					message: `Failed to pull image "${image}": rpc error: code = Unknown desc = ${pull(image, `${head('r.example:5000')}dial tcp 10.1.1.1:5000: connect: connection refused`)}`,
					count: 4,
				}),
			],
		})
		expect(causesOf(judgeFiles(files))).toEqual({ 'registry-unreachable': 'certain' })
	})

	it('is told by the log of containerd on a node whose API does not answer', () => {
		const image = 'r.example:5000/app:1'
		const words = JSON.stringify(
			`rpc error: code = Unknown desc = ${pull(image, `${head('r.example:5000')}dial tcp 10.1.1.1:5000: i/o timeout`)}`,
		)
		const log = `time="2026-11-21T04:09:10Z" level=error msg="PullImage \\"${image}\\" failed" error=${words}\n`
		const files = { 'files/var/lib/rancher/k3s/agent/containerd/containerd.log': log }
		const {
			'api/pods.json': _pods,
			'api/events.json': _events,
			'api/nodes.json': _nodes,
			...down
		} = cluster({}, files)
		expect(causesOf(judgeFiles(down))).toEqual({ 'registry-unreachable': 'likely' })
		// The image has come since.
		const images = JSON.stringify({ images: [{ id: 'a', repoTags: [image], repoDigests: [], size: '1' }] })
		expect(
			causesOf(
				judgeFiles({ ...down, 'crictl/images.json': images, 'crictl/version.txt': 'RuntimeVersion:  v2\n' }),
			),
		).toEqual({})
	})

	it('is silent about what failed an hour ago, about pods of other nodes, and about pods that run', () => {
		const image = 'r.example/app:1'
		const why = pull(image, `${head('r.example')}dial tcp: lookup r.example: no such host`)
		const old = klog(`"Failed to pull image" err=${JSON.stringify(why)} image="${image}"`)
		expect(causesOf(judgeFiles(cluster({ pods: [pod()] }, {}, [[lately, 'k3s', old]])))).toEqual({})
		const elsewhere = cluster({
			nodes: [node(), node({ name: 'node-2' })],
			pods: [
				pod({
					on: 'node-2',
					containers: [{ image, state: { waiting: { reason: 'ErrImagePull', message: why } } }],
				}),
			],
		})
		expect(causesOf(judgeFiles(elsewhere))).toEqual({})
	})

	it('owns the images of k3s as well where a mirror of one’s own is dead', () => {
		const image = 'docker.io/rancher/mirrored-coredns-coredns:1.12.0'
		const registries = 'mirrors:\n  docker.io:\n    endpoint:\n      - "https://mirror.corp"\n'
		const files = cluster(
			{
				pods: [
					pod({
						namespace: 'kube-system',
						name: 'coredns-7f-x',
						containers: [
							{
								image,
								state: {
									waiting: {
										reason: 'ImagePullBackOff',
										message: pull(
											image,
											`${head('registry-1.docker.io')}dial tcp: lookup registry-1.docker.io: no such host`,
										),
									},
								},
							},
						],
					}),
				],
			},
			{ 'files/etc/rancher/k3s/registries.yaml': registries },
		)
		expect(rootsOf(judgeFiles(files))).toEqual(['registry-unreachable'])
	})
})
