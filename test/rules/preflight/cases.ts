/** For each check of preflight: evidence with which it passes, with which it does not, and without which it cannot look. */
import type { Patch } from '../../judge.js'
import type { Case } from '../checked.js'

export const lines = (...objects: object[]) =>
	`[\n${objects.map(object => JSON.stringify(object)).join(',\n')}\n]\n`

const hub = 'registry-1.docker.io'
const port = (result: string, host = hub, number = 443) => ({
	host,
	port: number,
	proto: 'tcp',
	result,
	ms: 20,
})
const got = (url: string, status: number, body = '', exit = 0) => ({ url, status, body, exit })
const intent = (server: string | null, joins: object | null = null) =>
	`${JSON.stringify({ server, joins })}\n`
const disk = (figures: object) =>
	`${JSON.stringify({ path: '/var/lib/.trial', writes: 200, bytes: 2300, median: 1, p99: 4, slowest: 9, ...figures })}\n`

const server = 'https://10.99.0.2:6443'
const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'
/** SHA-256 of that text: what a token of its cluster begins with. */
const pemHash = '8010bfcee1842b2a4ce8f67c3e9455f0188f7a15bf39ec61a26feb75cd785821'

const asked = { 'preflight/intent.json': intent(null), 'preflight/ports.json': lines(port('open')) }
const joining = (files: Patch = {}): Patch => ({
	'preflight/intent.json': intent(server),
	'preflight/ports.json': lines(port('open'), port('open', '10.99.0.2', 6443)),
	'preflight/http.json': lines(got(`${server}/ping`, 200, 'pong'), got(`${server}/cacerts`, 200, pem)),
	...files,
})
const agent = { role: 'agent' as const, unit: 'k3s-agent.service', hostname: 'a9' }
const named = (name: string) => ({
	'commands/hostname.txt': `${name}\n`,
	'commands/getent-hostname.txt': `10.99.0.19  STREAM ${name}\n`,
})
const listens = (...sockets: string[]) => `${sockets.join('\n')}\n`
const kubeletConfig = (text: string) => ({ 'files/etc/rancher/k3s/config.yaml': text })
/** One line of find's listing. */
const file = (path: string, size = 200_000_000, type = 'f') =>
	`${type}\t644\t0\t0\t${size}\t2026-11-21T03:00:00.0000000000\t${path}\t\n`
const archive = (name: string, size?: number) => ({
	'commands/files.tsv': (text: string) =>
		text +
		file('/var/lib/rancher/k3s', 0, 'd') +
		file('/var/lib/rancher/k3s/agent', 0, 'd') +
		file('/var/lib/rancher/k3s/agent/images', 0, 'd') +
		file(`/var/lib/rancher/k3s/agent/images/${name}`, size),
})
/** No tool of a firewall was asked. */
const firewallsUnasked: Patch = {
	'commands/iptables-version.txt': null,
	'commands/iptables-save.txt': null,
	'commands/ip6tables-save.txt': null,
	'commands/nft-ruleset.txt': null,
	'commands/ufw-status.txt': null,
	'commands/firewall-cmd.txt': null,
}
const modules = 'overlay br_netfilter nf_conntrack veth bridge vxlan'.split(' ')
const unified = {
	'commands/findmnt.json': JSON.stringify({
		filesystems: [
			{ target: '/', source: '/dev/vda', fstype: 'ext4', options: 'rw' },
			{ target: '/sys/fs/cgroup', source: 'cgroup2', fstype: 'cgroup2', options: 'rw' },
		],
	}),
}

