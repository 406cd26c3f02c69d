import { areaCheck } from './area-check.js'

export default areaCheck({
	id: 'network',
	title: 'The networks of the node and the pods work',
	explain: 'The connection to the servers, ports, packet filters, flannel and kube-proxy.',
	docs: ['https://docs.k3s.io/networking/networking-services'],
	areas: ['network'],
	ofRunning: true,
	passes: 'no trouble with ports, packet filters, flannel or kube-proxy',
})
