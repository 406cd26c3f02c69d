/** Incidents of containerd, images and registries. */
import { apiScene, ends, keepsSaying } from '../messages/scene.js'
import { ago, event, node, pod } from '../rules/cluster-text.js'
import { listed, listingEntry, unitShow } from '../rules/unit.js'
import { type Cases, says } from './case.js'
import { containerdLog, error, findmnt, klog, shutdown } from './raw.js'

const creating = (name = 'api-1') =>
	pod({ name, created: ago(500), containers: [{ state: { waiting: { reason: 'ContainerCreating' } } }] })

/** A pod that gets no sandbox. */
const sandbox = (why: string, more: Record<string, string> = {}, role: 'server' | 'agent' = 'server') =>
	apiScene(
		role,
		{
			pods: [creating()],
			events: [
				event({
					reason: 'FailedCreatePodSandBox',
					count: 11,
					message: `Failed to create pod sandbox: rpc error: code = Unknown desc = ${why}`,
				}),
			],
		},
		more,
	)

const waiting = (reason: string, message: string, image = 'registry.corp.example/shop/api:4') =>
	pod({ created: ago(500), containers: [{ image, state: { waiting: { reason, message } } }] })

/** A pod that does not get its image. */
const pulls = (why: string, more: Record<string, string> = {}, image = 'registry.corp.example/shop/api:4') =>
	apiScene(
		'server',
		{
			pods: [waiting('ImagePullBackOff', `Back-off pulling image "${image}": ErrImagePull: ${why}`, image)],
			events: [event({ reason: 'Failed', count: 5, message: `Failed to pull image "${image}": ${why}` })],
		},
		more,
	)

const registries = (text: string) => ({ 'files/etc/rancher/k3s/registries.yaml': text })

const docker = { 'commands/systemctl-show.txt': unitShow({}, ['/usr/local/bin/k3s server --docker']) }

