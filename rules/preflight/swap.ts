import { check, fail, pass, warn } from '../../src/check.js'
import { kubeletSetting } from '../host/kubelet.js'

export default check({
	id: 'swap',
	list: 'preflight',
	title: 'Swap does no harm',
	explain:
		'k3s lets the kubelet run on hosts with swap, other than plain Kubernetes, and pods do not use it. But a datastore that is swapped out misses its deadlines, and a host that is short of memory becomes slow instead of ending one program. Compressed memory (zram) is not on a disk and does no harm.',
	docs: ['https://kubernetes.io/docs/concepts/cluster-administration/swap-memory-management/'],
	needs: ['memory'],
	look: ({ memory }, { more }) => {
		const seen = {
			source: 'memory' as const,
			quote: { file: 'files/proc/swaps', text: memory.swaps[0]?.name ?? '' },
		}
		const names = memory.swaps.map(({ name }) => name).join(', ')
		if (memory.swaps.length === 0) return pass('there is none', { source: 'memory' })
		const off = [
			{
				tell: 'Switch it off, and take it out of /etc/fstab:',
				commands: ['swapoff -a', 'systemctl list-units --type swap'],
			},
		]
		const forbidden = kubeletSetting(more, 'failSwapOn', 'fail-swap-on')
		if (forbidden?.value === 'true')
			return fail(`${names} is in use, and ${forbidden.where} tells the kubelet to refuse that`, {
				...seen,
				do: off,
			})
		if (memory.swaps.every(({ name }) => /zram/.test(name))) return pass(`${names}, compressed memory`, seen)
		return warn(`${names} is in use`, { ...seen, do: off })
	},
})
