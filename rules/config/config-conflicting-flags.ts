import { configValue, fact, hint, interruptsOfRestart, log, proof, rule } from '../../src/rule.js'

export default rule({
	cause: 'config-conflicting-flags',
	title: 'Options of k3s that exclude each other are set together',
	severity: 'critical',
	severityHere: ({ service }) => (service?.state === 'running' ? 'info' : undefined),
	explain:
		'Two options contradict each other, for example an external datastore together with embedded etcd, or a cluster reset while a server URL is set. k3s refuses to guess which one is meant, or follows one of them without a word.',
	docs: ['https://docs.k3s.io/cli/server', 'https://docs.k3s.io/datastore'],
	signs: [
		log(
			/--cluster-reset required with --cluster-reset-restore-path/,
			'a restore path is given without cluster-reset',
		),
		log(/--server is required with --disable-etcd/, 'disable-etcd needs a server to join'),
		log(
			/cannot use (?<one>--[\w-]+) with (?<other>--[\w-]+)/,
			({ one, other }) => `${one} and ${other} exclude each other`,
		),
		log(
			/cannot perform cluster-reset while server URL is set/,
			'cluster-reset is asked for while a server URL is set',
		),
		log(/invalid flag use; (?<what>.+)/, ({ what = '' }) => what),
		log(
			/all cloud-provider functionality disabled by config/,
			'the cloud controller and ServiceLB are both off, and yet it is started',
		),
		fact(['config'], ({ config }, { service }) => {
			const on = (flag: string) => !['', 'false', undefined].includes(configValue(config, flag))
			const endpoint = config.values.get('datastore-endpoint')
			const found = [
				endpoint && on('cluster-init')
					? 'datastore-endpoint and cluster-init are set together: embedded etcd and an external datastore exclude each other'
					: '',
				on('cluster-reset') && config.values.get('server') ? 'cluster-reset and server are set together' : '',
			].filter(Boolean)
			return found.map(says => (service?.state === 'running' || endpoint ? hint : proof)('config', says))
		}),
	],
	leadsTo: ['api-unreachable', 'node-not-ready'],
	remedies: ({ node }) => [
		{
			title: 'Decide which of the two is meant, and take the other out',
			why: 'The datastore decides: its data lies either in etcd on this disk, in SQLite, or on the external server.',
			risk: 'restart',
			interrupts: interruptsOfRestart(node),
			steps: [
				{ run: ['ls', '-la', `${node.dataDir}/server/db`], exits: [0, 2] },
				{
					tell: 'Edit the configuration, then restart k3s:',
					commands: [
						'vi /etc/rancher/k3s/config.yaml',
						`systemctl cat ${node.unit}`,
						`systemctl restart ${node.unit}`,
					],
				},
			],
			backup: ['/etc/rancher/k3s/config.yaml'],
			recheck: ['config', 'units', 'journal'],
		},
	],
})
