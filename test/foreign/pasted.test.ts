/** What people paste when they ask for help: a table, a description, some lines of a log. */
import { describe, expect, it } from 'vitest'
import { openBundle } from '../../src/bundle/open.js'
import { causesOf, judge, rootsOf } from '../judge.js'
import { archiveAt } from './archive.js'

const judged = async (files: Record<string, string>) =>
	judge(await openBundle(await archiveAt('x.tar.gz', new Map(Object.entries(files)))))

/** `kubectl describe pod`, without what people leave out. */
function described(name: string, events: readonly string[], more: readonly string[] = []): string {
	return [
		`Name:               ${name}`,
		'Namespace:          default',
		'Node:               w2/10.0.0.4',
		'Status:             Pending',
		...more,
		'Events:',
		'  Type     Reason                  Age                   From      Message',
		'  ----     ------                  ----                  ----      -------',
		...events,
		'',
	].join('\n')
}

/** The same line, once a minute, as syslog writes it. */
const often = (program: string, text: string) =>
	[0, 1, 2, 3, 4, 5].map(minute => `Oct 20 00:1${minute}:38 w1 ${program}[1654]: ${text}\n`).join('')

const waits = (image: string, reason: string) => [
	'Containers:',
	'  app:',
	`    Image:          ${image}`,
	'    State:          Waiting',
	`      Reason:       ${reason}`,
	'    Ready:          False',
	'    Restart Count:  0',
]

describe('the description of a pod', () => {
	it.each([
		[
			'registry-tls-failed',
			described(
				'web-1',
				[
					'  Normal   Scheduled  45m                  default-scheduler  Successfully assigned default/web-1 to w2',
					'  Warning  Failed     3m (x4 over 45m)     kubelet            Failed to pull image "harbor.lan:80/library/ubuntu:22.04": failed to pull and unpack image "harbor.lan:80/library/ubuntu:22.04": failed to resolve reference "harbor.lan:80/library/ubuntu:22.04": failed to do request: Head "https://harbor.lan:80/v2/library/ubuntu/manifests/22.04": http: server gave HTTP response to HTTPS client',
					'  Warning  Failed     3m (x4 over 45m)     kubelet            Error: ErrImagePull',
				],
				waits('harbor.lan:80/library/ubuntu:22.04', 'ImagePullBackOff'),
			),
		],
		[
			'cidr-conflict',
			described('cron-1', [
				'  Warning  FailedCreatePodSandBox  39s (x17 over 4m)     kubelet   Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "d615": failed to allocate for range 0: no IP addresses available in range set: 10.42.2.1-10.42.2.254',
			]),
		],
		[
			'volume-mount-failed',
			described('db-1', [
				'  Warning  FailedMount  20s (x9 over 3m)    kubelet, w2   MountVolume.SetUp failed for volume "pvc-dba9311c" : mount failed: exit status 32',
				'Mounting command: mount',
				'Mounting arguments: -t nfs nas.lan:/k8s /var/lib/kubelet/pods/46471c56/volumes/kubernetes.io~nfs/pvc-dba9311c',
				'Output: mount: wrong fs type, bad option, bad superblock on nas.lan:/k8s,',
				'       need a /sbin/mount.<type> helper program)',
			]),
		],
		[
			'pod-config-missing',
			described(
				'app-1',
				['  Warning  Failed   15s (x9 over 3m)     kubelet  Error: secret "db-pass" not found'],
				waits('app:1', 'CreateContainerConfigError'),
			),
		],
		[
			'cloud-provider-uninitialized',
			described('csi-1', [
				'  Warning  FailedScheduling  6s (x3 over 15m)   default-scheduler  0/1 nodes are available: 1 node(s) had untolerated taint {node.cloudprovider.kubernetes.io/uninitialized: true}. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling',
			]).replace('w2/10.0.0.4', '<none>'),
		],
		[
			'disk-pressure',
			described('csi-1', [
				"  Warning  FailedScheduling  6s (x3 over 15m)   default-scheduler  0/2 nodes are available: 2 node(s) had taint {node.kubernetes.io/disk-pressure: }, that the pod didn't tolerate.",
			]).replace('w2/10.0.0.4', '<none>'),
		],
	])('leads to %s', async (cause, text) => {
		const examination = await judged({ 'pod.txt': text })
		expect(rootsOf(examination)).toEqual([cause])
		expect(examination.report.crashed).toEqual([])
	})

	it('does not take a trouble of nodes for one of pods where the nodes say otherwise', async () => {
		const text = described('csi-1', [
			"  Warning  FailedScheduling  6s (x3 over 15m)   default-scheduler  0/1 nodes are available: 1 node(s) had taint {node.kubernetes.io/disk-pressure: }, that the pod didn't tolerate.",
		]).replace('w2/10.0.0.4', '<none>')
		const nodes = [
			'NAME   STATUS   ROLES                  AGE   VERSION',
			'n1     Ready    control-plane,master   80d   v1.30.4+k3s1',
			'',
		].join('\n')
		expect(rootsOf(await judged({ 'pod.txt': text, 'nodes.txt': nodes }))).not.toContain('disk-pressure')
	})

	it('says that the pod was evicted once, and not when', async () => {
		const text = [
			'Name:           operator-7b',
			'Namespace:      flux',
			'Node:           n1/',
			'Status:         Failed',
			'Reason:         Evicted',
			'Message:        The node was low on resource: ephemeral-storage. Container operator was using 8250536Ki, which exceeds its request of 0.',
			'Events:         <none>',
			'',
		].join('\n')
		expect(causesOf(await judged({ 'pod.txt': text }))).toEqual({ 'disk-pressure': 'possible' })
	})
})

