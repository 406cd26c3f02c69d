import { check, fail, kubeNameArgument, pass, unseen, warn } from '../../src/check.js'
import { byArea } from './areas.js'

export default check({
	id: 'node-ready',
	list: 'verify',
	title: 'The node is Ready',
	matters: true,
	explain: 'A node that is Ready takes pods; its kubelet reports that every ten seconds.',
	docs: ['https://kubernetes.io/docs/concepts/architecture/nodes/#condition'],
	needs: ['service'],
	look: ({ node }, { more, diagnoses }) => {
		const found = byArea(diagnoses, 'node')
		const self = more.cluster?.self
		const name = kubeNameArgument(node.hostname.toLowerCase()) ?? 'NODE'
		if (self === undefined) {
			if (found.length > 0) return found
			const health = more.probes?.http.find(({ url }) => url === 'http://127.0.0.1:10248/healthz')
			if (health?.status === 0 && health.exit === 7)
				return fail('the kubelet does not run: nobody listens on its health port 10248', {
					source: 'probes',
					quote: health.quote,
				})
			return unseen(
				'the node object could not be read from here',
				[`k3s kubectl get node ${name}`],
				'On a server:',
			)
		}
		const ready = self.conditions.find(({ type }) => type === 'Ready')
		const seen = {
			source: 'cluster' as const,
			quote: { file: 'api/nodes.json', text: `${self.name} Ready ${ready?.status ?? ''}` },
			do: [{ tell: 'See why:', commands: [`k3s kubectl describe node ${name}`] }],
		}
		if (ready?.status !== 'True')
			return [
				...found,
				fail(`it is not: ${ready?.message || ready?.reason || 'it says nothing of it'}`, seen),
			]
		const pressure = self.conditions.filter(
			({ type, status }) => /Pressure$|NetworkUnavailable/.test(type) && status === 'True',
		)
		return [
			...found,
			...pressure.map(({ type, message }) => fail(`${type}: ${message}`, seen)),
			self.unschedulable && found.length === 0 && warn('it is cordoned: no new pod comes here', seen),
			pass(`Ready, ${self.kubeletVersion}`, seen),
		]
	},
})
