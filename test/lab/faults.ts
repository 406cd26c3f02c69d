/**
 * Faults to inject into a healthy scratch node, each with what shows that it is mended: a shell test that fails while
 * the fault is there, and holds when the remedy has done its work.
 */
import type { CauseId } from '../../src/model/causes.js'

export interface Fault {
	cause: CauseId
	/** Shell commands inside the node; k3s may fail to start. */
	inject: string
	/** k3s fails (`hangs`: never gets ready; `goesOn`: runs all the same), saying what the recording's newest start said, while `when` holds. */
	fails?: { when: string; recording?: string; says?: string[]; exit?: number; hangs?: true; goesOn?: true }
	/** Number of the remedy; default 1. */
	remedy?: number
	mended: string
	/** What a person does, by shell commands inside the node, where the remedy tells so. */
	person?: string
	/** A restart or a command that nothing takes back. */
	noUndo?: true
}

const config = '/etc/rancher/k3s/config.yaml'
const data = '/var/lib/rancher/k3s'
const running = 'systemctl is-active -q k3s'
const restart = 'systemctl restart k3s'
const dropIn = (name: string, text: string) =>
	`mkdir -p /etc/systemd/system/k3s.service.d; printf '${text}' > /etc/systemd/system/k3s.service.d/${name}; systemctl daemon-reload`
const append = (text: string) => `printf '${text}' >> ${config}`

