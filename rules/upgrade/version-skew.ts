import { fact, log, nowOf, proof, rule, strong } from '../../src/rule.js'
import { minorsAhead } from './versions.js'

/** Kubernetes lets a kubelet be this many minor versions older than its API server. */
const oldestKubelet = 3

const policy = 'a kubelet may never be newer than its API server, and at most three minor versions older'

export default rule({
	cause: 'version-skew',
	title: 'The k3s versions of server and agent do not go together',
	severity: 'warning',
	explain:
		'Agents must not be newer than their server, and not much older: the kubelet then asks for what the API server does not have, or no longer has. Servers are upgraded first, one by one, then the agents, without skipping a minor version.',
	docs: ['https://docs.k3s.io/upgrades', 'https://kubernetes.io/releases/version-skew-policy/'],
	signs: [
		fact(['k3s', 'api'], ({ k3s, api, node }) => {
			if (node.role === 'server') return undefined
			const own = k3s.runningVersion ?? k3s.version
			const ahead = minorsAhead(own, api.serverVersion)
			if (ahead === undefined || (ahead <= 0 && ahead >= -oldestKubelet)) return undefined
			return proof('k3s', `this agent runs ${own}, its server ${api.serverVersion}: ${policy}`)
		}),
		fact(['cluster'], ({ cluster }, { k3s, api, clock, node }) => {
			const server =
				node.role === 'server'
					? (k3s?.runningVersion ?? k3s?.version ?? api?.serverVersion)
					: api?.serverVersion
			const now = clock ? nowOf({ node, clock }) : undefined
			return (cluster.nodes ?? [])
				.filter(({ deletedAt }) => deletedAt === undefined)
				.flatMap(other => {
					const ahead = minorsAhead(other.kubeletVersion, server)
					if (ahead === undefined || (ahead <= 0 && ahead >= -oldestKubelet)) return []
					// During a rolling upgrade of the servers one of them is ahead for a while.
					const isServer = Object.keys(other.labels).some(label =>
						/node-role\.kubernetes\.io\/(control-plane|master)/.test(label),
					)
					if (isServer && ahead === 1) return []
					return [
						strong(
							'cluster',
							`node ${other.name} runs ${other.kubeletVersion}, the server ${server}: ${policy}`,
							now === undefined ? {} : { at: now },
						),
					]
				})
		}),
		log(
			/incompatible down-level server detected; servers must be upgraded to at least (?<version>\S+)/,
			({ version }) => `the server is too old for this agent: it must be at least ${version}`,
		),
	],
	leadsTo: ['node-not-ready'],
	remedies: ({ node, k3s, api }) => {
		const server = api?.serverVersion ?? 'VERSION'
		const own = k3s?.runningVersion ?? k3s?.version ?? 'VERSION'
		const fits = (version: string) => (/^v[0-9A-Za-z.+-]{3,40}$/.test(version) ? version : 'VERSION')
		return [
			{
				title: 'Bring servers and agents to one version',
				why: 'Servers first: never take a server back to an older version. Where the agent is ahead, upgrade the servers, or install the older version on the agent again.',
				risk: 'restart',
				interrupts: 'each node for about a minute, one after the other',
				steps: [
					{
						tell: 'On each server, one by one:',
						commands: [`curl -sfL https://get.k3s.io | INSTALL_K3S_VERSION=${fits(own)} sh -s - server`],
					},
					...(node.role === 'agent'
						? [
								{
									tell: 'Or, on this agent:',
									commands: [
										`curl -sfL https://get.k3s.io | INSTALL_K3S_VERSION=${fits(server)} sh -s - agent`,
									],
								},
							]
						: []),
				],
				recheck: ['k3s', 'api', 'cluster'],
			},
		]
	},
})
