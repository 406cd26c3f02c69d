import { check, datastoreNames, fail, pass, unseen } from '../../src/check.js'
import { byArea } from './areas.js'

export default check({
	id: 'datastore',
	list: 'verify',
	title: 'The datastore is well',
	appliesTo: ['server'],
	explain:
		'All objects of the cluster lie in the datastore. If it is slow, full or without a majority, nothing can be changed.',
	docs: ['https://docs.k3s.io/datastore'],
	needs: ['datastore'],
	look: ({ datastore }, { more, diagnoses }) => {
		const found = byArea(diagnoses, 'datastore')
		if (found.length > 0) return found
		const name = datastoreNames[datastore.kind] ?? 'of an unknown kind'
		const sick = datastore.etcdHealth.filter(({ healthy }) => !healthy)
		if (sick.length > 0)
			return fail(`${name}: ${sick.map(({ reason }) => reason || 'not healthy').join(', ')}`, {
				source: 'datastore',
			})
		const checked = more.api?.readyz
		if (datastore.etcdHealth.length > 0) return pass(`${name}, healthy`, { source: 'datastore' })
		if (checked?.ok) return pass(`${name}; the API server is ready and reads from it`, { source: 'api' })
		return unseen(`${name}; whether it answers could not be seen`, [
			"k3s kubectl get --raw '/readyz?verbose'",
		])
	},
})