describe('the events of a pod alone', () => {
	const table = [
		'Events:',
		'  Type     Reason     Age                From               Message',
		'  ----     ------     ----               ----               -------',
		'  Normal   Scheduled  5m                 default-scheduler  Successfully assigned shop/web-7c9bd-x1b2c to n2',
		'  Warning  Failed     12s (x4 over 5m)   kubelet            Failed to pull image "nginx:1.25": rpc error: code = Unknown desc = failed to pull and unpack image "docker.io/library/nginx:1.25": failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/nginx/manifests/sha256:aa: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.',
		'  Warning  Failed     12s (x4 over 5m)   kubelet            Error: ErrImagePull',
		'',
	]

	it('are those of the pod that the scheduler names', async () => {
		const examination = await judged({ 'events.txt': table.join('\n') })
		expect(rootsOf(examination)).toEqual(['registry-rate-limited'])
		expect(examination.report.diagnoses[0]?.findings[0]?.says).toContain('nginx')
	})

	it('are not understood where nothing says whose they are', async () => {
		const pods =
			'NAMESPACE   NAME   READY   STATUS    RESTARTS   AGE\nshop        a      1/1     Running   0          5d\n'
		const events = table.filter(line => !line.includes('Scheduled')).join('\n')
		const { report } = await judged({ 'events.txt': events, 'pods.txt': pods })
		expect(report.notes.join('\n')).toContain('Not recognised: events.txt')
	})
})

describe('what a part of k3s says that runs in a pod', () => {
	const pods = [
		'NAMESPACE     NAME                       READY   STATUS             RESTARTS       AGE',
		'kube-system   coredns-6c6bb68b64-8c5gh   1/1     Running            0              30m',
		'kube-system   traefik-6c6bb68b64-8c5gh   1/1     Running            0              30m',
		'',
	].join('\n')

	it.each([
		[
			'dns-loop',
			'.:53\n[INFO] plugin/reload: Running configuration MD5 = fe280f\n[INFO] CoreDNS-1.12.1\n[FATAL] plugin/loop: Loop (127.0.0.1:34614 -> :53) detected for zone ".", see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO 60741."\n',
		],
		[
			'dns-upstream-broken',
			[36102, 40000, 40001, 40002]
				.map(
					port =>
						`[ERROR] plugin/errors: 2 quay.io. A: read udp 10.42.2.132:${port}->192.168.0.1:53: i/o timeout\n`,
				)
				.join(''),
		],
		[
			'traefik-version-migration',
			'E1105 10:13:39.431487       1 reflector.go:140] Failed to watch *v1alpha1.MiddlewareTCP: failed to list *v1alpha1.MiddlewareTCP: middlewaretcps.traefik.io is forbidden: User "system:serviceaccount:kube-system:traefik" cannot list resource "middlewaretcps" in API group "traefik.io" at the cluster scope\n',
		],
	])('%s', async (cause, text) => {
		expect(rootsOf(await judged({ 'out.txt': text, 'pods.txt': pods }))).toEqual([cause])
	})

	it.each([
		[
			'helm-job-failed',
			'+ helm_v3 install traefik https://10.43.0.1:443/static/charts/traefik-25.0.2.tgz\nError: INSTALLATION FAILED: cannot re-use a name that is still in use\n',
		],
		[
			'kernel-module-missing',
			"+ trap exit TERM INT\n+ iptables -t nat -I PREROUTING '!' -s 10.43.70.41/32 -p TCP --dport 80 -j DNAT --to 10.43.70.41:80\niptables v1.8.4 (legacy): can't initialize iptables table `nat': Table does not exist (do you need to insmod?)\n",
		],
	])('%s, though nobody listed the pods', async (cause, text) => {
		expect(rootsOf(await judged({ 'out.txt': text }))).toEqual([cause])
	})
})

