import { areaCheck } from './area-check.js'

export default areaCheck({
	id: 'runtime',
	title: 'The container runtime works',
	explain: 'containerd, its configuration and its state.',
	docs: ['https://docs.k3s.io/advanced#configuring-containerd'],
	areas: ['runtime'],
	ofRunning: true,
	passes: 'no trouble with containerd',
})
