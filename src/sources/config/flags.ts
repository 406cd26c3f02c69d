/** What k3s knows of its flags (pkg/cli/cmds): short names, which are switches, which may be given many times. */

const shortNames: ReadonlyMap<string, string> = new Map([
	['c', 'config'],
	['d', 'data-dir'],
	['t', 'token'],
	['s', 'server'],
	['i', 'node-ip'],
	['o', 'write-kubeconfig'],
	['l', 'log'],
	// Older and shorter names that are still taken.
	['kube-controller-arg', 'kube-controller-manager-arg'],
	['kube-cloud-controller-arg', 'kube-cloud-controller-manager-arg'],
])

/** The long name of a flag or of a key of config.yaml. */
export function longName(name: string): string {
	return shortNames.get(name) ?? name
}

/** On the command line these take no value but `=true` or `=false`. */
const switches = new Set([
	'alsologtostderr',
	'cluster-init',
	'cluster-reset',
	'debug',
	'disable-agent',
	'disable-apiserver',
	'disable-cloud-controller',
	'disable-controller-manager',
	'disable-default-registry-endpoint',
	'disable-etcd',
	'disable-helm-controller',
	'disable-kube-proxy',
	'disable-network-policy',
	'disable-scheduler',
	'docker',
	'embedded-registry',
	'enable-pprof',
	'etcd-disable-snapshots',
	'etcd-expose-metrics',
	'etcd-s3',
	'etcd-s3-insecure',
	'etcd-s3-skip-ssl-verify',
	'etcd-snapshot-compress',
	'flannel-external-ip',
	'flannel-ipv6-masq',
	'nonroot-devices',
	'prefer-bundled-bin',
	'protect-kernel-defaults',
	'rootless',
	'secrets-encryption',
	'selinux',
	'supervisor-metrics',
	'tls-san-security',
	'with-node-id',
])

export function isSwitch(flag: string): boolean {
	return switches.has(flag)
}

const lists = new Set([
	'airgap-extra-registry',
	'cluster-cidr',
	'cluster-dns',
	'disable',
	'etcd-arg',
	'kube-apiserver-arg',
	'kube-cloud-controller-manager-arg',
	'kube-controller-manager-arg',
	'kube-proxy-arg',
	'kube-scheduler-arg',
	'kubelet-arg',
	'node-external-dns',
	'node-external-ip',
	'node-internal-dns',
	'node-ip',
	'node-label',
	'node-taint',
	'service-cidr',
	'tls-san',
])

/** Given twice, both values count; of any other flag the last one. */
export function isList(flag: string): boolean {
	return lists.has(flag)
}

/** Environment variable -> flag. */
export const variables: ReadonlyMap<string, string> = new Map([
	['K3S_URL', 'server'],
	['K3S_TOKEN', 'token'],
	['K3S_TOKEN_FILE', 'token-file'],
	['K3S_AGENT_TOKEN', 'agent-token'],
	['K3S_AGENT_TOKEN_FILE', 'agent-token-file'],
	['K3S_CLUSTER_SECRET', 'cluster-secret'],
	['K3S_CLUSTER_INIT', 'cluster-init'],
	['K3S_CLUSTER_RESET', 'cluster-reset'],
	['K3S_CONFIG_FILE', 'config'],
	['K3S_DATA_DIR', 'data-dir'],
	['K3S_DATASTORE_ENDPOINT', 'datastore-endpoint'],
	['K3S_DATASTORE_CAFILE', 'datastore-cafile'],
	['K3S_DATASTORE_CERTFILE', 'datastore-certfile'],
	['K3S_DATASTORE_KEYFILE', 'datastore-keyfile'],
	['K3S_DEBUG', 'debug'],
	['K3S_KUBECONFIG_OUTPUT', 'write-kubeconfig'],
	['K3S_KUBECONFIG_MODE', 'write-kubeconfig-mode'],
	['K3S_KUBECONFIG_GROUP', 'write-kubeconfig-group'],
	['K3S_LB_SERVER_PORT', 'lb-server-port'],
	['K3S_NODE_NAME', 'node-name'],
	['K3S_RESOLV_CONF', 'resolv-conf'],
	['K3S_SELINUX', 'selinux'],
	['K3S_VPN_AUTH', 'vpn-auth'],
	['K3S_VPN_AUTH_FILE', 'vpn-auth-file'],
	['AWS_ACCESS_KEY_ID', 'etcd-s3-access-key'],
	['AWS_SECRET_ACCESS_KEY', 'etcd-s3-secret-key'],
	['AWS_SESSION_TOKEN', 'etcd-s3-session-token'],
])
