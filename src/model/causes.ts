/**
 * The taxonomy: every root cause that k3s-doctor can name, with its area and one sentence of meaning.
 * Rules prove causes by these ids; the ids are part of the JSON contract and never change their meaning.
 */
export const causes = {
	'k3s-not-installed': { area: 'service', means: 'no k3s binary, unit or data directory on this host' },
	'service-stopped': {
		area: 'service',
		means:
			'the k3s/k3s-agent unit is inactive though nothing failed: somebody stopped it, or it was never started',
	},
	'service-disabled': {
		area: 'service',
		means: 'the unit is not enabled, so k3s does not come back after a reboot',
	},
	'service-killed': {
		area: 'service',
		means: 'the k3s process was killed from outside (signal, watchdog), not by a fault of its own',
	},
	'service-start-timeout': {
		area: 'service',
		means: 'systemd gave up waiting for READY although k3s was still making progress',
	},
	'binary-wrong-arch': {
		area: 'service',
		means:
			'the k3s binary does not run on this CPU or is truncated/corrupt (exec format error, segfault on start)',
	},
	'binary-noexec': {
		area: 'service',
		means: 'the k3s data or binary path is on a filesystem mounted noexec, or lacks the execute bit',
	},
	'selinux-denied': {
		area: 'service',
		means: 'SELinux blocks k3s or its containers (k3s-selinux policy missing or wrong)',
	},
	'unit-file-invalid': {
		area: 'service',
		means:
			'systemd refuses the k3s unit or its drop-in (bad setting, wrong ExecStart), so k3s logs nothing at all',
	},
	'apparmor-denied': {
		area: 'service',
		means: 'AppArmor blocks containers (parser missing, profile denied)',
	},
	'server-and-agent-both': {
		area: 'service',
		means:
			'server and agent (or two k3s/k8s distributions, or leftovers of one) run on the same host and fight',
	},
	'config-invalid-yaml': {
		area: 'config',
		means: '/etc/rancher/k3s/config.yaml (or a config.yaml.d file) does not parse',
	},
	'config-unreadable': {
		area: 'config',
		means: 'config.yaml or another needed config file exists but cannot be read by the user that runs k3s',
	},
	'config-unknown-flag': {
		area: 'config',
		means: 'a flag or config key that this k3s version does not know, or that was removed',
	},
	'config-bad-value': {
		area: 'config',
		means: 'a flag or config key has a value that k3s or an embedded component rejects',
	},
	'config-conflicting-flags': { area: 'config', means: 'options that exclude each other are set together' },
	'config-mismatch-servers': {
		area: 'config',
		means: 'critical configuration values differ between servers of one cluster',
	},
	'component-arg-invalid': {
		area: 'config',
		means:
			'kubelet-arg / kube-apiserver-arg / other pass-through argument is unknown to or rejected by the component',
	},
	'proxy-misconfigured': {
		area: 'config',
		means: 'HTTP(S)_PROXY/NO_PROXY sends cluster-internal traffic through a proxy, or blocks egress',
	},
	'cgroup-memory-missing': {
		area: 'host',
		means: 'the memory cgroup controller is off (Raspberry Pi cmdline.txt and the like)',
	},
	'cgroup-v1-unsupported': {
		area: 'host',
		means: 'the host still boots cgroup v1 and this kubelet refuses it',
	},
	'cgroup-driver-mismatch': {
		area: 'host',
		means: 'cgroup driver or cgroup delegation is wrong (nested containers, rootless, docker driver)',
	},
	'kernel-module-missing': {
		area: 'host',
		means:
			'a required kernel module cannot be loaded (br_netfilter, overlay, vxlan, nf_conntrack, ip_tables ...)',
	},
	'kernel-incompatible': {
		area: 'host',
		means: 'kernel too old, or built without a feature k3s needs; container host without needed privileges',
	},
	'iptables-incompatible': {
		area: 'host',
		means: 'iptables missing, buggy version, or nft/legacy mix that breaks kube-proxy, flannel or netpol',
	},
	'inotify-limit': { area: 'host', means: 'fs.inotify max_user_instances/max_user_watches exhausted' },
	'nofile-limit': {
		area: 'host',
		means: 'open-file limit exhausted (EMFILE/ENFILE) for reasons other than inotify',
	},
	'disk-full': { area: 'host', means: 'no space left on a filesystem that k3s writes to' },
	'disk-pressure': {
		area: 'host',
		means: 'kubelet DiskPressure: image GC and eviction because of a threshold, before the disk is full',
	},
	'inodes-exhausted': { area: 'host', means: 'no free inodes' },
	'disk-readonly': { area: 'host', means: 'filesystem went read-only or has I/O errors' },
	'disk-slow': {
		area: 'host',
		means:
			'storage latency too high for the datastore: slow fsync, leader election lost, apply took too long',
	},
	'memory-pressure': {
		area: 'host',
		means:
			'kubelet MemoryPressure or host memory exhausted; kernel OOM killer hits k3s or pods at host level',
	},
	'pid-pressure': { area: 'host', means: 'PIDs or threads exhausted' },
	'cpu-starved': { area: 'host', means: 'host CPU so loaded that leases, probes or start-up time out' },
	'swap-on': { area: 'host', means: 'swap is on and the kubelet refuses or misbehaves' },
	'clock-skew': {
		area: 'host',
		means:
			'system time wrong or unsynchronised: certificates not yet valid, etcd clock difference, lease trouble',
	},
	'hostname-duplicate': { area: 'host', means: 'two nodes join with the same hostname' },
	'hostname-invalid': {
		area: 'host',
		means: 'hostname is not a valid node name, is localhost, or cannot be resolved',
	},
	'hostname-changed': {
		area: 'host',
		means: 'hostname changed since install, so the node registers anew or etcd/local PVs no longer match',
	},
	'no-default-route': {
		area: 'host',
		means: 'no default route or no usable interface, so k3s cannot pick a node address',
	},
	'node-ip-changed': {
		area: 'host',
		means:
			"the host's address changed since install (DHCP, new NIC): etcd member, certificates or flannel still use the old one",
	},
	'filesystem-unsupported': {
		area: 'host',
		means:
			"overlayfs/fuse-overlayfs cannot be used on the data directory's filesystem (zfs, nfs, ecryptfs, nested overlay)",
	},
	'data-dir-problem': {
		area: 'host',
		means:
			'data directory missing, moved, wrong permissions, broken symlink, lost or read by the wrong version',
	},
	'port-in-use': {
		area: 'network',
		means: 'another process holds a port k3s needs (6443, 6444, 10250, 2379, 2380, 10248-10259 ...)',
	},
	'api-unreachable': {
		area: 'network',
		means:
			"this agent/joining server cannot reach the server's supervisor/API port: refused, timed out, no route",
	},
	'server-url-wrong': {
		area: 'network',
		means: 'K3S_URL/--server or kubeconfig points to the wrong host, port or scheme',
	},
	'firewall-blocks': {
		area: 'network',
		means: 'firewalld/ufw/iptables/nftables/security group on a host drops cluster traffic',
	},
	'nm-cloud-setup': {
		area: 'network',
		means:
			"NetworkManager's nm-cloud-setup (or NetworkManager managing CNI interfaces) breaks pod networking",
	},
	'vxlan-blocked': {
		area: 'network',
		means:
			'VXLAN 8472/udp (or WireGuard 51820/51821 udp) is dropped between nodes, pods on different nodes cannot talk',
	},
	'vxlan-checksum': {
		area: 'network',
		means: 'checksum-offload bug on the vxlan device corrupts cross-node traffic',
	},
	'flannel-iface-wrong': {
		area: 'network',
		means: 'flannel or the node picked the wrong interface/address (several NICs, VPN, Vagrant NAT)',
	},
	'flannel-start-failed': {
		area: 'network',
		means: 'flannel does not start: no podCIDR, subnet.env missing, backend/wireguard unavailable',
	},
	'cidr-conflict': {
		area: 'network',
		means: 'pod or service CIDR overlaps the host/LAN, changed after install, or is exhausted',
	},
	'dual-stack-misconfig': {
		area: 'network',
		means: 'IPv6/dual-stack set up wrongly (missing address, wrong order, IPv6 disabled)',
	},
	'cni-not-ready': {
		area: 'network',
		means:
			'CNI config or plugin binary missing (flannel disabled and no other CNI, deleted /etc/cni, custom CNI broken)',
	},
	'kube-proxy-failed': {
		area: 'network',
		means: 'kube-proxy cannot run or sync (ipvs modules, nftables, conntrack sysctl, strictARP)',
	},
	'netpol-blocks': {
		area: 'network',
		means: 'network policy controller fails, or a NetworkPolicy drops the traffic',
	},
	'mtu-mismatch': {
		area: 'network',
		means: 'MTU too large for the underlay: small packets pass, large ones hang',
	},
	'egress-broken': {
		area: 'network',
		means: 'the node or its pods have no working route/NAT to the outside',
	},
	'konnectivity-tunnel-down': {
		area: 'network',
		means:
			"the agent's websocket tunnel to a server is down: logs/exec/metrics fail with 502/dial errors, 10250 unreachable",
	},
	'dns-upstream-broken': { area: 'dns', means: "the host's or CoreDNS's upstream resolver does not answer" },
	'dns-loop': { area: 'dns', means: 'CoreDNS forwards to itself (127.0.0.53 / loopback in resolv.conf)' },
	'dns-search-domain': {
		area: 'dns',
		means: 'resolv.conf search domain/ndots/wildcard DNS makes names resolve wrongly inside pods',
	},
	'coredns-down': { area: 'dns', means: 'CoreDNS is not running or not ready for a reason of its own' },
	'host-dns-broken': {
		area: 'dns',
		means: 'the host itself cannot resolve the server, registry or datastore name',
	},
	'cert-expired': { area: 'certs', means: 'a k3s leaf certificate (server or client) has expired' },
	'cert-expiring': { area: 'certs', means: 'a k3s certificate expires soon and has not been rotated' },
	'ca-expired': { area: 'certs', means: 'a cluster CA certificate has expired' },
	'ca-mismatch': {
		area: 'certs',
		means:
			'this node trusts another CA than the server presents (server rebuilt, wrong CA hash in token, CA changed, mixed TLS files)',
	},
	'cert-san-missing': {
		area: 'certs',
		means: "the address used is not in the certificate's SANs (tls-san missing)",
	},
	'cert-key-mismatch': {
		area: 'certs',
		means: 'certificate and key files do not belong together, are empty or unreadable',
	},
	'kubeconfig-stale': {
		area: 'certs',
		means: 'a copied kubeconfig carries an old client certificate, CA or address',
	},
	'kubeconfig-permission': {
		area: 'certs',
		means: 'kubeconfig not readable by this user, or KUBECONFIG not set so clients try localhost:8080',
	},
	'token-wrong': {
		area: 'auth',
		means: 'the join token is wrong, malformed, expired, or of another cluster',
	},
	'join-non-ha-server': {
		area: 'auth',
		means:
			'a server tries to join one whose datastore (SQLite) takes no further servers; looks like a wrong token',
	},
	'token-bootstrap-mismatch': {
		area: 'auth',
		means: 'bootstrap data in the datastore is encrypted with another token, or newer than on disk',
	},
	'node-password-rejected': {
		area: 'auth',
		means: 'node password does not match the one stored on the server (re-installed or cloned host)',
	},
	'rbac-denied': {
		area: 'auth',
		means: 'requests fail because of missing RBAC rights or a disabled/changed admin identity',
	},
	'sqlite-corrupt': { area: 'datastore', means: 'SQLite database malformed or unreadable' },
	'sqlite-slow': {
		area: 'datastore',
		means: 'SQLite/kine locked, bloated or too slow (compaction, Slow SQL, database is locked)',
	},
	'etcd-corrupt': { area: 'datastore', means: 'etcd WAL, snapshot or bolt database damaged' },
	'etcd-quorum-lost': { area: 'datastore', means: 'not enough etcd members are up: no leader' },
	'etcd-member-conflict': {
		area: 'datastore',
		means:
			'member list and this node disagree: removed member, duplicate name, cluster ID mismatch, stale data directory, unstarted learner',
	},
	'etcd-space-exceeded': { area: 'datastore', means: 'etcd backend quota exceeded (NOSPACE alarm)' },
	'etcd-peer-unreachable': {
		area: 'datastore',
		means: 'a peer is up but cannot be reached on 2379/2380, or peer TLS fails',
	},
	'etcd-restore-incomplete': {
		area: 'datastore',
		means: 'cluster-reset/restore was not finished or its flag is still set',
	},
	'etcd-snapshot-failed': { area: 'datastore', means: 'scheduled or S3 snapshots fail' },
	'external-db-unreachable': {
		area: 'datastore',
		means: 'external MySQL/MariaDB/PostgreSQL/etcd endpoint does not answer',
	},
	'external-db-auth': {
		area: 'datastore',
		means: 'external datastore rejects the credentials, database name or TLS settings',
	},
	'external-db-schema': {
		area: 'datastore',
		means: "external datastore rejects kine's SQL: version, privileges, charset, sql_mode, collation",
	},
	'datastore-type-changed': {
		area: 'datastore',
		means:
			'the node was started with another datastore than its data (sqlite data with cluster-init, etcd data with an external endpoint ...)',
	},
	'datastore-overloaded': {
		area: 'datastore',
		means: 'datastore reachable but too slow under load, not a disk fault',
	},
	'containerd-failed': {
		area: 'runtime',
		means: 'containerd does not start or crashes for a reason of its own',
	},
	'containerd-config-invalid': {
		area: 'runtime',
		means: 'config.toml.tmpl / containerd config template is invalid for this version',
	},
	'containerd-state-corrupt': {
		area: 'runtime',
		means:
			'containerd metadata, snapshots or content store inconsistent (missing blob, reserved name, meta.db)',
	},
	'runtime-binary-missing': {
		area: 'runtime',
		means: 'runc, shim, crun, nvidia runtime or another helper binary is missing or broken',
	},
	'runtime-create-failed': {
		area: 'runtime',
		means: 'OCI runtime cannot create containers (seccomp, cgroup, mount, sysctl, userns)',
	},
	'docker-backend-problem': {
		area: 'runtime',
		means: '--docker / cri-dockerd backend missing, incompatible or down',
	},
	'registries-yaml-invalid': {
		area: 'images',
		means: 'registries.yaml does not parse or configures a mirror wrongly',
	},
	'registry-auth-failed': { area: 'images', means: 'registry answers 401/403 or needs credentials' },
	'registry-tls-failed': {
		area: 'images',
		means: 'registry certificate not trusted, or http/https mixed up',
	},
	'registry-unreachable': { area: 'images', means: 'registry cannot be reached or times out' },
	'registry-rate-limited': { area: 'images', means: 'registry answers 429 toomanyrequests' },
	'image-not-found': {
		area: 'images',
		means: 'image name or tag does not exist, or has no manifest for this platform',
	},
	'image-wrong-arch': {
		area: 'images',
		means: 'the image has no build for this CPU, its process dies with exec format error',
	},
	'airgap-images-missing': {
		area: 'images',
		means:
			'airgapped node lacks the pause/system images: tarball missing, wrong version, wrong place or truncated',
	},
	'embedded-registry-failed': {
		area: 'images',
		means:
			'the embedded registry mirror (Spegel) does not work: port 5001/6443, p2p, not enabled in registries.yaml',
	},
	'node-cordoned': { area: 'node', means: 'node is unschedulable because somebody cordoned/drained it' },
	'node-tainted': {
		area: 'node',
		means: 'a taint keeps pods off the node (control-plane taint, cloud-provider uninitialized, custom)',
	},
	'node-not-ready': {
		area: 'node',
		means: 'kubelet is not posting status and nothing more specific was proved',
	},
	'cloud-provider-uninitialized': {
		area: 'node',
		means: 'node keeps the uninitialized taint since no cloud controller runs',
	},
	'version-skew': {
		area: 'upgrade',
		means: 'server and agent versions too far apart, or the agent newer than the server',
	},
	'downgrade-unsupported': { area: 'upgrade', means: 'an older binary is started on newer data' },
	'upgrade-incomplete': {
		area: 'upgrade',
		means: 'upgrade half done: old process still running, plan stuck, binary not restarted',
	},
	'removed-api': { area: 'upgrade', means: 'a manifest or chart uses an API that this version removed' },
	'pod-crashloop': { area: 'workload', means: "a pod's own process keeps exiting" },
	'pod-oomkilled': { area: 'workload', means: 'a container exceeds its own memory limit' },
	'pod-unschedulable': { area: 'workload', means: 'no node fits: resources, affinity, nodeSelector' },
	'pod-config-missing': {
		area: 'workload',
		means: 'ConfigMap, Secret, volume or key that a pod names is missing',
	},
	'pod-probe-failing': { area: 'workload', means: 'liveness/readiness probe keeps failing' },
	'pod-stuck-terminating': { area: 'workload', means: 'pod, namespace or finalizer cannot be deleted' },
	'pvc-pending': {
		area: 'storage',
		means: 'a claim stays pending: no StorageClass, provisioner down, access mode',
	},
	'local-path-failed': { area: 'storage', means: 'local-path provisioner or its helper pod fails' },
	'volume-mount-failed': {
		area: 'storage',
		means: 'mount fails: NFS/iSCSI/Longhorn client tools missing, multipath, node affinity',
	},
	'helm-job-failed': { area: 'addons', means: 'a HelmChart install/upgrade job fails' },
	'manifest-deploy-failed': {
		area: 'addons',
		means: 'a file in server/manifests does not parse or cannot be applied',
	},
	'traefik-down': { area: 'addons', means: 'Traefik is not running or not configured for this version' },
	'traefik-version-migration': {
		area: 'addons',
		means: 'routes stop after a Traefik major change (CRD group, matcher syntax) although the pod is healthy',
	},
	'servicelb-port-conflict': {
		area: 'addons',
		means: 'svclb pods stay pending or unreachable because the host port is taken',
	},
	'metrics-server-down': { area: 'addons', means: 'metrics API unavailable' },
	'webhook-blocks': { area: 'addons', means: 'an admission webhook that does not answer blocks API writes' },
	'apiservice-unavailable': {
		area: 'addons',
		means: 'an aggregated API is down and slows or blocks discovery and namespace deletion',
	},
} as const

export type CauseId = keyof typeof causes

export type Area = (typeof causes)[CauseId]['area']

/** True when `id` is a cause of the taxonomy. */
export function isCauseId(id: string): id is CauseId {
	return Object.hasOwn(causes, id)
}
