/** Other programs and units on the host, and ports that k3s does not use here. */
import type { Oddity } from '../node.js'
import { failed, listens, process, running, unit } from './parts.js'

const failedUnits = (...names: string[]) =>
	names.map(name => `${name} loaded failed failed ${name}\n`).join('')

export const services: readonly Oddity[] = [
	{
		name: 'failed units that have nothing to do with k3s',
		change: node =>
			node.put(
				'commands/systemctl-failed.txt',
				failedUnits('fwupd-refresh.service', 'certbot.service', 'apt-daily.service'),
			),
	},
	{
		name: 'a failed mount of a share',
		change: node =>
			node.put('commands/systemctl-failed.txt', failedUnits('mnt-media.mount', 'nfs-blkmap.service')),
	},
	{
		name: 'Docker runs beside',
		change: node => {
			unit(node, 'docker.service', running)
			unit(node, 'containerd.service', running)
			process(node, 3101, 'root', '/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock')
			process(node, 3102, 'root', '/usr/bin/containerd')
		},
	},
	{
		name: 'Docker that does not start, and is not used',
		change: node => {
			unit(node, 'docker.service', failed)
			node.put('commands/systemctl-failed.txt', failedUnits('docker.service'))
		},
	},
	{
		name: "the distribution's containerd, switched off",
		change: node => unit(node, 'containerd.service', { UnitFileState: 'disabled' }),
	},
	{
		name: 'what kubeadm left: a kubelet that is switched off',
		change: node => unit(node, 'kubelet.service', { UnitFileState: 'disabled' }),
	},
	{
		name: 'an agent unit that was switched off when this host became a server',
		change: node =>
			unit(node, 'k3s-agent.service', { FragmentPath: '/etc/systemd/system/k3s-agent.service' }),
	},
	{
		name: 'nm-cloud-setup installed and switched off',
		change: node => unit(node, 'nm-cloud-setup.service', {}),
	},
	{ name: 'NetworkManager runs', change: node => unit(node, 'NetworkManager.service', running) },
	{ name: 'chrony runs', change: node => unit(node, 'chronyd.service', running) },
	{ name: 'multipathd runs', change: node => unit(node, 'multipathd.service', running) },
	{
		name: 'etcd of somebody else on a server with SQLite',
		change: node => {
			listens(node, '127.0.0.1:2379', 'etcd', 3201)
			listens(node, '127.0.0.1:2380', 'etcd', 3201)
			unit(node, 'etcd.service', running)
		},
	},
	{
		name: 'a web server on ports of its own, Traefik being off',
		change: node => {
			listens(node, '0.0.0.0:80', 'nginx', 3202)
			listens(node, '0.0.0.0:443', 'nginx', 3202)
			listens(node, '0.0.0.0:8080', 'java', 3203)
		},
	},
	{
		name: 'a registry on the port of the embedded one, which is off',
		change: node => listens(node, '0.0.0.0:5001', 'registry', 3204),
	},
	{
		name: 'a VPN of the host on the port of WireGuard, flannel using VXLAN',
		change: node => listens(node, '0.0.0.0:51820', 'boringtun', 3205, 'udp'),
	},
	{
		name: 'something on 6443 of an agent',
		on: ['agent-healthy'],
		change: node => listens(node, '0.0.0.0:6443', 'haproxy', 3206),
	},
	{
		name: 'ports of a control plane on an agent',
		on: ['agent-healthy'],
		change: node => {
			listens(node, '127.0.0.1:10257', 'myapp', 3207)
			listens(node, '127.0.0.1:10259', 'myapp', 3207)
			listens(node, '0.0.0.0:2380', 'myapp', 3207)
		},
	},
	{
		name: 'a database, mail, an exporter',
		change: node => {
			listens(node, '127.0.0.1:5432', 'postgres', 3208)
			listens(node, '127.0.0.1:25', 'master', 3209)
			listens(node, '*:9100', 'node_exporter', 3210)
		},
	},
	{
		name: 'a DNS server of the host on a bridge of its own',
		change: node => listens(node, '192.168.122.1:53', 'dnsmasq', 3211, 'udp'),
	},
]
