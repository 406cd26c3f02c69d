/** Unusual, valid configuration; certificates of something else. */
import { printedCertificate } from '../../rules/certs/certificate-text.js'
import type { HealthyFiles, Oddity } from '../node.js'
import { lists } from './parts.js'

const config = 'files/etc/rancher/k3s/config.yaml'
const k3s = '/var/lib/rancher/k3s'

function certificate(node: HealthyFiles, path: string, to: string, more = {}): void {
	node.put(
		`files${path}`,
		printedCertificate({ subject: 'CN = shop.example', issuer: 'CN = R11', from: '2020-01-01', to, ...more }),
	)
}

const environment = (node: HealthyFiles, text: string) => {
	const file = node.names().find(name => /^files\/etc\/systemd\/system\/k3s\S*\.env$/.test(name))
	if (file) node.append(file, text)
}

export const configuration: readonly Oddity[] = [
	{
		name: 'the data directory is elsewhere',
		change: node => {
			node.changeAll(text => text.replaceAll(k3s, '/srv/cluster/k3s'))
			node.dataDir = '/srv/cluster/k3s'
			node.append(config, 'data-dir: /srv/cluster/k3s\n')
		},
	},
	{
		name: 'comments, quotes and lists of every kind',
		change: node =>
			node.append(
				config,
				"# ours\n'node-label': [\"tier=front\", 'zone=b']\nkubelet-arg:\n- max-pods=200   # more\nprotect-kernel-defaults: false\n",
			),
	},
	{
		name: 'drop-ins',
		change: node => {
			node.put(
				'files/etc/rancher/k3s/config.yaml.d/10-site.yaml',
				'tls-san+:\n  - kube.corp.example\nnode-label+:\n  - site=north\n',
			)
			lists(node, '/etc/rancher/k3s/config.yaml.d', { type: 'd', mode: '755' })
			lists(node, '/etc/rancher/k3s/config.yaml.d/10-site.yaml')
			lists(node, '/etc/rancher/k3s/config.yaml.d/README', { size: 90 })
		},
	},
	{
		name: 'a broken copy that k3s does not read',
		change: node => {
			node.put('files/etc/rancher/k3s/config.yaml.bak', 'node-label:\n\t- a=b\n  : x')
			node.put('files/etc/rancher/k3s/registries.yaml.old', 'mirrors: [\n')
			lists(node, '/etc/rancher/k3s/config.yaml.bak')
		},
	},
	{
		name: 'mirrors of registries',
		change: node => {
			node.put(
				'files/etc/rancher/k3s/registries.yaml',
				'mirrors:\n  docker.io:\n    endpoint:\n      - "https://mirror.corp.example"\n  "registry.corp.example:5000":\n    endpoint: ["http://registry.corp.example:5000"]\nconfigs:\n  mirror.corp.example:\n    auth:\n      username: <redacted>\n      password: <redacted>\n    tls:\n      insecure_skip_verify: true\n',
			)
			lists(node, '/etc/rancher/k3s/registries.yaml', { mode: '600' })
		},
	},
	{
		name: 'a proxy, and what must not go through it',
		on: ['healthy-server', 'agent-healthy'],
		change: node =>
			environment(
				node,
				'HTTP_PROXY=http://proxy.corp.example:3128\nHTTPS_PROXY=http://proxy.corp.example:3128\nNO_PROXY=127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,.svc,.cluster.local,localhost,s1,a1\n',
			),
	},
	{
		name: 'a proxy for containerd alone',
		change: node =>
			environment(
				node,
				'CONTAINERD_HTTPS_PROXY=http://proxy.corp.example:3128\nCONTAINERD_NO_PROXY=127.0.0.0/8,10.0.0.0/8\n',
			),
	},
	{
		name: 'a kubeconfig that everybody may read',
		change: node => {
			node.change(config, text => text.replace('0640', '0644'))
			node.change('commands/files.tsv', text => text.replace(/^f\t640(.*k3s\.yaml)/m, 'f\t644$1'))
		},
	},
	{
		name: 'arguments for the API server',
		change: node =>
			node.append(
				config,
				'kube-apiserver-arg:\n  - audit-log-path=/var/log/audit.log\n  - audit-policy-file=/etc/rancher/k3s/audit.yaml\n',
			),
	},
	{
		name: 'a longer wait before a start is given up',
		change: node =>
			node.change(
				'commands/systemctl-cat.txt',
				text =>
					`${text}\n# /etc/systemd/system/k3s.service.d/limits.conf\n[Service]\nTimeoutStartSec=15min\nNice=-5\n`,
			),
	},
	{
		name: 'an expired certificate of a web server',
		change: node => certificate(node, '/etc/ssl/certs/shop.pem', '2024-03-01'),
	},
	{
		name: 'expired certificates in a copy that a rotation made',
		change: node => {
			certificate(node, `${k3s}/server/tls-1700000000/client-admin.crt`, '2025-11-20', {
				subject: 'O = system:masters, CN = system:admin',
				issuer: 'CN = k3s-client-ca@1700000000',
			})
			certificate(node, `${k3s}/server/tls-1700000000/serving-kube-apiserver.crt`, '2025-11-20', {
				subject: 'CN = kube-apiserver',
				issuer: 'CN = k3s-server-ca@1700000000',
			})
		},
	},
	{
		name: 'an expired certificate in a secret of an application',
		change: node =>
			certificate(node, `/var/lib/kubelet/pods/uid-9/volumes/kubernetes.io~secret/tls/tls.crt`, '2025-01-01'),
	},
	{
		name: 'a certificate of a webhook that ended',
		change: node => certificate(node, '/etc/webhook/certs/tls.crt', '2026-11-01'),
	},
	{
		name: 'a root certificate of the company, long ended',
		change: node =>
			certificate(node, '/usr/local/share/ca-certificates/old-root.crt', '2021-01-01', { ca: true }),
	},
	{
		name: 'empty and odd files below the data directory',
		change: node => {
			lists(node, `${k3s}/agent/images/README.txt`, { size: 0 })
			lists(node, `${k3s}/server/manifests/traefik.yaml.skip`, { size: 0 })
			lists(node, `${k3s}/server/db/state.db.bak`, { size: 900_000, at: '2025-02-01T10:00:00.0000000000' })
			lists(node, `${k3s}/data/previous`, { type: 'l', mode: '777', target: `${k3s}/data/0aa1` })
		},
	},
	{
		name: 'tarballs of images that are there',
		change: node => {
			lists(node, `${k3s}/agent/images/k3s-airgap-images-amd64.tar.zst`, { size: 240_000_000 })
			lists(node, `${k3s}/agent/images/.cache.json`, { size: 210 })
		},
	},
	{
		name: 'what the doctor may not read',
		change: node => {
			for (const file of [
				'commands/iptables-save.txt',
				'commands/ip6tables-save.txt',
				'commands/nft-ruleset.txt',
			])
				node.remove(file)
		},
	},
]
