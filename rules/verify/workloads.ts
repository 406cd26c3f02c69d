import { areaCheck } from './area-check.js'

export default areaCheck({
	id: 'workloads',
	title: 'The applications run',
	explain: 'Pods of the applications on this node.',
	docs: ['https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/'],
	areas: ['workload'],
	ofRunning: true,
	passes: 'no pod of an application is in trouble',
})
