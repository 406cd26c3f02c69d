import { check, unseen } from '../../src/check.js'
import { inboundTraffic, ownAddress } from './inbound.js'
import { isFirst } from './joins.js'

export default check({
	id: 'reachable',
	list: 'preflight',
	title: 'Other nodes reach this host',
	explain:
		"What lies between two hosts, such as a cloud's security groups or a router, can be seen from neither of them alone. Try it from each other node, and from here to each.",
	docs: ['https://docs.k3s.io/installation/requirements#inbound-rules-for-k3s-nodes'],
	needs: ['network'],
	look: (_have, { more }) => {
		const address = ownAddress(more) ?? 'ADDRESS-OF-THIS-HOST'
		const tcp = inboundTraffic(more).filter(({ protocol }) => protocol === 'tcp')
		const udp = inboundTraffic(more).find(({ protocol }) => protocol === 'udp')
		const port = tcp[0]?.port ?? 10250
		if (isFirst(more) && more.cluster?.nodes?.length === 1)
			return { because: 'this is the only node of its cluster' }
		const others = tcp.slice(1).map(item => item.port)
		return unseen(
			'that can only be tried from another host. Before k3s runs, something has to listen here for the time of the trial.',
			[
				`nc -l ${port}   # here, or nc -l -p ${port}`,
				`nc -vz -w 3 ${address} ${port}   # on the other node${others.length > 0 ? `; the same for ${others.join(', ')}` : ''}`,
				...(udp
					? [`nc -ul ${udp.port}   # here; there: echo hello | nc -u -w 1 ${address} ${udp.port}`]
					: []),
			],
			'Try each port of k3s once:',
		)
	},
})
