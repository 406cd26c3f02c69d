import { check, configValue, fail, pass, type Step, unseen, warn } from '../../src/check.js'
import { installCommands } from '../host/packages.js'

/** Without these no container, no service, no packet between nodes. */
const vital = ['overlay', 'br_netfilter', 'nf_conntrack', 'veth', 'bridge']

export default check({
	id: 'modules',
	list: 'preflight',
	title: 'The kernel has the modules that k3s loads',
	explain:
		'k3s loads kernel modules for containers (overlay), bridges (br_netfilter), services (nf_conntrack) and the network between nodes (vxlan, or wireguard). Some distributions pack a part of them apart.',
	docs: ['https://docs.k3s.io/installation/requirements#operating-systems'],
	needs: ['kernel'],
	look: ({ kernel }, { more }) => {
		const loaded = kernel.modules
		const available = more.preflight?.modules
		const backend = configValue(more.config, 'flannel-backend') ?? 'vxlan'
		const network = backend.startsWith('vxlan')
			? ['vxlan']
			: backend.startsWith('wireguard')
				? ['wireguard']
				: []
		const all = [...vital, ...network]
		if (available === undefined && loaded === undefined)
			return unseen(
				'neither the loaded modules nor those on the disk can be seen (a container, or a kernel without modules)',
				[`modinfo -F name ${all.join(' ')}`],
			)
		const seen = {
			source: 'kernel' as const,
			quote: { file: 'commands/modinfo.txt', text: [...(available ?? [])].join(' ') },
		}
		const has = (name: string) => loaded?.has(name) === true || available?.has(name) === true
		const missing = all.filter(name => !has(name))
		if (missing.length === 0) return pass(all.join(', '), seen)
		// Built into the kernel they are in no list of loaded ones.
		if (available === undefined)
			return unseen(
				`${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not loaded now; whether there to be loaded cannot be seen`,
				[`modinfo -F name ${missing.join(' ')}`],
			)
		const install: Step = {
			tell: 'Install the package with them; if the kernel was updated a moment ago, a reboot is enough:',
			commands: [
				'ls /lib/modules; uname -r',
				...installCommands(kernel, {
					apt: 'linux-modules-extra-$(uname -r)',
					dnf: 'kernel-modules-extra',
					zypper: 'kernel-default',
					apk: 'linux-lts',
				}),
			],
		}
		const fatal = missing.filter(
			name => name === 'overlay' || name === 'veth' || name === 'bridge' || network.includes(name),
		)
		const says = `not there: ${missing.join(', ')}`
		return fatal.length > 0 ? fail(says, { ...seen, do: [install] }) : warn(says, { ...seen, do: [install] })
	},
})
