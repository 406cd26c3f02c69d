/** What a failing pull says, and to which cause it belongs. */
import { describe, expect, it } from 'vitest'
import { fullImage, isDockerHub, isSystemImage, registryOf } from '../../../rules/images/image-name.js'
import { imageIn, readPullError } from '../../../rules/images/pull-error.js'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { ago, cluster, event, klog, lately, node, pod } from '../cluster-text.js'
import { journalText, listed, listingEntry, unitShow } from '../unit.js'

const pull = (image: string, why: string) =>
	`failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${why}`
const head = (host: string, path = 'shop/api', scheme = 'https') =>
	`failed to do request: Head "${scheme}://${host}/v2/${path}/manifests/1": `

/** A pod that waits for its image. */
function waiting(image: string, message: string, reason = 'ImagePullBackOff') {
	return pod({ containers: [{ image, state: { waiting: { reason, message } } }] })
}

function judged(image: string, message: string, reason?: string, more: Record<string, string> = {}) {
	return judgeFiles(cluster({ pods: [waiting(image, message, reason)] }, more))
}

describe('image names', () => {
	it('are completed as containerd files them', () => {
		expect(fullImage('nginx')).toBe('docker.io/library/nginx:latest')
		expect(fullImage('rancher/klipper-helm:v0.9.3')).toBe('docker.io/rancher/klipper-helm:v0.9.3')
		expect(fullImage('localhost:5000/a/b')).toBe('localhost:5000/a/b:latest')
		expect(fullImage('quay.io/a/b@sha256:00')).toBe('quay.io/a/b@sha256:00')
		expect(registryOf('a/b')).toBe('docker.io')
		expect(isDockerHub('registry-1.docker.io')).toBe(true)
		expect(isDockerHub('docker.io.example.org')).toBe(false)
		expect(isSystemImage('registry.corp:5000/rancher/mirrored-pause:3.6')).toBe(true)
		expect(isSystemImage('corp/pause-button:1')).toBe(false)
	})
})

describe('words of a failed pull', () => {
	it.each([
		['dial tcp: lookup harbor.corp: no such host', 'name-unknown'],
		[
			'dial tcp: lookup harbor.corp on 10.0.0.2:53: read udp 10.0.0.9:4->10.0.0.2:53: i/o timeout',
			'name-unknown',
		],
		['dial tcp 10.0.0.7:443: connect: connection refused', 'unreachable'],
		['dial tcp 10.0.0.7:443: i/o timeout', 'unreachable'],
		['net/http: TLS handshake timeout', 'unreachable'],
		[
			'unexpected status from HEAD request to https://r.example/v2/a/manifests/1: 503 Service Unavailable',
			'unreachable',
		],
		[
			'unexpected status from HEAD request to https://r.example/v2/a/manifests/1: 429 Too Many Requests',
			'rate-limited',
		],
		['toomanyrequests: You have reached your pull rate limit.', 'rate-limited'],
		[
			'unexpected status from HEAD request to https://r.example/v2/a/manifests/1: 401 Unauthorized',
			'refused',
		],
		[
			'pull access denied, repository does not exist or may require authorization: insufficient_scope',
			'refused',
		],
		['tls: failed to verify certificate: x509: certificate signed by unknown authority', 'tls'],
		['http: server gave HTTP response to HTTPS client', 'tls'],
		['r.example/a:1.404: not found', 'not-found'],
		['no match for platform in manifest: not found', 'no-platform'],
		['Container image "a:1" is not present with pull policy of Never', 'never'],
	])('%s', (text, problem) => {
		expect(readPullError(pull('r.example/a:1', text))?.problem).toBe(problem)
	})

	it('about a full disk or a cancelled pull are none about the registry', () => {
		expect(readPullError(pull('a', 'write /var/lib/x: no space left on device'))).toBeUndefined()
		expect(readPullError('context canceled')).toBeUndefined()
		expect(readPullError('Back-off pulling image "a"')).toBeUndefined()
	})

	it('name the image and who was asked, and nothing that could become a command', () => {
		expect(imageIn(pull('r.example:5000/a/b:2', 'x'))).toBe('r.example:5000/a/b:2')
		expect(imageIn('PullImage \\"a/b:1\\" failed')).toBe('a/b:1')
		expect(readPullError(`${head('r.example:5000')}EOF`)).toMatchObject({
			host: 'r.example:5000',
			scheme: 'https',
		})
		expect(readPullError('Head "https://$(reboot)/v2/": connection refused')?.host).toBe('')
	})
})

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