export const faults: readonly Fault[] = [
	{ cause: 'service-stopped', inject: 'systemctl stop k3s', mended: running },
	{
		cause: 'service-disabled',
		inject: 'systemctl disable --now k3s',
		mended: `${running} && systemctl is-enabled -q k3s`,
	},
	{
		cause: 'service-killed',
		inject: `${dropIn('10-no-restart.conf', '[Service]\\nRestart=no\\n')}; systemctl kill -s KILL k3s`,
		mended: running,
	},
	{
		cause: 'service-start-timeout',
		inject: `${dropIn('10-limit.conf', '[Service]\\nTimeoutStartSec=1\\n')}; ${restart}`,
		fails: {
			when: 'systemctl show -p TimeoutStartUSec --value k3s | grep -q 1s',
			recording: 'healthy-server-starting',
			hangs: true,
		},
		mended: running,
	},
	{
		cause: 'unit-file-invalid',
		inject: `systemctl stop k3s; ${dropIn('10-edge.conf', '[Service]\\nExecStart=/usr/local/bin/k3s server --node-label edge=1\\n')}; ${restart}`,
		mended: `${running} && grep -qx ExecStart= /etc/systemd/system/k3s.service.d/10-edge.conf`,
	},
	{ cause: 'binary-noexec', inject: `chmod 644 /usr/local/bin/k3s; ${restart}`, mended: running },
	{
		cause: 'server-and-agent-both',
		inject: `sed 's/ server / agent /; s/^    server/    agent/' /etc/systemd/system/k3s.service > /etc/systemd/system/k3s-agent.service
			systemctl daemon-reload; systemctl enable k3s-agent; systemctl start --no-block k3s-agent`,
		mended: '! systemctl is-active -q k3s-agent && ! systemctl is-enabled -q k3s-agent',
	},
	{
		cause: 'config-invalid-yaml',
		inject: `${append('tls-san:\\n\\t- a.example.org\\n')}; ${restart}`,
		fails: { when: `grep -qP '^\\t' ${config}`, recording: 'config-tab' },
		mended: running,
	},
	{
		cause: 'config-unknown-flag',
		inject: `${append('cloud-controller-arg: [a=b]\\nprotect-kernel: true # of another distribution\\n')}; ${restart}`,
		fails: {
			when: `grep -q ^protect-kernel: ${config}`,
			says: ['time="" level=fatal msg="flag provided but not defined: -protect-kernel"'],
			exit: 1,
		},
		mended: running,
	},
	{
		cause: 'config-bad-value',
		inject: `${append('service-cidr: 10.43.0.0/99\\n')}; ${restart}`,
		fails: { when: `grep -q 'service-cidr: 10.43.0.0/99' ${config}`, recording: 'config-bad-cidr' },
		remedy: 2,
		mended: running,
	},
	{
		cause: 'config-bad-value',
		inject: `${append('service-cidr: 10.43.0.0/99\\n')}; ${restart}`,
		fails: { when: `grep -q 'service-cidr: 10.43.0.0/99' ${config}`, recording: 'config-bad-cidr' },
		person: `sed -i 's#10.43.0.0/99#10.43.0.0/16#' ${config}; systemctl reset-failed k3s; ${restart}`,
		mended: running,
		noUndo: true,
	},
	{
		cause: 'component-arg-invalid',
		inject: `${append('kubelet-arg:\\n  - max-pods=100\\n  - eviction-hrad=memory.available<200Mi\\n')}; ${restart}`,
		fails: { when: `grep -q eviction-hrad ${config}`, recording: 'kubelet-arg-unknown' },
		mended: `${running} && grep -q max-pods=100 ${config}`,
	},
	{
		cause: 'nofile-limit',
		inject: `${dropIn('10-limits.conf', '[Service]\\nLimitNOFILE=64\\n')}; ${restart}`,
		fails: { when: '[ "$(ulimit -n)" -le 64 ]', recording: 'nofile-limit' },
		mended: running,
	},
	{
		cause: 'cgroup-v1-unsupported',
		inject: `rm ${data}/agent/etc/kubelet.conf.d/10-cgroup-v1.conf; ${restart}`,
		fails: {
			when: `! grep -rqi 'failCgroupV1. *false' ${data}/agent/etc/kubelet.conf.d`,
			recording: 'cgroup-v1',
		},
		remedy: 2,
		mended: running,
	},
	{
		cause: 'containerd-config-invalid',
		inject: `printf '{{ .Nonsense }}' > ${data}/agent/etc/containerd/config-v3.toml.tmpl; ${restart}`,
		fails: {
			when: `[ -e ${data}/agent/etc/containerd/config-v3.toml.tmpl ]`,
			recording: 'containerd-template-bad-go',
		},
		mended: running,
	},
	{
		cause: 'containerd-state-corrupt',
		inject: `mkdir -p ${data}/agent/containerd/io.containerd.metadata.v1.bolt; : > ${data}/agent/containerd/io.containerd.metadata.v1.bolt/meta.db; ${restart}`,
		fails: {
			when: `f=${data}/agent/containerd/io.containerd.metadata.v1.bolt/meta.db; [ -e $f ] && ! [ -s $f ]`,
			says: [
				'time="" level=info msg="Starting k3s v1.36.2+k3s1 (af977adf)"',
				'time="" level=fatal msg="Failed to start: containerd exited: exit status 1"',
			],
			exit: 1,
		},
		mended: running,
	},
	{
		cause: 'registries-yaml-invalid',
		inject: `printf 'mirrors:\\n  docker.io:\\n endpoint: [\\n' > /etc/rancher/k3s/registries.yaml; ${restart}`,
		fails: { when: '[ -e /etc/rancher/k3s/registries.yaml ]', recording: 'registries-broken' },
		remedy: 2,
		mended: running,
	},
	{
		cause: 'token-bootstrap-mismatch',
		inject: `touch -d '+1 minute' ${data}/server/tls/server-ca.crt ${data}/server/tls/server-ca.key; ${restart}`,
		fails: {
			when: `[ ${data}/server/tls/server-ca.crt -nt ${data}/server/db/state.db ]`,
			recording: 'tls-restored-newer',
		},
		mended: running,
	},
	{
		cause: 'cert-expired',
		inject: `echo 0 > /opt/lab/days; rm ${data}/server/tls/client-controller.crt ${data}/server/tls/client-scheduler.crt; ${restart}; rm /opt/lab/days`,
		mended: `openssl x509 -checkend 86400 -noout -in ${data}/server/tls/client-scheduler.crt`,
		noUndo: true,
	},
	{
		cause: 'cert-expiring',
		inject: `echo 20 > /opt/lab/days; rm ${data}/server/tls/client-controller.crt; ${restart}; rm /opt/lab/days`,
		mended: `openssl x509 -checkend 8640000 -noout -in ${data}/server/tls/client-controller.crt`,
		noUndo: true,
	},
	{
		cause: 'egress-broken',
		inject: 'sysctl -qw net.ipv4.ip_forward=0',
		mended: '[ "$(cat /proc/sys/net/ipv4/ip_forward)" = 1 ] && [ -e /etc/sysctl.d/90-k3s-forward.conf ]',
	},
	{
		cause: 'port-in-use',
		inject: `systemctl stop k3s
			printf '[Service]\\nExecStart=/usr/bin/nc -lk 0.0.0.0 10250\\n[Install]\\nWantedBy=multi-user.target\\n' > /etc/systemd/system/kubelet.service
			systemctl daemon-reload; systemctl enable --now kubelet; ${restart}`,
		fails: {
			when: 'ss -ltn | grep -q :10250',
			says: [
				'time="" level=info msg="Starting k3s v1.36.2+k3s1 (af977adf)"',
				'time="" level=error msg="Shutdown request received: \\"kubelet exited: failed to create listener: listen tcp 0.0.0.0:10250: bind: address already in use\\""',
			],
			exit: 1,
		},
		mended: `${running} && ! systemctl is-active -q kubelet`,
	},
	{
		cause: 'node-cordoned',
		inject: 'k3s kubectl cordon s1',
		mended: '! grep -q \'"unschedulable":true\' /var/lib/lab/api/nodes.json',
	},
	{
		cause: 'node-tainted',
		inject: 'k3s kubectl taint node s1 maintenance=planned:NoSchedule',
		mended: '! grep -q maintenance /var/lib/lab/api/nodes.json',
	},
	{
		cause: 'coredns-down',
		inject: 'k3s kubectl -n kube-system scale deployment/coredns --replicas=0',
		mended: `! grep -q '"replicas":0' /var/lib/lab/api/deployments.json`,
	},
	{
		cause: 'datastore-type-changed',
		inject: `${append('datastore-endpoint: postgres://k3s:secret@10.98.0.9:5432/k3s\\n')}; ${restart}`,
		fails: {
			when: `grep -q datastore-endpoint ${config}`,
			says: [
				'time="" level=info msg="Starting k3s v1.36.2+k3s1 (af977adf)"',
				'time="" level=fatal msg="Error: preparing server: failed to get bootstrap data: dial tcp 10.98.0.9:5432: connect: no route to host"',
			],
			exit: 1,
		},
		mended: running,
	},
	{
		cause: 'etcd-restore-incomplete',
		inject: `${append('cluster-reset: true\\n')}; ${restart}`,
		fails: {
			when: `grep -q ^cluster-reset: ${config}`,
			says: [
				'time="" level=info msg="Starting k3s v1.36.2+k3s1 (af977adf)"',
				'time="" level=info msg="Managed etcd cluster membership has been reset, restart without --cluster-reset flag now. Backup and delete the database on each peer etcd server and rejoin the nodes"',
			],
			exit: 0,
		},
		mended: running,
	},
	{
		cause: 'dns-loop',
		inject: `printf 'nameserver 10.43.0.10\\n' > /etc/k3s-resolv.conf; ${append('resolv-conf: /etc/k3s-resolv.conf\\n')}; ${restart}`,
		mended: `! grep -q 10.43.0.10 "$(sed -n 's/^resolv-conf: //p' ${config})"`,
	},
	{
		cause: 'cert-key-mismatch',
		inject: `: > ${data}/server/tls/client-scheduler.key; ${restart}`,
		fails: {
			when: `[ -e ${data}/server/tls/client-scheduler.key ] && ! [ -s ${data}/server/tls/client-scheduler.key ]`,
			says: [
				`time="" level=fatal msg="Error: preparing server: failed to prepare server dependencies: error loading key from ${data}/server/tls/client-scheduler.key: data does not contain a valid RSA or ECDSA private key"`,
			],
			exit: 1,
		},
		mended: `${running} && [ -s ${data}/server/tls/client-scheduler.key ]`,
	},
	{
		cause: 'runtime-binary-missing',
		inject: `${restart}; rm ${data}/data/current/bin/runc`,
		mended: `[ -s ${data}/data/current/bin/runc ]`,
	},
]