export const cases: Record<string, readonly Case[]> = {
	'operating-system': [
		{ is: 'pass', says: /Debian GNU\/Linux 12/ },
		{ is: 'fail', says: /neither systemd nor OpenRC/, node: { init: 'none' } },
		{ is: 'warn', says: /SELinux/, run: /k3s-selinux/, files: { 'commands/getenforce.txt': 'Enforcing\n' } },
		{ is: 'not-examined', says: /os-release/, files: { 'files/etc/os-release': null } },
	],
	architecture: [
		{ is: 'pass', says: /x86_64/ },
		{
			is: 'fail',
			says: /ppc64le/,
			files: { 'commands/uname.txt': 'Linux n 6.1.0 #1 SMP ppc64le GNU/Linux\n' },
		},
		{
			is: 'warn',
			says: /32-bit/,
			files: { 'commands/uname.txt': 'Linux n 6.1.0 #1 SMP armv8l GNU/Linux\n' },
		},
		{ is: 'not-examined', files: { 'commands/uname.txt': null } },
	],
	'kernel-version': [
		{ is: 'pass', says: /6\.18/ },
		{
			is: 'warn',
			says: /4\.4\.0/,
			files: { 'commands/uname.txt': 'Linux n 4.4.0-210 #1 SMP x86_64 GNU/Linux\n' },
		},
		{
			is: 'fail',
			says: /2\.6\.32/,
			files: { 'commands/uname.txt': 'Linux n 2.6.32 #1 SMP x86_64 GNU/Linux\n' },
		},
		{ is: 'not-examined', files: { 'commands/uname.txt': null } },
	],
	modules: [
		{ is: 'pass', files: { ...asked, 'commands/modinfo.txt': `${modules.join('\n')}\n` } },
		{
			is: 'fail',
			says: /not there: vxlan/,
			run: /linux-modules-extra/,
			files: { ...asked, 'commands/modinfo.txt': 'overlay\nbr_netfilter\nnf_conntrack\nveth\nbridge\n' },
		},
		{
			what: 'wireguard is chosen instead of vxlan',
			is: 'fail',
			says: /not there: wireguard/,
			files: {
				...asked,
				...kubeletConfig('flannel-backend: wireguard-native\n'),
				'commands/modinfo.txt': `${modules.join('\n')}\n`,
			},
		},
		{
			is: 'not-examined',
			says: /not loaded now/,
			files: { 'files/proc/modules': 'overlay 1 0 - Live 0x0\n' },
		},
		{ is: 'not-examined', run: /modinfo/ },
	],
	cgroups: [
		{ is: 'pass', says: /cgroup v2/, files: unified },
		{ is: 'warn', says: /cgroup v1/ },
		{
			is: 'fail',
			says: /cgroup v1/,
			files: { 'commands/k3s-version.txt': 'k3s version v1.36.2+k3s1 (x)\n' },
		},
		{
			is: 'fail',
			says: /memory controller is off/,
			run: /grep memory/,
			files: {
				...unified,
				'files/proc/cgroups': text => text.replace(/^(memory\s+\d+\s+\d+)\s+1/m, '$1\t0'),
			},
		},
		{
			is: 'not-examined',
			files: { 'commands/findmnt.json': null, 'files/proc/cgroups': null, 'files/proc/self/cgroup': null },
		},
	],
	processors: [
		{ is: 'pass', files: { 'commands/nproc.txt': '4\n' } },
		{ is: 'warn', says: /1 of the 2/, files: { 'commands/nproc.txt': '1\n' } },
		{ what: 'an agent is content with one', is: 'pass', files: { 'commands/nproc.txt': '1\n' }, node: agent },
		{ is: 'not-examined', run: /nproc/ },
	],
	memory: [
		{ is: 'pass', says: /24106 MiB/ },
		{
			is: 'warn',
			says: /945 MiB/,
			files: { 'files/proc/meminfo': 'MemTotal: 967680 kB\nMemAvailable: 900000 kB\n' },
		},
		{
			what: 'the same is enough for an agent',
			is: 'pass',
			files: { 'files/proc/meminfo': 'MemTotal: 967680 kB\nMemAvailable: 900000 kB\n' },
			node: agent,
		},
		{
			is: 'fail',
			says: /488 MiB/,
			files: { 'files/proc/meminfo': 'MemTotal: 500000 kB\nMemAvailable: 400000 kB\n' },
		},
		{
			is: 'warn',
			says: /other programs/,
			files: { 'files/proc/meminfo': 'MemTotal: 8000000 kB\nMemAvailable: 300000 kB\n' },
		},
		{ is: 'not-examined', files: { 'files/proc/meminfo': null } },
	],
	swap: [
		{ is: 'pass', says: /none/ },
		{
			is: 'warn',
			says: /\/dev\/sda3/,
			run: /swapoff/,
			files: { 'files/proc/swaps': 'Filename Type Size Used Priority\n/dev/sda3 partition 8388604 0 -2\n' },
		},
		{
			is: 'pass',
			says: /zram/,
			files: { 'files/proc/swaps': 'Filename Type Size Used Priority\n/dev/zram0 partition 968700 0 100\n' },
		},
		{
			is: 'fail',
			says: /refuse/,
			files: {
				'files/proc/swaps': 'Filename Type Size Used Priority\n/dev/sda3 partition 8388604 0 -2\n',
				...kubeletConfig('kubelet-arg: [fail-swap-on=true]\n'),
			},
		},
		{
			is: 'not-examined',
			files: { 'files/proc/meminfo': null, 'files/proc/swaps': null, 'commands/swapon.txt': null },
		},
	],
	'disk-space': [
		{ is: 'pass', says: /47\.6 GB/ },
		{
			is: 'fail',
			says: /97 % used/,
			run: /du -xh/,
			files: { 'commands/df.txt': text => text.replace('47626092544  52%', '7626092544  97%') },
		},
		{
			is: 'warn',
			says: /86 % used/,
			files: { 'commands/df.txt': text => text.replace('47626092544  52%', '37626092544  86%') },
		},
		{
			is: 'fail',
			says: /inodes/,
			files: {
				'commands/df-inodes.txt':
					'Filesystem Inodes IUsed IFree IUse% Mounted on\n/dev/vda 1000000 999000 1000 100% /\n',
			},
		},
		{ is: 'not-examined', files: { 'commands/df.txt': null, 'commands/findmnt.json': null } },
	],
	'file-system': [
		{ is: 'pass', says: /ext4/ },
		...(
			[
				['nfs4', 'fail'],
				['overlay', 'fail'],
				['zfs', 'warn'],
			] as const
		).map(
			([type, is]): Case => ({
				is,
				says: new RegExp(type),
				files: {
					'commands/df.txt': text => text.replace('ext4', type),
					'commands/findmnt.json': text => text.replace('"ext4"', `"${type}"`),
				},
			}),
		),
		{
			is: 'fail',
			says: /noexec/,
			files: { 'commands/findmnt.json': text => text.replace('rw,relatime,discard,', 'rw,noexec,relatime') },
		},
		{
			is: 'fail',
			says: /read-only/,
			files: { 'commands/findmnt.json': text => text.replace('rw,relatime,discard,', 'ro,relatime') },
		},
		{ is: 'not-examined', files: { 'commands/df.txt': null, 'commands/findmnt.json': null } },
	],
	'disk-speed': [
		{ is: 'pass', says: /within 4 ms/, files: { ...asked, 'preflight/disk.json': disk({}) } },
		{ is: 'warn', files: { ...asked, 'preflight/disk.json': disk({ p99: 40 }) } },
		{ is: 'fail', files: { ...asked, 'preflight/disk.json': disk({ p99: 400, median: 60 }) } },
		{
			what: 'an agent has no datastore',
			is: 'pass',
			files: { ...asked, 'preflight/disk.json': disk({ p99: 40 }) },
			node: agent,
		},
		{
			is: 'not-examined',
			says: /nothing may be written/,
			run: /fio/,
			files: { ...asked, 'preflight/disk.json': '{"skipped":"nothing may be written"}' },
		},
		{ is: 'not-examined' },
	],
	time: [
		{
			is: 'pass',
			files: {
				'commands/timedatectl.txt': text => text.replace('NTPSynchronized=no', 'NTPSynchronized=yes'),
			},
		},
		{ is: 'warn', says: /no time service/, run: /set-ntp/ },
		{
			is: 'fail',
			says: /75\.0 s behind/,
			files: {
				'commands/timedatectl.txt': null,
				'commands/chronyc-tracking.txt':
					'Reference ID    : 0A630001 (ntp)\nSystem time     : 75.000000000 seconds slow of NTP time\nLeap status     : Normal\n',
			},
		},
		{
			is: 'fail',
			says: /believes that it is 1970/,
			files: { 'commands/date.txt': '1970-01-01T00:01:00,0+00:00\n' },
		},
		{ is: 'not-examined', run: /timedatectl/, files: { 'commands/timedatectl.txt': null } },
	],
	hostname: [
		{ is: 'pass', says: /^s1$/ },
		{ is: 'fail', says: /my_host/, run: /hostnamectl/, files: named('my_host') },
		{ is: 'fail', says: /every host/, files: named('localhost') },
		{ is: 'warn', says: /raspberrypi/, files: named('raspberrypi') },
		{
			is: 'warn',
			says: /does not resolve/,
			files: { 'commands/getent-hostname.txt': '' },
			entry: { file: 'commands/getent-hostname.txt', argv: ['getent', 'ahosts', 's1'], exit: 2, ms: 3 },
		},
		{
			is: 'not-examined',
			files: {
				'commands/hostname.txt': null,
				'files/etc/hostname': null,
				'files/etc/hosts': null,
				'files/etc/resolv.conf': null,
				'commands/getent-hostname.txt': null,
				'commands/getent-localhost.txt': null,
			},
		},
	],
	'hostname-unique': [
		{ is: 'pass', says: /first node/ },
		{ is: 'pass', says: /one of the 3 nodes/, on: 'ha-healthy' },
		{ is: 'fail', says: /./, on: 'agent-hostname-clone' },
		{ is: 'not-examined', run: /get nodes/, files: joining(), node: agent },
	],
	resolver: [
		{ is: 'pass', says: /10\.99\.0\.1/ },
		{ is: 'warn', says: /names no resolver/, files: { 'files/etc/resolv.conf': '\n' } },
		{ is: 'warn', says: /this host itself/, files: { 'files/etc/resolv.conf': 'nameserver 127.0.0.1\n' } },
		{
			is: 'warn',
			says: /does not know registry-1/,
			files: { ...asked, 'preflight/ports.json': lines(port('unresolved')) },
		},
		{ is: 'not-examined', files: { 'files/etc/resolv.conf': null } },
	],
	'default-route': [
		{ is: 'pass', says: /eth0/ },
		{
			is: 'fail',
			says: /none/,
			run: /dummy0/,
			files: {
				'commands/ip-route.json': text => text.replace(/\{"dst":"default"[^}]*\},/, ''),
				'commands/ip-6-route.json': '[]',
			},
		},
		{
			is: 'not-examined',
			files: {
				'commands/ip-addr.json': null,
				'commands/ip-route.json': null,
				'commands/ip-6-route.json': null,
				'commands/ip-rule.json': null,
				'commands/ip-neigh.json': null,
			},
		},
	],
	networks: [
		{ is: 'pass', says: /10\.42\.0\.0\/16/ },
		{
			is: 'fail',
			says: /eth0 has 10\.42\.7\.11/,
			files: { 'commands/ip-addr.json': text => text.replaceAll('10.99.0.11', '10.42.7.11') },
		},
		{
			is: 'warn',
			says: /a route leads to 10\.43\.8\.0/,
			files: {
				'commands/ip-route.json': text =>
					text.replace('[', '[{"dst":"10.43.8.0/24","gateway":"10.99.0.7","dev":"eth0","flags":[]},'),
			},
		},
		{
			is: 'not-examined',
			files: {
				'commands/ip-addr.json': null,
				'commands/ip-route.json': null,
				'commands/ip-6-route.json': null,
				'commands/ip-rule.json': null,
				'commands/ip-neigh.json': null,
			},
		},
	],
	'ports-free': [
		{ is: 'pass', says: /6443/ },
		{
			is: 'fail',
			says: /6443\/tcp .* is held by nginx \(pid 77\)/,
			run: /ss -Hlnpt 'sport = :6443'/,
			files: {
				'commands/ss-listening.txt': listens(
					'tcp LISTEN 0 511 0.0.0.0:6443 0.0.0.0:* users:(("nginx",pid=77,fd=6))',
				),
			},
		},
		{
			what: 'without root the holder is unknown',
			is: 'fail',
			says: /10250\/tcp .* another program/,
			files: { 'commands/ss-listening.txt': listens('tcp LISTEN 0 511 *:10250 *:*') },
		},
		{
			is: 'warn',
			says: /80\/tcp is held by apache2/,
			files: {
				'commands/ss-listening.txt': listens('tcp LISTEN 0 511 *:80 *:* users:(("apache2",pid=5,fd=6))'),
			},
		},
		{
			what: 'etcd is only wanted where it is',
			is: 'pass',
			files: {
				'commands/ss-listening.txt': listens('tcp LISTEN 0 511 *:2379 *:* users:(("etcd",pid=5,fd=6))'),
			},
		},
		{
			is: 'fail',
			says: /2379/,
			files: {
				...kubeletConfig('cluster-init: true\n'),
				'commands/ss-listening.txt': listens('tcp LISTEN 0 511 *:2379 *:* users:(("etcd",pid=5,fd=6))'),
			},
		},
		{ what: 'k3s itself holds them', is: 'pass', says: /k3s itself/, on: 'healthy-server' },
		{ is: 'not-examined', files: { 'commands/ss-listening.txt': null } },
	],
	iptables: [
		{ is: 'pass', says: /1\.8\.9/ },
		{
			is: 'fail',
			says: /1\.8\.2/,
			files: { 'commands/iptables-version.txt': 'iptables v1.8.2 (nf_tables)\n' },
		},
		{
			is: 'not-examined',
			files: firewallsUnasked,
		},
	],
	firewall: [
		{ is: 'pass', says: /no rule throws away/ },
		{
			is: 'fail',
			says: /6443\/tcp is thrown away/,
			run: /iptables -I INPUT -p tcp --dport 6443/,
			files: {
				'commands/iptables-save.txt':
					'*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\n',
			},
		},
		{
			is: 'warn',
			says: /ufw is on/,
			run: /ufw allow 6443\/tcp/,
			files: { 'commands/ufw-status.txt': 'Status: active\n\nTo Action From\n22/tcp ALLOW IN Anywhere\n' },
		},
		{
			is: 'pass',
			says: /ufw is on, and lets/,
			files: {
				'commands/ufw-status.txt':
					'Status: active\n\n6443/tcp ALLOW IN Anywhere\n10250/tcp ALLOW IN Anywhere\n8472/udp ALLOW IN Anywhere\nAnywhere ALLOW IN 10.42.0.0/16\nAnywhere ALLOW IN 10.43.0.0/16\n',
			},
		},
		{
			is: 'not-examined',
			files: firewallsUnasked,
		},
	],
	'nm-cloud-setup': [
		{ is: 'pass', says: /not installed/ },
		{
			is: 'fail',
			says: /enabled/,
			run: /disable --now/,
			files: {
				'commands/systemctl-show.txt': text =>
					`${text}\n\nId=nm-cloud-setup.service\nLoadState=loaded\nActiveState=inactive\nSubState=dead\nUnitFileState=enabled\n`,
			},
		},
		{ is: 'left', node: { init: 'openrc' } },
		{
			is: 'not-examined',
			files: { 'commands/systemctl-show.txt': null, 'commands/systemctl-failed.txt': null },
		},
	],
	// Nobody can see from here what lies between two hosts.
	reachable: [
		{ is: 'not-examined', says: /another host/, run: /nc -vz -w 3 10\.99\.0\.11 6443/ },
		{ is: 'left', on: 'healthy-server' },
	],
	leftovers: [
		{ is: 'pass', says: /nothing of the kind/ },
		{
			is: 'warn',
			says: /earlier k3s/,
			run: /k3s-uninstall\.sh/,
			files: {
				'commands/files.tsv': text =>
					text + file('/var/lib/rancher/k3s', 0, 'd') + file('/var/lib/rancher/k3s/server', 0, 'd'),
				'commands/systemctl-show.txt': text => text,
			},
		},
		{
			is: 'warn',
			says: /cni0/,
			files: {
				'commands/ip-addr.json': text =>
					text.replace(
						'[',
						'[{"ifindex":9,"ifname":"cni0","flags":["UP"],"mtu":1450,"operstate":"DOWN","addr_info":[]},',
					),
			},
		},
		{
			is: 'fail',
			says: /rke2-server\.service/,
			files: {
				'commands/systemctl-show.txt': text =>
					`${text}\n\nId=rke2-server.service\nLoadState=loaded\nActiveState=active\nSubState=running\n`,
			},
		},
		{ what: 'what an installed k3s has', is: 'pass', on: 'healthy-server' },
		{
			is: 'not-examined',
			files: {
				'commands/ip-addr.json': null,
				'commands/ip-route.json': null,
				'commands/ip-6-route.json': null,
				'commands/ip-rule.json': null,
				'commands/ip-neigh.json': null,
			},
		},
	],
	images: [
		{
			is: 'pass',
			says: /registry-1\.docker\.io answers/,
			files: { ...asked, 'preflight/http.json': lines(got(`https://${hub}/v2/`, 401, '{}')) },
		},
		{
			is: 'fail',
			says: /does not resolve/,
			run: /mkdir -p/,
			files: {
				...asked,
				'preflight/ports.json': lines(port('unresolved')),
				'preflight/http.json': lines(got(`https://${hub}/v2/`, 0, '', 6)),
			},
		},
		{
			what: 'something in between',
			is: 'fail',
			says: /does not let HTTPS through/,
			files: { ...asked, 'preflight/http.json': lines(got(`https://${hub}/v2/`, 0, '', 35)) },
		},
		{
			what: 'an archive of another architecture',
			is: 'fail',
			says: /for arm64/,
			files: archive('k3s-airgap-images-arm64.tar.zst'),
		},
		{
			what: 'an archive that is cut off',
			is: 'warn',
			says: /cut off/,
			files: archive('k3s-airgap-images-amd64.tar.zst', 1_000_000),
		},
		{
			what: 'an archive of another release',
			is: 'fail',
			says: /v1\.30\.1/,
			files: {
				...archive('k3s-airgap-images-v1.30.1-k3s1.tar.zst'),
				'commands/k3s-version.txt': 'k3s version v1.36.2+k3s1 (x)\n',
			},
		},
		{
			what: 'an archive of the same release',
			is: 'pass',
			files: {
				...archive('k3s-airgap-images-v1.36.2-k3s1.tar.zst'),
				'commands/k3s-version.txt': 'k3s version v1.36.2+k3s1 (x)\n',
			},
		},
		{
			what: 'an archive whose release nothing tells',
			is: 'not-examined',
			run: /sha256sum/,
			files: archive('k3s-airgap-images-amd64.tar.zst'),
		},
		{
			what: 'a mirror that answers',
			is: 'pass',
			files: {
				'files/etc/rancher/k3s/registries.yaml':
					'mirrors:\n  docker.io:\n    endpoint: ["http://10.99.0.9:5000"]\n',
				'probes/ports.json': lines(port('open', '10.99.0.9', 5000)),
			},
		},
		{
			what: 'a mirror that does not',
			is: 'fail',
			says: /refused/,
			files: {
				'files/etc/rancher/k3s/registries.yaml':
					'mirrors:\n  docker.io:\n    endpoint: ["http://10.99.0.9:5000"]\n',
				'probes/ports.json': lines(port('refused', '10.99.0.9', 5000)),
			},
		},
		{ is: 'not-examined', run: /curl/ },
	],
	registries: [
		{ is: 'left' },
		{
			is: 'pass',
			files: {
				'files/etc/rancher/k3s/registries.yaml':
					'mirrors:\n  docker.io:\n    endpoint: ["http://10.99.0.9:5000"]\n',
			},
		},
		{ is: 'fail', files: { 'files/etc/rancher/k3s/registries.yaml': 'mirrors:\n\tdocker.io:\n' } },
	],
	configuration: [
		{ is: 'left' },
		{ is: 'pass', files: kubeletConfig('disable: [traefik]\n') },
		{ is: 'fail', files: kubeletConfig('disable: [traefik\ntls-san: "x\n') },
	],
	'server-url': [
		{ is: 'left' },
		{ is: 'pass', says: /--server/, files: joining(), node: agent },
		{
			what: 'from the configuration',
			is: 'warn',
			says: /names no port/,
			files: kubeletConfig('server: https://server.example\n'),
			node: agent,
		},
		{ is: 'fail', says: /https/, files: kubeletConfig('server: http://server.example:6443\n'), node: agent },
		{ is: 'fail', says: /this host itself/, files: kubeletConfig('server: https://10.99.0.11:6443\n') },
		{ is: 'not-examined', run: /--server/, node: agent },
	],
	'server-answers': [
		{ is: 'left' },
		{ is: 'pass', says: /pong/, files: joining(), node: agent },
		...(['refused', 'timeout', 'unreachable', 'unresolved'] as const).map(
			(result): Case => ({
				is: 'fail',
				run: result === 'unresolved' ? /getent/ : /curl -vk https:\/\/10\.99\.0\.2:6443\/ping/,
				files: joining({
					'preflight/ports.json': lines(port('open'), port(result, '10.99.0.2', 6443)),
					'preflight/http.json': lines(),
				}),
				node: agent,
			}),
		),
		{
			what: 'something else listens',
			is: 'fail',
			says: /not a k3s server/,
			files: joining({
				'preflight/http.json': lines(got(`${server}/ping`, 404, 'nginx'), got(`${server}/cacerts`, 404)),
			}),
			node: agent,
		},
		{ is: 'not-examined', says: /no server is named/, node: agent },
	],
	token: [
		{ is: 'left' },
		...(
			[
				['full, and the server was compared', 'pass', { form: 'full', authorities: pemHash }],
				['of another cluster', 'fail', { form: 'full', authorities: 'ab'.repeat(32) }],
				['short', 'warn', { form: 'short' }],
				['broken', 'fail', { form: 'broken' }],
				['empty', 'fail', { form: 'empty' }],
			] as const
		).map(
			([what, is, joins]): Case => ({
				what,
				is,
				files: joining({
					'preflight/intent.json': intent(server, { where: '/etc/rancher/k3s/config.yaml', ...joins }),
				}),
				node: agent,
			}),
		),
		{ is: 'not-examined', says: /none is set/, files: joining(), node: agent },
		{ is: 'not-examined', says: /masked/, files: kubeletConfig('token: <redacted>\n'), node: agent },
	],
}