describe('registry-rate-limited', () => {
	it('fires on Docker Hub’s words too', () => {
		const examination = judged(
			'nginx:1',
			pull(
				'docker.io/library/nginx:1',
				'toomanyrequests: You have reached your unauthenticated pull rate limit',
			),
		)
		expect(causesOf(examination)).toEqual({ 'registry-rate-limited': 'certain' })
	})

	it('is silent about an image whose tag merely holds the number', () => {
		const image = 'r.example/app:429'
		expect(causesOf(judged(image, pull(image, `${image}: not found`)))).toEqual({
			'image-not-found': 'certain',
		})
	})
})

describe('registry-auth-failed', () => {
	it('fires on 401, 403 and hidden repositories', () => {
		for (const why of [
			'unexpected status from HEAD request to https://r.example/v2/a/manifests/1: 403 Forbidden',
			'pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
		])
			expect(causesOf(judged('r.example/a:1', pull('r.example/a:1', why)))).toEqual({
				'registry-auth-failed': 'certain',
			})
	})

	it('is silent when the registry is not reached', () => {
		const examination = judged(
			'r.example/a:1',
			pull('r.example/a:1', `${head('r.example')}dial tcp 10.1.1.1:443: connect: no route to host`),
		)
		expect(causesOf(examination)).not.toHaveProperty('registry-auth-failed')
	})
})

describe('registry-tls-failed', () => {
	it('fires on an unknown CA and on plain http, each with its own remedy first', () => {
		const ca = judged(
			'r.example/a:1',
			pull(
				'r.example/a:1',
				`${head('r.example')}tls: failed to verify certificate: x509: certificate signed by unknown authority`,
			),
		)
		expect(causesOf(ca)).toEqual({ 'registry-tls-failed': 'certain' })
		expect(ca.report.diagnoses[0]?.remedies[0]?.title).toBe('Trust the CA of r.example')
		const http = judged(
			'r.example:5000/a:1',
			pull('r.example:5000/a:1', `${head('r.example:5000')}http: server gave HTTP response to HTTPS client`),
		)
		expect(http.report.diagnoses[0]?.remedies[0]?.title).toBe('Ask r.example:5000 with http')
	})

	it('is silent about a time-out in the handshake: that is the network', () => {
		const examination = judged(
			'r.example/a:1',
			pull('r.example/a:1', `${head('r.example')}net/http: TLS handshake timeout`),
		)
		expect(rootsOf(examination)).toEqual(['registry-unreachable'])
	})
})

describe('image-not-found', () => {
	it('fires on a missing tag, a bad name, a foreign platform, and the policy Never', () => {
		for (const [image, message, reason] of [
			['r.example/a:typo', pull('r.example/a:typo', 'r.example/a:typo: not found'), 'ImagePullBackOff'],
			[
				'UPPER/case:1',
				'Failed to apply default image tag "UPPER/case:1": couldn\'t parse image name "UPPER/case:1": invalid reference format',
				'InvalidImageName',
			],
			[
				'r.example/arm:1',
				pull('r.example/arm:1', 'no match for platform in manifest: not found'),
				'ErrImagePull',
			],
			[
				'own/build:dev',
				'Container image "own/build:dev" is not present with pull policy of Never',
				'ErrImageNeverPull',
			],
		] as const)
			expect(causesOf(judged(image, message, reason))).toEqual({ 'image-not-found': 'certain' })
	})

	it('is silent when the host is not found instead of the image', () => {
		const examination = judged(
			'r.example/a:1',
			pull('r.example/a:1', `${head('r.example')}dial tcp: lookup r.example: no such host`),
		)
		expect(causesOf(examination)).not.toHaveProperty('image-not-found')
	})
})

