import { check, configValues, pass, unseen, warn } from '../../src/check.js'
import { byArea } from './areas.js'

export default check({
	id: 'storage-class',
	list: 'verify',
	title: 'Volumes are made: there is one default storage class',
	appliesTo: ['server'],
	explain:
		'A claim that names no class gets a volume of the default class, in k3s local-path. Without one such claims wait for ever; with two nobody knows which is meant.',
	docs: ['https://docs.k3s.io/storage'],
	needs: ['service'],
	look: (_have, { more, diagnoses }) => {
		const found = byArea(diagnoses, 'storage')
		if (found.length > 0) return found
		const classes = more.cluster?.storageClasses
		if (!classes)
			return unseen('the storage classes could not be listed from here', ['k3s kubectl get storageclass'])
		const defaults = classes.filter(({ isDefault }) => isDefault)
		const names = defaults.map(({ name }) => name).join(', ')
		const disabled = configValues(more.config, 'disable').some(value =>
			value.split(',').includes('local-storage'),
		)
		if (defaults.length === 0)
			return disabled
				? { because: 'local-storage is disabled, and no other class is the default' }
				: warn('no class is the default', {
						source: 'cluster',
						do: [
							{
								tell: 'Make one of them the default:',
								commands: [
									'k3s kubectl get storageclass',
									`k3s kubectl annotate storageclass local-path storageclass.kubernetes.io/is-default-class=true --overwrite`,
								],
							},
						],
					})
		if (defaults.length > 1)
			return warn(`${names} are all the default`, {
				source: 'cluster',
				do: [
					{
						tell: 'Take the mark off all but one:',
						commands: [
							'k3s kubectl annotate storageclass CLASS storageclass.kubernetes.io/is-default-class-',
						],
					},
				],
			})
		return pass(names, { source: 'cluster' })
	},
})