export const runtime: Cases = {
	'k3os-431': says(() => {
		const made = keepsSaying(
			'server',
			[
				error(
					'Unable to process /var/lib/rancher/k3s/agent/images/manifest.json: archive/tar: invalid tar header',
				),
				error(
					'Unable to process /var/lib/rancher/k3s/agent/images/repositories: archive/tar: invalid tar header',
				),
			],
			{
				version: 'v1.17.2+k3s1',
				more: { 'api/pods.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [creating()] }) },
			},
			1,
		)
		return made
	}),
	'k3s-4502': says(() => ({
		...sandbox(
			`failed pulling image "rancher/mirrored-pause:3.5": Error response from daemon: Get "https://registry-1.docker.io/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`,
			{
				...docker,
				'commands/files.tsv': listed('/var/lib/rancher/k3s/agent/images/k3s-airgap-images-amd64.tar', {
					size: 480_000_000,
				}),
			},
		),
		entries: [listingEntry],
	})),
	'elemental-349': says(() =>
		apiScene('server', {
			pods: [
				waiting(
					'RunContainerError',
					'failed to create containerd container: get apparmor_parser version: exec: "apparmor_parser": executable file not found in $PATH',
				),
			],
			events: [
				event({
					reason: 'Failed',
					count: 6,
					message:
						'Error: failed to create containerd container: get apparmor_parser version: exec: "apparmor_parser": executable file not found in $PATH',
				}),
			],
		}),
	),
	'contrast-1264': says(() =>
		sandbox('failed to get sandbox runtime: no runtime for "contrast-cc-k3s" is configured'),
	),
	'k3s-5854': says(() =>
		sandbox(
			'failed to setup network for sandbox "11": plugin type="flannel" failed (add): incompatible CNI versions; config is "1.0.0", plugin supports ["0.1.0" "0.2.0" "0.3.0" "0.3.1" "0.4.0"]',
			{
				'files/var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl':
					'[plugins.cri.cni]\n  bin_dir = "/var/lib/rancher/k3s/data/31ff0fd447a47323a7c863dbb0a3cd452e12b45f1ec67dc55efa575503c2c3ac/bin"\n  conf_dir = "/var/lib/rancher/k3s/agent/etc/cni/net.d"\n',
			},
		),
	),
	'k3s-11973': says(() =>
		ends('server', [shutdown('containerd exited: exit status 1')], {
			version: 'v1.32.2+k3s1',
			more: containerdLog(
				'level=fatal msg="Failed to run CRI service" error="failed to recover state: failed to get metadata for stored sandbox \\"3f00\\": failed to get metadata: not found"',
			),
		}),
	),
	'k3s-5669': says(() =>
		ends('server', [error('containerd exited: exit status 2')], {
			version: 'v1.22.7+k3s1',
			more: containerdLog(
				'level=info msg="loading plugin \\"io.containerd.metadata.v1.bolt\\"..." type=io.containerd.metadata.v1',
				'panic: runtime error: invalid memory address or nil pointer dereference',
				'go.etcd.io/bbolt.(*Bucket).Bucket(0x0, {0x55})',
			),
		}),
	),
	'k3s-2613': says(() =>
		keepsSaying(
			'server',
			[
				klog(
					'failed to read pod IP from plugin/docker: networkPlugin cni failed on the status hook for pod "web-1": CNI failed to retrieve network namespace path: cannot find network namespace',
					'W',
					'docker_sandbox.go:394',
				),
				klog(
					'Failed to create existing container: /kubepods/besteffort/pod1/77: failed to identify the read-write layer ID for container "77". - open /var/lib/docker/image/overlay2/layerdb/mounts/77/mount-id: no such file or directory',
					'E',
					'manager.go:1123',
				),
			],
			{ version: 'v1.19.3+k3s3', more: docker },
		),
	),
	'k3s-9279': says(() => {
		const self = node()
		Object.assign((self.status as { nodeInfo: Record<string, string> }).nodeInfo, {
			containerRuntimeVersion: 'docker://25.0.0',
		})
		return apiScene(
			'server',
			{
				nodes: [self],
				pods: [
					waiting(
						'ImageInspectError',
						'Failed to inspect image "nginx:1": rpc error: code = Unknown desc = Id or size of image "nginx:1" is not set',
						'nginx:1',
					),
				],
			},
			docker,
		)
	}),
	'k3s-10351': says(() =>
		sandbox(
			`failed to get sandbox image "rancher/mirrored-pause:3.6": failed to pull and unpack image "docker.io/rancher/mirrored-pause:3.6": failed to resolve reference "docker.io/rancher/mirrored-pause:3.6": unexpected status from HEAD request to https://127.0.0.1:6443/v2/rancher/mirrored-pause/manifests/3.6?ns=docker.io: 500 Internal Server Error`,
			{
				...registries('mirrors:\n  "*":\n'),
				'files/etc/rancher/k3s/config.yaml': 'embedded-registry: true\n',
			},
		),
	),
	'k3s-9626': says(() =>
		pulls(
			'failed to pull and unpack image "docker.io/shop/own:1": failed to resolve reference "docker.io/shop/own:1": unexpected status from HEAD request to https://127.0.0.1:6443/v2/shop/own/manifests/1?ns=docker.io: 500 Internal Server Error',
			{},
			'shop/own:1',
		),
	),
	'k3s-2755': says(() =>
		sandbox(
			'failed to mount rootfs component &{overlay overlay [workdir=/var/lib/rancher/k3s/agent/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/1/work]}: invalid argument',
			findmnt([
				'/',
				'overlay',
				'overlay',
				'rw,relatime,lowerdir=/media/root-ro,upperdir=/media/root-rw/overlay',
			]),
		),
	),
	'k3s-66': says(() =>
		ends('server', [error('containerd exited: exit status 1')], {
			version: 'v0.1.0',
			more: {
				...containerdLog(
					'level=warning msg="failed to load plugin io.containerd.snapshotter.v1.overlayfs" error="/var/lib/rancher/k3s/agent/containerd/io.containerd.snapshotter.v1.overlayfs does not support overlayfs: filesystem not supported as upperdir"',
				),
				...findmnt(['/', 'rpool/ROOT/ubuntu', 'zfs', 'rw,relatime,xattr']),
				'journal/kernel.log':
					"2026-11-21T04:00:12.000000+0000 node-1 kernel: overlayfs: filesystem on '/var/lib/rancher/k3s/agent/containerd' not supported as upperdir\n",
			},
		}),
	),
	'k3d-911': says(() =>
		apiScene(
			'server',
			{
				pods: [
					waiting(
						'CreateContainerError',
						'failed to reserve container name "main_api-1_shop_1": name "main_api-1_shop_1" is reserved for "771"',
					),
				],
				events: [
					event({
						reason: 'Failed',
						count: 8,
						message:
							'Error: failed to reserve container name "main_api-1_shop_1": name "main_api-1_shop_1" is reserved for "771"',
					}),
				],
			},
			{
				...findmnt(
					['/', 'overlay', 'overlay', 'rw,relatime'],
					['/var/lib/rancher/k3s', 'filer:/k3s', 'nfs4', 'rw,relatime,vers=4.1'],
				),
				...containerdLog(
					'level=error msg="failed to remove container root directory" error="unlinkat /var/lib/rancher/k3s/agent/containerd/io.containerd.grpc.v1.cri/containers/771/.nfs0000000012: device or resource busy"',
				),
			},
		),
	),
	'k3s-495': says(() =>
		ends('server', [error('containerd exited: exit status 1')], {
			version: 'v0.5.0',
			more: containerdLog(
				'level=warning msg="failed to load plugin io.containerd.snapshotter.v1.overlayfs" error="/var/lib/rancher/k3s/agent/containerd/io.containerd.snapshotter.v1.overlayfs does not support d_type. If the backing filesystem is xfs, please reformat with ftype=1 to enable d_type support"',
			),
		}),
	),
	'k3d-631': says(() =>
		pulls(
			'failed to pull and unpack image "docker.io/calico/cni:v3.15.0": failed to copy: httpReaderSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/calico/cni/manifests/sha256:1: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.',
			{},
			'calico/cni:v3.15.0',
		),
	),
	'k3s-11857': says(() =>
		pulls(
			'failed to pull and unpack image "docker.io/library/nginx:1": failed to resolve reference "docker.io/library/nginx:1": failed to do request: Head "https://mirror.lan:5000/v2/library/nginx/manifests/1?ns=docker.io": dial tcp 10.1.1.9:5000: connect: connection refused',
			registries('mirrors:\n  "*":\n    endpoint:\n      - "https://mirror.lan:5000"\n'),
			'nginx:1',
		),
	),
	'k3s-2299': says(() => ({
		...pulls(
			'failed to pull and unpack image "reg.lan:80/app:1": failed to resolve reference "reg.lan:80/app:1": failed to do request: Head "https://reg.lan:80/v2/app/manifests/1": http: server gave HTTP response to HTTPS client',
			{
				'commands/files.tsv':
					listed('/etc/rancher/k3s', { type: 'd', mode: '755' }) + listed('/etc/rancher/k3s/registries.yml'),
			},
			'reg.lan:80/app:1',
		),
		entries: [listingEntry],
	})),
	'k3s-12561': says(() =>
		pulls(
			'failed to pull and unpack image "docker.io/corp/private:2": failed to resolve reference "docker.io/corp/private:2": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
			registries(
				'configs:\n  docker.io:\n    auth:\n      username: <redacted>\n      password: <redacted>\n',
			),
			'corp/private:2',
		),
	),
	'k3s-2787': says(() =>
		pulls(
			'failed to pull and unpack image "registry.gitlab.example/g/app:1": failed to resolve reference "registry.gitlab.example/g/app:1": failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized',
			{},
			'registry.gitlab.example/g/app:1',
		),
	),
	'k3s-11340': says(() =>
		pulls(
			'failed to pull and unpack image "reg.corp:80/a@sha256:12": failed to resolve reference "reg.corp:80/a@sha256:12": failed to do request: Head "https://reg.corp:80/v2/a/manifests/sha256:12": http: server gave HTTP response to HTTPS client',
			registries('mirrors:\n  "reg.corp":\n    endpoint:\n      - "http://reg.corp:80"\n'),
			'reg.corp:80/a@sha256:12',
		),
	),
	'k3s-6518': says(() =>
		sandbox(
			'failed to create containerd task: failed to start shim: start failed: failed to resolve shim path: exec: "containerd-shim-runc-v2": cannot run executable found relative to current directory',
		),
	),
	'k3s-8277': says(() =>
		sandbox(
			'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error mounting "/data/k3s/agent/containerd/io.containerd.grpc.v1.cri/sandboxes/1/resolv.conf" to rootfs at "/etc/resolv.conf": mount: operation not permitted',
		),
	),
	'testcontainers-591': says(() =>
		sandbox(
			'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: unable to apply cgroup configuration: failed to write 812: write /sys/fs/cgroup/kubepods/besteffort/pod1/2/cgroup.procs: no such file or directory',
		),
	),
	'hello-kubernetes-16': says(() => execFormat('hello-kubernetes'), ['image-wrong-arch']),
	'kube-vip-cp-20': says(() => execFormat('kube-vip-cloud-provider'), ['image-wrong-arch']),
	'k3s-1901': says(() =>
		apiScene('agent', {
			pods: [pod({ name: 'api-1', deleted: ago(200_000), created: ago(900_000) })],
			events: [
				event({
					reason: 'FailedKillPod',
					count: 900,
					message:
						'error killing pod: failed to "KillContainer" for "main" with KillContainerError: "rpc error: code = Unknown desc = an error occurred when try to find container \\"17\\": does not exist"',
				}),
			],
		}),
	),
}

/** A pod whose program is for another processor. */
function execFormat(name: string) {
	const log = `files/var/log/pods/shop_${name}_uid-${name}/main/6.log`
	return apiScene(
		'server',
		{
			pods: [
				pod({
					name,
					created: ago(900),
					containers: [
						{
							restarts: 6,
							state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' } },
							last: { terminated: { exitCode: 1, reason: 'Error', startedAt: ago(41), finishedAt: ago(40) } },
						},
					],
				}),
			],
		},
		{
			[log]: `${ago(40)} stderr F standard_init_linux.go:211: exec user process caused "exec format error"\n`,
		},
	)
}