describe('airgap-images-missing', () => {
	const silent = `${head('registry-1.docker.io', 'rancher/mirrored-pause')}dial tcp 3.3.3.3:443: i/o timeout`
	const sandbox = `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox image "rancher/mirrored-pause:3.6": ${pull('docker.io/rancher/mirrored-pause:3.6', silent)}`
	const stuck = (name: string, namespace = 'kube-system') =>
		pod({ namespace, name, containers: [{ state: { waiting: { reason: 'ContainerCreating' } } }] })
	const failed = (name: string, namespace = 'kube-system') =>
		event({ namespace, name, reason: 'FailedCreatePodSandBox', message: sandbox, count: 5 })

	it('fires when no pod gets its pause image, in another data directory too', () => {
		const files = cluster(
			{
				pods: [stuck('coredns-1'), stuck('app-1', 'shop')],
				events: [failed('coredns-1'), failed('app-1', 'shop')],
			},
			{ 'commands/files.tsv': listed('/data/k3s', { type: 'd' }) + listed('/data/k3s/agent', { type: 'd' }) },
		)
		const entry = { ...listingEntry, argv: ['find', '/data/k3s', '-maxdepth', '5'] }
		const examination = judgeFiles(files, { dataDir: '/data/k3s' }, [entry])
		expect(rootsOf(examination)).toEqual(['airgap-images-missing'])
		const [diagnosis] = examination.report.diagnoses
		expect(diagnosis?.severity).toBe('critical')
		expect(diagnosis?.findings.map(({ says }) => says)).toContain(
			'/data/k3s/agent/images holds no image archive',
		)
		expect(JSON.stringify(diagnosis?.remedies[1])).toContain(
			'/data/k3s/agent/images/k3s-airgap-images-amd64.tar.zst',
		)
	})

	it('fires on the recording whatever the version of the pause image', async () => {
		const other = (text: string) =>
			text
				.replaceAll('mirrored-pause:3.6', 'mirrored-pause:3.10')
				.replaceAll('manifests/3.6', 'manifests/3.10')
		const examination = await judgeRecording('images-missing', {
			'api/events.json': other,
			'journal/k3s.log': other,
		})
		expect(rootsOf(examination)).toEqual(['airgap-images-missing'])
	})

	it('is told by an archive that cannot be imported', () => {
		const line =
			'time="2026-11-21T04:00:02Z" level=error msg="Failed to process image event: failed to import /var/lib/rancher/k3s/agent/images/k3s-airgap-images-amd64.tar.zst: unexpected EOF"'
		const files = cluster({ pods: [stuck('coredns-1')], events: [failed('coredns-1')] })
		files['journal/k3s.log'] = journalText([
			[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
			[1, 'k3s', 'time="2026-11-21T04:00:01Z" level=info msg="Starting k3s v1.33.4+k3s1 (abcdef12)"'],
			[2, 'k3s', line],
			[3, 'k3s', 'time="2026-11-21T04:00:03Z" level=info msg="k3s is up and running"'],
		])
		const [diagnosis] = judgeFiles(files).report.diagnoses
		expect(diagnosis?.findings.some(({ says }) => says.includes('unexpected EOF'))).toBe(true)
	})

	it('leaves a chart of the operator’s to the helm job, and a volume’s helper to local-path', async () => {
		expect(causesOf(await judgeRecording('helm-no-image'))).not.toHaveProperty('airgap-images-missing')
		expect(causesOf(await judgeRecording('local-path-helper'))).not.toHaveProperty('airgap-images-missing')
	})

	it('is silent on an online node that is pulling, and on a node that needs no archive', () => {
		const pulling = cluster({
			pods: [
				pod({
					namespace: 'kube-system',
					name: 'coredns-1',
					containers: [
						{
							image: 'rancher/mirrored-coredns-coredns:1.12.0',
							state: { waiting: { reason: 'ContainerCreating' } },
						},
					],
				}),
			],
			events: [
				event({
					namespace: 'kube-system',
					name: 'coredns-1',
					reason: 'Pulling',
					message: 'Pulling image "rancher/mirrored-coredns-coredns:1.12.0"',
				}),
			],
		})
		expect(causesOf(judgeFiles(pulling))).toEqual({})
		expect(causesOf(judgeFiles(cluster({ pods: [pod()] })))).toEqual({})
	})
})

describe('registries-yaml-invalid', () => {
	const path = 'files/etc/rancher/k3s/registries.yaml'
	const hanging = (why: string, more: Record<string, string>) => ({
		'commands/systemctl-show.txt': unitShow({ ActiveState: 'activating', SubState: 'start' }),
		'journal/k3s.log': journalText([
			[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
			[1, 'k3s', 'time="2026-11-21T04:00:01Z" level=info msg="Starting k3s v1.33.4+k3s1 (abcdef12)"'],
			...[5, 12, 20].map(
				second =>
					[
						second,
						'k3s',
						`time="x" level=info msg=${JSON.stringify(`Waiting to retrieve agent configuration; server is not ready: ${why}`)}`,
					] as [number, string, string],
			),
		]),
		...more,
	})

	it('fires on a tab, and on a list where a map belongs', () => {
		for (const [text, why] of [
			['mirrors:\n\tdocker.io:\n', 'yaml: line 2: found character that cannot start any token'],
			[
				'mirrors:\n  - docker.io\n',
				'yaml: unmarshal errors:\n  line 2: cannot unmarshal !!seq into map[string]registries.Mirror',
			],
		] as const) {
			const examination = judgeFiles(hanging(why, { [path]: text }))
			expect(rootsOf(examination)[0]).toBe('registries-yaml-invalid')
			expect(examination.report.diagnoses[0]?.confidence).toBe('certain')
		}
	})

	it('warns, and no more, where k3s runs with what it read before', () => {
		const [diagnosis] = judgeFiles(cluster({}, { [path]: 'mirrors: [a\n' })).report.diagnoses
		expect(diagnosis).toMatchObject({
			cause: 'registries-yaml-invalid',
			severity: 'warning',
			confidence: 'likely',
		})
	})

	it('is silent on a good file, and on a server that is not ready for its own reasons', () => {
		const good = 'mirrors:\n  docker.io:\n    endpoint:\n      - "https://r.example"\nconfigs: {}\n'
		expect(causesOf(judgeFiles(cluster({}, { [path]: good })))).toEqual({})
		const waits = hanging('https://10.0.0.1:6443/v1-k3s/config: 503 Service Unavailable', { [path]: good })
		expect(causesOf(judgeFiles(waits))).not.toHaveProperty('registries-yaml-invalid')
	})
})

describe('embedded-registry-failed', () => {
	const line = 'time="x" level=error msg="Not starting distributed registry mirror: no registries configured"'

	it('fires when the mirror is on and no registry is named for it', () => {
		const files = cluster(
			{},
			{
				'files/etc/rancher/k3s/config.yaml': 'embedded-registry: true\n',
				'files/etc/rancher/k3s/registries.yaml': 'configs: {}\n',
			},
		)
		files['journal/k3s.log'] = journalText([
			[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
			[1, 'k3s', 'time="x" level=info msg="Starting k3s v1.33.4+k3s1 (abcdef12)"'],
			[2, 'k3s', line],
			[3, 'k3s', 'time="x" level=info msg="k3s is up and running"'],
		])
		expect(causesOf(judgeFiles(files))).toEqual({ 'embedded-registry-failed': 'likely' })
	})

	it('fires when the mirror on this host has no answer', () => {
		const image = 'docker.io/library/app:1'
		const why =
			'unexpected status from HEAD request to https://127.0.0.1:6443/v2/library/app/manifests/1?ns=docker.io: 500 Internal Server Error'
		expect(causesOf(judged(image, pull(image, why)))).toEqual({ 'embedded-registry-failed': 'likely' })
	})

	it('is silent where it is on and registries are named', () => {
		const files = cluster(
			{},
			{
				'files/etc/rancher/k3s/config.yaml': 'embedded-registry: true\n',
				'files/etc/rancher/k3s/registries.yaml': 'mirrors:\n  docker.io:\n',
			},
		)
		expect(causesOf(judgeFiles(files))).toEqual({})
	})
})

describe('image-wrong-arch', () => {
	const looping = pod({
		containers: [{ restarts: 2, state: died255(5), last: died255(18) }],
	})
	function died255(secondsAgo: number) {
		return {
			terminated: { exitCode: 255, reason: 'Error', startedAt: ago(secondsAgo), finishedAt: ago(secondsAgo) },
		}
	}
	const log = (text: string) => ({
		'files/var/log/pods/shop_api-1_uid-api-1/main/2.log': `${ago(6)} stderr F ${text}\n`,
	})

	it('fires on the words of newer and older runtimes', () => {
		for (const text of [
			'exec /server: exec format error',
			'standard_init_linux.go:228: exec user process caused: exec format error',
		])
			expect(causesOf(judgeFiles(cluster({ pods: [looping] }, log(text))))).toEqual({
				'image-wrong-arch': 'certain',
			})
	})

	it('fires when the runtime itself says so', () => {
		const message =
			'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec /app: exec format error: unknown'
		const started = pod({
			containers: [{ restarts: 1, state: { waiting: { reason: 'RunContainerError', message } } }],
		})
		expect(causesOf(judgeFiles(cluster({ pods: [started] })))).toMatchObject({
			'image-wrong-arch': 'certain',
		})
	})

	it('is silent when the program ends with other words, or when the pod is well again', () => {
		expect(
			causesOf(judgeFiles(cluster({ pods: [looping] }, log('bind: address already in use')))),
		).not.toHaveProperty('image-wrong-arch')
		expect(causesOf(judgeFiles(cluster({ pods: [pod()] }, log('exec /server: exec format error'))))).toEqual(
			{},
		)
	})
})
