import { areaOf, type CauseArea, check, isAgent, pass } from '../../src/check.js'
import { fromCauses } from './from-causes.js'

/** Of these an agent has no check of its own: they are the servers' affair, as far as an agent sees any of it. */
const ofServers: ReadonlySet<CauseArea> = new Set<CauseArea>(['dns', 'addons', 'storage', 'datastore'])

export default check({
	id: 'other',
	list: 'verify',
	title: 'Nothing else speaks against it',
	explain:
		'What k3s says last where no rule knows the words, and what is told by no other check of this list.',
	needs: ['journal'],
	look: ({ node }, { diagnoses }) => {
		const found = fromCauses(diagnoses, cause => {
			const area = areaOf(cause)
			return area === undefined || (isAgent(node) && ofServers.has(area))
		})
		return found.length > 0 ? found : pass('no last words that nobody understands')
	},
})
