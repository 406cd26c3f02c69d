import { check, fail, pass, unseen, warn } from '../../src/check.js'
import { installCommands } from '../host/packages.js'

export default check({
	id: 'operating-system',
	list: 'preflight',
	title: 'The operating system is one that k3s runs on',
	matters: true,
	explain:
		'k3s runs on most modern Linux systems. Its installation script sets up a service of systemd or OpenRC, and ends without either; a few systems need a package or a setting first.',
	docs: ['https://docs.k3s.io/installation/requirements#operating-systems'],
	needs: ['kernel'],
	look: ({ kernel, node }, { more }) => {
		const { os, release } = kernel
		const name = os.pretty ?? (os.id ? `${os.id} ${os.version ?? ''}`.trim() : undefined)
		const quote = { file: 'files/etc/os-release', text: name ?? '' }
		const service =
			node.init === 'none'
				? fail('neither systemd nor OpenRC runs here: the installation script ends without one of them', {
						do: [
							{
								tell: 'In a container use the image rancher/k3s, or k3d. On a host without a service manager run the program by hand:',
								commands: [
									'INSTALL_K3S_SKIP_START=true INSTALL_K3S_SKIP_ENABLE=true sh install.sh',
									'k3s server',
								],
							},
						],
					})
				: pass(node.init === 'systemd' ? 'systemd' : 'OpenRC')
		const selinux =
			kernel.selinux === 'Enforcing' &&
			warn('SELinux is enforcing: k3s then needs its own policy', {
				source: 'kernel',
				do: [
					{
						tell: 'The installation script fetches it; without the internet install it first, and start k3s with selinux: true in config.yaml:',
						commands: [
							'rpm -q container-selinux k3s-selinux',
							'dnf install -y container-selinux k3s-selinux',
						],
					},
				],
			})
		const major = Number(/^\d+/.exec(os.version ?? '')?.[0])
		const extra =
			/^(?:rhel|centos|rocky|almalinux|ol)$/.test(os.id ?? '') && major >= 10 && !has(more.preflight?.modules)
				? warn(`${name} packs kernel modules that k3s needs apart`, {
						source: 'kernel',
						quote,
						do: [{ tell: 'Install them:', commands: ['dnf install -y kernel-modules-extra'] }],
					})
				: undefined
		const pi =
			/raspi/.test(release) &&
			!has(more.preflight?.modules) &&
			warn('this kernel for the Raspberry Pi may lack vxlan', {
				source: 'kernel',
				do: [
					{
						tell: 'Before Ubuntu 24.04 it is a package of its own:',
						commands: installCommands(kernel, {
							apt: 'linux-modules-extra-raspi',
							dnf: 'kernel-modules-extra',
							zypper: 'kernel-default',
							apk: 'linux-rpi',
						}),
					},
				],
			})
		return [
			name === undefined
				? unseen('/etc/os-release does not say what this is', ['cat /etc/os-release', 'uname -a'])
				: pass(name, { source: 'kernel', quote }),
			service,
			selinux,
			extra,
			pi,
		]
	},
})

const has = (modules: ReadonlySet<string> | undefined) => modules === undefined || modules.has('vxlan')
