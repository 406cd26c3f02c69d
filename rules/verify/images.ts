import { areaCheck } from './area-check.js'

export default areaCheck({
	id: 'images',
	title: 'Images can be had',
	explain: 'Registries, their certificates and passwords, and the archives of an airgapped node.',
	docs: ['https://docs.k3s.io/installation/private-registry'],
	areas: ['images'],
	ofRunning: true,
	passes: 'no image is missing',
})