describe('the description of a claim', () => {
	it('tells what its class cannot give', async () => {
		const text = [
			'Name:          raw-0',
			'Namespace:     default',
			'StorageClass:  local-path',
			'Status:        Pending',
			'Volume:        ',
			'Finalizers:    [kubernetes.io/pvc-protection]',
			'Capacity:      ',
			'Access Modes:  ',
			'VolumeMode:    Block',
			'Events:',
			'  Type     Reason                Age                  From                                   Message',
			'  ----     ------                ----                 ----                                   -------',
			'  Warning  ProvisioningFailed    26s (x4 over 106s)   rancher.io/local-path_local-path-1_7e  failed to provision volume with StorageClass "local-path": rancher.io/local-path does not support block volume provisioning',
			'',
		].join('\n')
		expect(rootsOf(await judged({ 'claim.txt': text }))).toEqual(['pvc-pending'])
	})
})

describe("a terminal's text with several commands", () => {
	const screen = [
		'admin@n1:~$ sudo k3s kubectl get nodes',
		'NAME   STATUS   ROLES                  AGE   VERSION',
		'n1     Ready    control-plane,master   80d   v1.30.4+k3s1',
		'admin@n1:~$ kubectl get pods -n shop',
		'NAME                READY   STATUS                       RESTARTS   AGE',
		'web-7c9bd-x1b2c     0/1     CreateContainerConfigError   0          9m',
		'admin@n1:~$ kubectl describe pod web-7c9bd-x1b2c -n shop',
		described(
			'web-7c9bd-x1b2c',
			['  Warning  Failed   15s (x9 over 3m)     kubelet  Error: secret "db-pass" not found'],
			waits('web:1', 'CreateContainerConfigError'),
		).replace('w2/10.0.0.4', 'n1/10.0.0.4'),
		'[root@n1 ~]# df -h',
		'Filesystem      Size  Used Avail Use% Mounted on',
		'/dev/sda1        40G   40G   20K 100% /',
		'',
	].join('\n')

	it('is taken answer by answer', async () => {
		const examination = await judged({ 'screen.txt': screen })
		expect(rootsOf(examination).sort()).toEqual(['disk-full', 'pod-config-missing'])
		expect(examination.report.notes.join('\n')).toContain('Loose files: 4 of 4 were recognised')
		expect(examination.evidence.cluster?.nodes?.map(({ name }) => name)).toEqual(['n1'])
	})

	it('is so as well where it is all that there is, with a log in it', async () => {
		const log = often('k3s', 'level=info msg="nothing"').replaceAll('w1', 'n1')
		const bytes = Buffer.from(`${screen}admin@n1:~$ journalctl -u k3s\n${log}`)
		const examination = judge(await openBundle('screen.txt', { bytes }))
		expect(rootsOf(examination).sort()).toEqual(['disk-full', 'pod-config-missing'])
		expect(examination.evidence.journal?.lines).toBe(6)
	})

	it('is no manifest with a comment', async () => {
		const manifest = '# kubectl apply -f this\nkind: ConfigMap\nmetadata:\n  name: a\n'
		const { report } = await judged({ 'a.yaml': manifest, 'screen.txt': screen })
		expect(report.notes.join('\n')).toContain('Not recognised: a.yaml')
	})
})

