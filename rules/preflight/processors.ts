import { check, isAgent, pass, unseen, warn } from '../../src/check.js'

export default check({
	id: 'processors',
	list: 'preflight',
	title: 'There are enough processors',
	explain:
		"k3s's published minimum is 2 cores for a server and 1 for an agent, without what the applications need. With fewer a server starts slowly and misses its own leases under load.",
	docs: ['https://docs.k3s.io/installation/requirements#hardware'],
	needs: ['memory'],
	look: ({ memory, node }) => {
		const { cpus } = memory
		const least = isAgent(node) ? 1 : 2
		if (cpus === undefined) return unseen('nobody has counted them', ['nproc'])
		const seen = {
			source: 'memory' as const,
			quote: { file: 'commands/nproc.txt', line: 1, text: String(cpus) },
		}
		return cpus < least
			? warn(`${cpus} of the ${least} cores that a server wants at least`, {
					...seen,
					do: [{ tell: 'Give the host more processors, or let it be an agent of a larger server.' }],
				})
			: pass(`${cpus} (at least ${least})`, seen)
	},
})
