import {
	configValue,
	fact,
	hint,
	interruptsOfRestart,
	log,
	pathArgument,
	restartSteps,
	rule,
	serverUrl,
} from '../../src/rule.js'

export default rule({
	cause: 'join-non-ha-server',
	title: 'The server to be joined takes no further servers',
	severity: 'critical',
	appliesTo: ['server'],
	explain:
		'This server is to join another one, but that one keeps its data in SQLite, which cannot be shared. Several servers need embedded etcd (the first one started with cluster-init) or an external database. The refusal does not say so, and looks like a wrong token.',
	docs: ['https://docs.k3s.io/datastore/ha-embedded', 'https://docs.k3s.io/datastore/ha'],
	signs: [
		log(
			/(?:failed to bootstrap cluster data|preparing server):.*etcd disabled|^etcd disabled/,
			'the server to be joined says that it has no etcd',
			{ if: ({ config }) => !config || serverUrl(config) !== undefined || config.values.size === 0 },
		),
		log(
			/(?:\/v1-k3s\/server-bootstrap|\/db\/info|server-bootstrap)[^\n]{0,120}(?:403 Forbidden|400 Bad Request|404 Not Found)/,
			'the server to be joined hands out no data for a further server',
		),
		fact(['config', 'journal'], ({ config, journal, node }, { service, probes }) => {
			const server = serverUrl(config)
			if (!server || node.role === 'agent' || service?.state === 'running') return undefined
			if (configValue(config, 'datastore-endpoint')) return undefined
			const began = journal.newest?.messages.find(({ text }) =>
				text.startsWith('Managed etcd cluster not yet initialized'),
			)
			const alive = probes?.http.some(
				({ url, status }) => url === `https://${server.host}:${server.port}/ping` && status === 200,
			)
			return (
				began &&
				alive &&
				hint(
					'config',
					`this server is to join ${server.host}, which answers, but never became a member of an etcd cluster`,
					{
						quote: began.quote,
					},
				)
			)
		}),
	],
	leadsTo: ['token-wrong', 'api-unreachable', 'node-not-ready'],
	remedies: ({ node, config }) => {
		const server = serverUrl(config)
		const from = server?.host ?? 'the first server'
		const origin = config?.values.get('server')?.origin
		const file = origin?.kind === 'file' ? pathArgument(origin.file) : undefined
		return [
			{
				title: `Move ${from} to embedded etcd first`,
				why: 'With cluster-init a server takes its SQLite data over into etcd at the next start; then others can join.',
				risk: 'safe',
				interrupts: `nothing here; the API of ${from} for about a minute`,
				steps: [
					{
						tell: `On ${from}, with a copy of its data at hand:`,
						commands: [
							'systemctl stop k3s',
							'cp -a /var/lib/rancher/k3s/server/db /root/k3s-db-before-etcd',
							"echo 'cluster-init: true' >> /etc/rancher/k3s/config.yaml",
							'systemctl start k3s',
							'k3s kubectl get nodes',
						],
					},
					{ tell: 'Then here:', commands: [`systemctl restart ${node.unit}`] },
				],
				recheck: ['journal', 'units'],
			},
			{
				title: 'Make this host an agent instead',
				why: 'An agent joins any server.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'Switch the server service of this host off and install the agent in its place:',
						commands: [
							`systemctl disable --now ${node.unit}`,
							`curl -sfL https://get.k3s.io | K3S_URL=https://${from}:${server?.port ?? 6443} K3S_TOKEN=TOKEN sh -`,
						],
					},
				],
				recheck: ['units'],
			},
			file !== undefined && {
				title: 'Let this server be a cluster of its own',
				why: 'Without `server` it does not join anybody.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				steps: [{ edit: file, remove: ['server'] }, ...restartSteps(node)],
				recheck: ['config', 'units', 'journal'],
			},
		]
	},
})
