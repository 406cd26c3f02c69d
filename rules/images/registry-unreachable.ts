import { fact, hint, hostArgument, interruptsOfRestart, rule, strong } from '../../src/rule.js'
import { mirrorEntry, restartCommand } from '../workload/commands.js'
import { failedPulls } from './pulls.js'
import { forPods, pullSigns } from './sign.js'
import { cannotReach, isOwnedBy } from './whose.js'

/** `registry.example.org:5000` -> name and port. */
function split(host: string): { name: string; port: string } {
	const parts = /^(?:\[(?<v6>[^\]]+)\]|(?<name>[^:]+))(?::(?<port>\d{1,5}))?$/.exec(host)?.groups
	return { name: parts?.v6 ?? parts?.name ?? '', port: parts?.port ?? '' }
}

export default rule({
	cause: 'registry-unreachable',
	title: 'An image registry cannot be reached from this node',
	severity: 'warning',
	explain:
		'A pod waits for an image, and the registry that should deliver it does not answer this node: its name does not resolve, nothing listens there, a firewall drops the request, or the registry itself is out of order. Pods whose images are on the node already go on.',
	docs: [
		'https://docs.k3s.io/installation/private-registry',
		'https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff',
	],
	signs: [
		...pullSigns({
			of: (pull, evidence) => cannotReach(pull) && isOwnedBy(evidence, pull, 'registry-unreachable'),
			says: pull => {
				const who = pull.host || 'its registry'
				const why =
					pull.problem === 'name-unknown'
						? `the name ${split(who).name || who} does not resolve`
						: /\b5\d\d [A-Z]/.test(pull.text)
							? `${who} answers with an error of its own`
							: `${who} cannot be reached`
				return `${pull.image} is not pulled: ${why}${forPods(pull)}`
			},
			// One time-out may be a hiccup; a name that does not exist is none.
			weight: pull => (pull.repeated || pull.problem === 'name-unknown' ? 'proof' : 'strong'),
		}),
		fact(['names'], ({ names }, evidence) => {
			const hosts = failedPulls(evidence)
				.filter(pull => cannotReach(pull) && isOwnedBy(evidence, pull, 'registry-unreachable'))
				.map(({ host }) => split(host).name)
			return [...new Set(hosts)]
				.filter(host => names.lookups.get(host)?.length === 0)
				.map(host => strong('names', `this host cannot resolve ${host} either`))
		}),
		fact(['registries'], ({ registries }, evidence) =>
			registries.mirrors
				.filter(mirror =>
					failedPulls(evidence).some(
						pull =>
							cannotReach(pull) && pull.host !== '' && mirror.endpoints.some(url => url.includes(pull.host)),
					),
				)
				.map(({ host, quote }) =>
					hint('registries', `registries.yaml sends images of ${host} there`, { quote }),
				),
		),
	],
	leadsTo: ['coredns-down', 'metrics-server-down', 'traefik-down', 'helm-job-failed', 'local-path-failed'],
	remedies: evidence => {
		const pull = failedPulls(evidence).find(
			candidate => cannotReach(candidate) && isOwnedBy(evidence, candidate, 'registry-unreachable'),
		)
		const { name, port } = split(pull?.host ?? '')
		const host = hostArgument(name)
		const url = host && `${pull?.scheme || 'https'}://${host}${port ? `:${port}` : ''}/v2/`
		return [
			{
				title: host
					? `See how far this node gets towards ${host}`
					: 'See how far this node gets to the registry',
				why: 'The name, the route and the registry fail in different ways; 200 or 401 from /v2/ means that it works.',
				risk: 'safe',
				interrupts: 'nothing',
				steps:
					host && url
						? [
								{ run: ['getent', 'ahosts', host], exits: [0, 2] },
								{
									run: ['curl', '-sS', '-o', '/dev/null', '-w', '%{http_code}\\n', '--max-time', '15', url],
									exits: [0, 5, 6, 7, 28, 35, 56, 60],
								},
							]
						: [
								{
									tell: 'Ask the registry that the image names',
									commands: ['getent ahosts REGISTRY', 'curl -sS https://REGISTRY/v2/'],
								},
							],
				recheck: ['names', 'cluster'],
			},
			{
				title: 'Correct or add a mirror in registries.yaml',
				why: 'Where the registry moved, or where another one holds the same images, k3s can ask there instead. The file is read at the start of k3s only.',
				risk: 'restart',
				interrupts: interruptsOfRestart(evidence.node),
				steps: [
					{
						tell: `Write the endpoint that works into /etc/rancher/k3s/registries.yaml (${mirrorEntry(pull?.host || 'REGISTRY')}), or correct the name in the image itself`,
					},
					{ tell: 'Then restart k3s:', commands: [restartCommand(evidence.node)] },
				],
				recheck: ['registries', 'cluster', 'journal'],
			},
		]
	},
})
