import { areaCheck } from './area-check.js'

export default areaCheck({
	id: 'host',
	title: 'The host is sound',
	explain: 'Disks, memory, clock, kernel and limits of the host under k3s.',
	docs: ['https://docs.k3s.io/installation/requirements'],
	areas: ['host'],
	passes: 'no trouble with disks, memory, clock, kernel or limits',
})
