import { check, configValues, pass, unseen, warn } from '../../src/check.js'

export default check({
	id: 'metrics',
	list: 'verify',
	title: 'Metrics are served',
	appliesTo: ['server'],
	explain: 'kubectl top and horizontal autoscalers ask metrics-server, which answers as a part of the API.',
	docs: ['https://docs.k3s.io/installation/packaged-components'],
	needs: ['service'],
	look: (_have, { more }) => {
		if (configValues(more.config, 'disable').some(value => value.split(',').includes('metrics-server')))
			return { because: 'metrics-server is disabled' }
		const services = more.cluster?.apiServices
		const seen = {
			source: 'cluster' as const,
			do: [
				{
					tell: 'See why:',
					commands: [
						'k3s kubectl describe apiservice v1beta1.metrics.k8s.io',
						'k3s kubectl -n kube-system logs deploy/metrics-server --tail 50',
					],
				},
			],
		}
		if (!services) return unseen('the API services could not be listed from here', ['k3s kubectl top node'])
		const metrics = services.find(({ name }) => name === 'v1beta1.metrics.k8s.io')
		if (!metrics) return warn('there is no metrics.k8s.io', seen)
		return metrics.available
			? pass('v1beta1.metrics.k8s.io is available', { source: 'cluster' })
			: warn(`v1beta1.metrics.k8s.io is not available: ${metrics.message || metrics.reason}`, seen)
	},
})
