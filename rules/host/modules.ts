/** Kernel modules that k3s cannot do without, and how a distribution packs them. */
import type { Evidence, KernelEvidence } from '../../src/rule.js'

interface Lack {
	module: string
	pattern: RegExp
	says: string
	/** Not needed by k3s itself, only by who has chosen it. */
	chosen?: true
}

/**
 * Words of failures that a missing module explains. That `modprobe` fails is none of them: in containers and with
 * built-in modules it always does.
 */
export const lacks: readonly Lack[] = [
	{
		module: 'vxlan',
		pattern:
			/vxlan[^\n]{0,160}(?:operation not supported|no such device|unknown device type)|flannel exited: (?:failed to register flannel network: )?operation not supported/i,
		says: 'flannel cannot make its vxlan device: the kernel does not support it',
	},
	{
		module: 'wireguard',
		pattern:
			/could not create wireguard interface|failed to open wgctrl|wireguard[^\n]{0,160}operation not supported/i,
		says: 'flannel cannot make its wireguard device: the kernel does not support it',
	},
	{
		module: 'overlay',
		pattern:
			/(?:"overlayfs" snapshotter cannot be enabled|failed to mount overlay|failed to mount rootfs component &?\{?overlay|mount of type overlay)[^\n]{0,4000}(?:no such device|unknown filesystem type)/i,
		says: 'the kernel does not know the file system overlay',
	},
	{
		module: 'nf_conntrack',
		pattern:
			/(?:(?:kube-proxy|ProxyServer|conntrack)[^\n]{0,300}|^(?:panic: )?open \/proc\/sys\/net\/netfilter\/)nf_conntrack\w*: no such file or directory|Extension conntrack[^\n]{0,60}not supported/i,
		says: 'connection tracking is not in the kernel',
	},
	{
		module: 'ip_tables',
		pattern:
			/can't initialize ip6?tables table|do you need to insmod\?|Table does not exist|missing kernel module/i,
		says: 'iptables does not find what it needs in the kernel',
	},
	{
		module: 'ip_set',
		pattern:
			/ipset[^\n]{0,120}(?:Cannot open session to kernel|Kernel error(?! received: (?:Device or r|R)esource busy)|protocol not supported)/i,
		says: 'ipset does not find its counterpart in the kernel',
	},
	{
		module: 'ip_vs',
		pattern: /can't use (?:the )?ipvs proxier|no support for ipvs|IPVS proxier will not be used/i,
		says: 'kube-proxy was told to use IPVS, which the kernel does not have',
		chosen: true,
	},
]

/** The module that a message lacks. */
export function lackIn(text: string): Lack | undefined {
	return lacks.find(({ pattern }) => pattern.test(text))
}

/** `modprobe: FATAL: Module vxlan not found in directory /lib/modules/6.1.0`: the last such words for a module. */
export function modprobeSaid({ journal }: Evidence, module: string): string | undefined {
	const names = module.replaceAll('-', '_')
	return journal?.newest?.messages
		.map(({ lastText }) => lastText)
		.find(
			text =>
				/^modprobe: FATAL: Module \S+ not found|Failed to load kernel module \S+ with modprobe/.test(text) &&
				text.replaceAll('-', '_').includes(` ${names} `),
		)
}

/** How the missing module comes to this host. */
export function packageCommands(kernel: KernelEvidence | undefined): string[] {
	const release = /^[\w.+~-]{1,80}$/.exec(kernel?.release ?? '')?.[0] ?? '$(uname -r)'
	const id = kernel?.os.id ?? ''
	if (release.includes('raspi')) return ['apt-get install -y linux-modules-extra-raspi']
	if (/ubuntu/.test(id)) return [`apt-get install -y linux-modules-extra-${release}`]
	if (/rhel|centos|rocky|alma|fedora|ol|amzn/.test(id))
		return [`dnf install -y kernel-modules-extra-${release}`]
	if (id === 'alpine') return ['apk add linux-lts && reboot']
	return [
		`apt-get install -y linux-modules-extra-${release}   # Ubuntu; on its Raspberry Pi: linux-modules-extra-raspi`,
		`dnf install -y kernel-modules-extra-${release}   # RHEL and kin`,
	]
}
