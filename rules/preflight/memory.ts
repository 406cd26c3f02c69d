import { check, fail, isAgent, pass, warn } from '../../src/check.js'

const mebi = 1024 * 1024
/** Kernel and firmware keep a part of what was bought. */
const share = 0.85

export default check({
	id: 'memory',
	list: 'preflight',
	title: 'There is enough memory',
	matters: true,
	explain:
		"k3s's published minimum is 2 GB for a server and 512 MB for an agent, without what the applications need. With less the kernel ends k3s or pods as soon as something happens.",
	docs: ['https://docs.k3s.io/installation/requirements#hardware'],
	needs: ['memory'],
	look: ({ memory, node }) => {
		const least = (isAgent(node) ? 512 : 2048) * mebi
		const kind = isAgent(node) ? 'an agent' : 'a server'
		const seen = {
			source: 'memory' as const,
			quote: { file: 'files/proc/meminfo', line: 1, text: 'MemTotal' },
		}
		const has = `${mega(memory.total)}, ${mega(memory.available)} of it free`
		const wants = `${kind} wants ${mega(least)} at least`
		if (memory.total < (least * share) / 2)
			return fail(`${has}: ${wants}`, {
				...seen,
				do: [{ tell: 'Give the host more memory; with this little k3s does not stay up.' }],
			})
		if (memory.total < least * share)
			return warn(`${has}: ${wants}`, {
				...seen,
				do: [
					{
						tell: 'Give the host more memory, or do without parts in /etc/rancher/k3s/config.yaml: disable: [traefik, metrics-server, servicelb].',
					},
				],
			})
		if (memory.available < (least * share) / 2)
			return warn(`${has}: other programs use most of it`, {
				...seen,
				do: [{ tell: 'See what uses it:', commands: ['ps -eo rss,pid,args --sort -rss | head'] }],
			})
		return pass(has, seen)
	},
})

const mega = (bytes: number) => `${Math.round(bytes / mebi)} MiB`
