import { check, pass, unseen } from '../../src/check.js'
import { nodeName } from '../host/identity.js'
import { fromCauses } from '../verify/from-causes.js'
import { isFirst } from './joins.js'

export default check({
	id: 'hostname-unique',
	list: 'preflight',
	title: 'No other node has this hostname',
	explain:
		'Two hosts with one name take each other for the same node: the second one is refused (node password), or both write the same node object in turn.',
	docs: ['https://docs.k3s.io/installation/requirements#prerequisites'],
	needs: ['names'],
	look: (_have, { more, diagnoses }) => {
		const name = nodeName(more)
		const twice = fromCauses(diagnoses, cause => cause === 'hostname-duplicate')
		if (twice.length > 0) return twice
		if (isFirst(more)) return pass(`${name} is the first node of its cluster`, { source: 'names' })
		const nodes = more.cluster?.nodes
		if (nodes)
			return pass(
				`${name} is one of the ${nodes.length} nodes, and nothing speaks for a second one of that name`,
				{ source: 'cluster' },
			)
		return unseen(
			`from here the names of the other nodes cannot be seen; ${name} must not be among them`,
			['k3s kubectl get nodes'],
			'On a server:',
		)
	},
})
