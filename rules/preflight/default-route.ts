import { check, configValue, fail, pass, warn } from '../../src/check.js'

export default check({
	id: 'default-route',
	list: 'preflight',
	title: 'There is a default route',
	matters: true,
	explain:
		'k3s takes the address of the node from the interface of the default route, and does not start without one, also in a network that leads nowhere.',
	docs: ['https://docs.k3s.io/installation/airgap'],
	needs: ['network'],
	look: ({ network }, { more }) => {
		const [route] = network.defaultRoutes
		const quote = { file: 'commands/ip-route.json', text: 'default' }
		if (route) return pass(`by ${route.device ?? route.gateway ?? 'a gateway'}`, { source: 'network', quote })
		const dummy = {
			tell: 'In an airgapped network a route of no use is enough:',
			commands: [
				'ip link add dummy0 type dummy && ip link set dummy0 up',
				'ip addr add 203.0.113.254/31 dev dummy0',
				'ip route add default via 203.0.113.255 dev dummy0 metric 1000',
			],
		}
		if (configValue(more.config, 'node-ip') !== undefined)
			return warn('there is none; node-ip names the address', { source: 'network', quote, do: [dummy] })
		return fail('there is none', { source: 'network', quote, do: [dummy] })
	},
})
