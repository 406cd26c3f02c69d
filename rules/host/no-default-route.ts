import {
	configValue,
	type Evidence,
	fact,
	hint,
	interfaceArgument,
	interruptsOfRestart,
	log,
	proof,
	type Remedy,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { hostAddresses, isAddress } from './identity.js'
import { isRunning, isTroubled } from './state.js'

const noRoute =
	/no default routes found in|unable to select an IP from default routes|unable to find default (?:v6 )?route|failed to get default interface/

/** k3s takes its address from the default route, unless it is told one; flannel does, unless it is told an interface. */
function isIndependent({ config }: Evidence): boolean {
	const noFlannel = configValue(config, 'flannel-backend') === 'none'
	return (
		configValue(config, 'node-ip') !== undefined &&
		(noFlannel || configValue(config, 'flannel-iface') !== undefined)
	)
}

export default rule({
	cause: 'no-default-route',
	title: 'The host has no default route',
	severity: 'critical',
	severityHere: evidence => (isRunning(evidence) ? 'warning' : undefined),
	explain:
		'k3s finds the address of the node by the route that leads out of the network, and flannel its interface. Without a default route neither knows what to take, although nothing has to be reached through it: an isolated host needs one as well, even if it leads nowhere.',
	docs: [
		'https://docs.k3s.io/installation/airgap#2-install-k3s',
		'https://docs.k3s.io/installation/airgap#default-network-route',
	],
	signs: [
		log(noRoute, 'k3s finds no default route to take the address of the node from'),
		fact(['network', 'service'], ({ network }, evidence) => {
			if (network.defaultRoutes.length > 0 || isIndependent(evidence)) return undefined
			const addresses = hostAddresses(network)
			const has = addresses.map(({ address, device }) => `${address} on ${device}`).join(', ')
			const says = `The routing table has no default route${has ? `; the host has ${has}` : ' and the host no address of its own'}`
			const cite = { quote: { file: 'commands/ip-route.json', text: 'no route with "dst":"default"' } }
			if (isTroubled(evidence)) return strong('network', says, cite)
			return isRunning(evidence)
				? strong('network', `${says}. k3s runs on, but will not start again like this`, cite)
				: hint('network', says, cite)
		}),
		fact(['network', 'journal'], ({ network, journal }) => {
			const [route] = network.defaultRoutes
			const said = journal.messages.find(({ lastText }) =>
				lastText.includes('unable to select an IP from default routes'),
			)
			if (!route || !said) return undefined
			return proof(
				'network',
				`The default route leads out on ${route.device ?? 'an interface'}, which has no address that k3s could use (a global one is needed, not a link-local one)`,
				{ quote: { file: 'commands/ip-route.json', text: `default dev ${route.device ?? ''}` } },
			)
		}),
	],
	leadsTo: [
		'flannel-start-failed',
		'host-dns-broken',
		'egress-broken',
		'registry-unreachable',
		'api-unreachable',
		'node-not-ready',
	],
	remedies: evidence => {
		const { node, network } = evidence
		const [main] = hostAddresses(network)
		const device = interfaceArgument(main?.device)
		const recheck: Remedy['recheck'] = ['network', 'units', 'journal']
		const restore: Remedy = {
			title: `Give the host its default route back${device ? ` (on ${device})` : ''}`,
			why: 'It was lost with a change of the network configuration, or DHCP gives none. k3s starts by itself within seconds once it is there.',
			risk: 'restart',
			interrupts: interruptsOfRestart(node),
			steps: [
				{
					tell: 'With the address of your router, now and then in the network configuration of the host:',
					commands: [
						`ip route add default via ROUTER dev ${device ?? 'INTERFACE'}`,
						`networkctl reconfigure ${device ?? 'INTERFACE'}   # or: nmcli device reapply, netplan apply`,
						`systemctl restart ${node.unit}`,
					],
				},
			],
			recheck,
		}
		const dummy: Remedy = {
			title: 'On an isolated host: make a default route that leads nowhere',
			why: 'k3s only wants to see one. With node-ip and flannel-iface it keeps its real address.',
			risk: 'restart',
			interrupts: interruptsOfRestart(node),
			steps: [
				...(main && device && isAddress(main.address)
					? [
							{
								edit: '/etc/rancher/k3s/config.yaml',
								set: { 'node-ip': main.address, 'flannel-iface': device },
							},
						]
					: [
							{
								tell: 'Set node-ip and flannel-iface in /etc/rancher/k3s/config.yaml to the real address and interface.',
							},
						]),
				{ run: ['ip', 'link', 'add', 'dummy0', 'type', 'dummy'] },
				{ run: ['ip', 'link', 'set', 'dummy0', 'up'] },
				{ run: ['ip', 'addr', 'add', '203.0.113.254/31', 'dev', 'dummy0'] },
				{ run: ['ip', 'route', 'add', 'default', 'via', '203.0.113.255', 'dev', 'dummy0', 'metric', '1000'] },
				...restartSteps(node),
				{
					tell: 'Put link, address and route into the network configuration too: they are gone after a reboot.',
				},
			],
			undo: [{ run: ['ip', 'link', 'delete', 'dummy0'] }],
			recheck,
		}
		return [restore, dummy]
	},
})
