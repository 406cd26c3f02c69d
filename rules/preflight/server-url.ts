import { check, fail, pass, unseen, warn } from '../../src/check.js'
import { hostAddresses } from '../host/identity.js'
import { isFirst, joined } from './joins.js'

export default check({
	id: 'server-url',
	list: 'preflight',
	title: 'The URL of the server is plausible',
	explain:
		'A node joins by the URL of a server, https://HOST:6443, from K3S_URL or "server" in the configuration. A slip of the pen there is the most frequent reason why a new node waits for ever.',
	docs: ['https://docs.k3s.io/quick-start#install-script', 'https://docs.k3s.io/cli/agent'],
	needs: ['node'],
	look: ({ node }, { more }) => {
		const server = joined(more)
		if (!server) {
			if (isFirst(more)) return { because: 'this host joins no other' }
			return unseen('no server is named yet', [
				`k3s-doctor preflight --role ${node.role === 'agent' ? 'agent' : 'server'} --server https://SERVER:6443`,
			])
		}
		const url = URL.parse(server.url)
		const seen = {
			source: server.where === '--server' ? ('preflight' as const) : ('config' as const),
			do: [{ tell: 'It has the form https://HOST:6443.' }],
		}
		if (!url) return fail(`"${server.url}" (${server.where}) is no URL`, seen)
		const host = url.hostname.replace(/^\[|\]$/g, '')
		const own = hostAddresses(more.network).some(({ address }) => address === host)
		if (url.protocol !== 'https:')
			return fail(`${server.url} (${server.where}) does not begin with https://`, seen)
		if (own || /^(?:localhost|127\.)/.test(host) || host === node.hostname)
			return fail(`${server.url} (${server.where}) is this host itself`, {
				...seen,
				do: [
					{
						tell: 'Name another server, or no server at all on the first one (cluster-init: true for etcd).',
					},
				],
			})
		if (url.port === '')
			return warn(
				`${server.url} (${server.where}) names no port: 443 is meant then, k3s listens on 6443`,
				seen,
			)
		if (url.pathname !== '/') return warn(`${server.url} (${server.where}) has a path`, seen)
		return pass(
			`${server.url} (${server.where})${url.port === '6443' ? '' : ', not the usual port 6443'}`,
			seen,
		)
	},
})
