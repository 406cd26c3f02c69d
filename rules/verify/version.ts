import { areaCheck } from './area-check.js'

export default areaCheck({
	id: 'version',
	title: 'Versions agree',
	explain: 'The program on the disk, the one that runs, and the other nodes.',
	docs: ['https://docs.k3s.io/upgrades'],
	areas: ['upgrade'],
	ofRunning: true,
	passes: 'no version is ahead or behind',
})