describe('tables', () => {
	it('of pods without a column for the node', async () => {
		const pods = [
			'NAMESPACE     NAME                         READY   STATUS             RESTARTS         AGE',
			'kube-system   coredns-97b598894-8c5gh      1/1     Running            0                60d',
			'kube-system   helm-install-traefik-h5gjd   0/1     CrashLoopBackOff   612 (2m ago)     2d',
			'shop          web-5b7f9-x2x4z              0/1     CrashLoopBackOff   164 (2m19s ago)  6h',
			'',
		].join('\n')
		expect(rootsOf(await judged({ 'pods.txt': pods })).sort()).toEqual(['helm-job-failed', 'pod-crashloop'])
	})

	it('of pods are no younger for some lines of a log beside them', async () => {
		const pods = [
			'NAMESPACE     NAME                         READY   STATUS             RESTARTS         AGE',
			'shop          web-5b7f9-x2x4z              0/1     CrashLoopBackOff   164 (2m19s ago)  6h',
			'',
		].join('\n')
		const log = often(
			'k3s',
			'E1020 00:12:10.919124   1654 pod_workers.go:1301] "Error syncing pod, skipping"',
		)
		const nodes = [
			'NAME   STATUS   ROLES                  AGE   VERSION',
			'w1     Ready    control-plane,master   80d   v1.30.4+k3s1',
			'',
		].join('\n')
		const files = { 'nodes.txt': nodes, 'pods.txt': pods, 'log.txt': log }
		expect(rootsOf(await judged(files))).toEqual(['pod-crashloop'])
	})

	it('of healthy pods raise no alarm', async () => {
		const pods = [
			'NAMESPACE     NAME                               READY   STATUS      RESTARTS      AGE',
			'kube-system   coredns-97b598894-8c5gh            1/1     Running     0             60d',
			'kube-system   helm-install-traefik-crd-8hgnr     0/1     Completed   0             60d',
			'kube-system   local-path-provisioner-5ff-bbq6r   1/1     Running     3 (20d ago)   60d',
			'shop          web-5b7f9-x2x4z                    1/1     Running     1 (20d ago)   50d',
			'',
		].join('\n')
		expect(causesOf(await judged({ 'pods.txt': pods }))).toEqual({})
	})
})

