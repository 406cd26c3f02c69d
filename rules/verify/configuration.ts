import { areaCheck } from './area-check.js'

export default areaCheck({
	id: 'configuration',
	title: 'The configuration is valid',
	explain: 'What k3s was told in config.yaml, its drop-ins, its unit and its environment.',
	docs: ['https://docs.k3s.io/installation/configuration'],
	areas: ['config'],
	passes: 'no mistake was found in it',
})
