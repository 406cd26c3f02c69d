import { check, configValue, fail, pass, unseen, warn } from '../../src/check.js'
import { isFirst, joined } from './joins.js'

export default check({
	id: 'token',
	list: 'preflight',
	title: 'The token is plausible',
	explain:
		"A node proves with a token that it may join. The full form begins with K10 and the hash of the cluster's authorities, so that the node also knows that it talks to the right server.",
	docs: ['https://docs.k3s.io/cli/token'],
	needs: ['node'],
	look: ({ node }, { more }) => {
		const { config, preflight } = more
		const token = preflight?.token
		const set =
			token !== undefined || (configValue(config, 'token') ?? configValue(config, 'token-file')) !== undefined
		if (isFirst(more) && !set) return { because: 'the first server makes a token of its own' }
		const path = `/var/lib/rancher/k3s/server/${node.role === 'agent' ? 'node-token' : 'token'}`
		const fetch = { tell: 'On a server:', commands: [`cat ${path}`] }
		if (!set)
			return unseen(
				'none is set yet',
				[`cat ${path}`],
				'The installation script takes it as K3S_TOKEN. On a server:',
			)
		if (!token) return unseen('one is set; of which form it is was masked, or not asked for')
		const seen = {
			source: 'preflight' as const,
			quote: { file: `files${token.where}`, text: 'token' },
			do: [fetch],
		}
		if (token.form === 'empty') return fail('it is set and empty', seen)
		if (token.form === 'broken') return fail('it begins with K10, and then is cut off or misspelt', seen)
		const server = joined(more)
		if (token.form === 'short')
			return server
				? warn('a short token: it does not say of which cluster it is; the full one (K10…) does', seen)
				: pass(`set by the operator in ${token.where}`, seen)
		const known = [...(preflight?.caHashes ?? [])].find(
			([url]) => server && url.startsWith(originOf(server.url)),
		)?.[1]
		const own = token.caHash ?? ''
		if (known === undefined)
			return pass('a full token (K10…); the server was not there to compare it with', seen)
		return known === own
			? pass("a full token with the hash of the server's authorities", seen)
			: fail(
					`it belongs to another cluster: its hash begins with ${own.slice(0, 8)}, the server's with ${known.slice(0, 8)}`,
					seen,
				)
	},
})

function originOf(url: string): string {
	return URL.parse(url)?.origin ?? url
}