describe('some lines out of the middle of a log', () => {
	it.each([
		[
			'konnectivity-tunnel-down',
			'time="2025-10-20T00:12:10Z" level=error msg="Remotedialer proxy error; reconnecting..." error="read tcp 172.16.151.143:37362->172.16.151.168:6443: i/o timeout" url="wss://172.16.151.168:6443/v1-k3s/connect"',
		],
		[
			'konnectivity-tunnel-down',
			'time="2025-10-20T00:12:10Z" level=error msg="Sending HTTP 502 response to 127.0.0.1:39310: failed to find Session for client node06"',
		],
		[
			'pod-stuck-terminating',
			'E1020 00:12:10.919124   11533 nestedpendingoperations.go:348] Operation for "{volumeName:x}" failed. Error: UnmountVolume.TearDown failed for volume "kube-api-access-b6pqn" (UniqueName: "x") pod "x" (UID: "x") : unlinkat /var/lib/kubelet/pods/x/volumes/kubernetes.io~projected/kube-api-access-b6pqn: device or resource busy',
		],
	])('%s: k3s is up, and it is not known as what', async (cause, text) => {
		const examination = await judged({ 'log.txt': often('k3s', text) })
		expect(rootsOf(examination)).toEqual([cause])
		expect(examination.report.node.role).toBe('unknown')
		expect(examination.evidence.service?.state).toBe('running')
	})

	it('in which the server does not answer say nothing against its authority', async () => {
		const text =
			'time="2022-09-30T06:06:38Z" level=info msg="Waiting to retrieve agent configuration; server is not ready: CA cert validation failed: Get \\"https://127.0.0.1:6444/cacerts\\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"'
		const causes = causesOf(await judged({ 'log.txt': often('k3s', text) }))
		expect(Object.keys(causes)).toContain('api-unreachable')
		expect(Object.keys(causes)).not.toContain('ca-mismatch')
	})

	it('of an older year and another zone do not put the clock in doubt', async () => {
		const at = [5, 6].map(
			minute =>
				`Feb 20 21:0${minute}:26 box k3s[218]: time="2025-02-20T21:0${minute}:26+01:00" level=fatal msg="starting kubernetes: something new happened"\n`,
		)
		const ends =
			'Feb 20 21:06:27 box systemd[1]: k3s.service: Main process exited, code=exited, status=1/FAILURE\n'
		const examination = await judged({ 'log.txt': `${at.join('')}${ends}` })
		expect(causesOf(examination)).toEqual({ 'unknown-fatal': 'likely' })
		expect(new Date(examination.evidence.journal?.lastAt ?? 0).toISOString()).toBe('2025-02-20T20:06:27.000Z')
	})

	it('of containerd, whatever the file is called', async () => {
		const line =
			'time="2021-03-04T18:19:27.245884248Z" level=error msg="PullImage \\"registry.lan/shop/web:1\\" failed" error="failed to pull and unpack image \\"registry.lan/shop/web:1\\": failed to resolve reference \\"registry.lan/shop/web:1\\": failed to do request: Head \\"https://registry.lan/v2/shop/web/manifests/1\\": read tcp 10.1.1.5:43958->10.1.1.9:443: read: connection reset by peer"\n'
		expect(rootsOf(await judged({ 'out.txt': line }))).toEqual(['registry-unreachable'])
	})

	it('in which a packet filter tells that it throws away what pods send', async () => {
		const rejected = [1, 2]
			.map(
				number =>
					`[ 512${number}.100000] filter_FWD_public_REJECT: IN=flannel.1 OUT=cni0 MAC=56:91 SRC=10.42.1.0 DST=10.42.0.2 LEN=69 TOS=0x00 PREC=0x00 TTL=62 ID=${number} PROTO=UDP SPT=48211 DPT=53 LEN=49\n`,
			)
			.join('')
		const strangers = rejected
			.replaceAll('IN=flannel.1 OUT=cni0', 'IN=eth0 OUT=')
			.replaceAll('DPT=53', 'DPT=6443')
		expect(rootsOf(await judged({ 'dmesg.txt': rejected }))).toEqual(['firewall-blocks'])
		expect(causesOf(await judged({ 'dmesg.txt': strangers }))).toEqual({})
	})

	it('in which SELinux tells what it refused to containers, as auditd keeps it', async () => {
		const denied = [690, 699]
			.map(
				second =>
					`type=AVC msg=audit(1590840${second}.471:714): avc:  denied  { create } for  pid=17975 comm="mkdir" name="pvc-1" scontext=system_u:system_r:container_t:s0:c228,c866 tcontext=system_u:object_r:container_var_lib_t:s0 tclass=dir permissive=0\n`,
			)
			.join('')
		expect(rootsOf(await judged({ 'audit.log': denied }))).toEqual(['selinux-denied'])
	})

	it('in which the kernel tells of the disk of which df tells the name', async () => {
		const said = ['1198032', '8999208']
			.map(
				(sector, index) =>
					`[80000.20000${index}] blk_update_request: I/O error, dev sda, sector ${sector} op 0x0:(READ) flags 0x80700\n`,
			)
			.join('')
		const df = (device: string) =>
			`Filesystem     1K-blocks     Used Available Use% Mounted on\n/dev/${device}       41151808 20651808  18391808  53% /\n`
		expect(rootsOf(await judged({ dmesg: said, 'df.txt': df('sda1') }))).toEqual(['disk-readonly'])
		expect(rootsOf(await judged({ dmesg: said, 'df.txt': df('sdb1') }))).toEqual([])
	})

	it('in which only the cgroup file system of a container is read-only, and no disk', async () => {
		const text =
			'Feb 20 21:08:26 box k3s[218]: time="2026-02-20T21:08:26Z" level=fatal msg="Error: failed to evacuate root cgroup: mkdir /sys/fs/cgroup/init: read-only file system"\n'
		const ends =
			'Feb 20 21:08:26 box systemd[1]: k3s.service: Main process exited, code=exited, status=1/FAILURE\n'
		expect(Object.keys(causesOf(await judged({ 'log.txt': text + ends })))).not.toContain('disk-readonly')
	})
})
