import { interruptsOfRestart, log, rule } from '../../src/rule.js'

export default rule({
	cause: 'config-mismatch-servers',
	title: 'Critical options differ between the servers of this cluster',
	severity: 'critical',
	severityHere: ({ service }) => (service?.state === 'running' ? 'warning' : undefined),
	appliesTo: ['server'],
	explain:
		'All servers of a cluster must agree on networks, DNS domain, flannel backend, egress mode, secrets encryption and what is disabled. This server has another value than the one that it joins, so it is refused; or the servers hold different encryption keys.',
	docs: [
		'https://docs.k3s.io/cli/server#critical-configuration-values',
		'https://docs.k3s.io/datastore/ha-embedded',
	],
	signs: [
		log(
			// Before November 2022 without the last words.
			/critical configuration value mismatch(?: between servers)?/,
			'the server to be joined has other critical values',
		),
		log(/critical configuration mismatched: (?<flags>.+)/, ({ flags }) => `these differ: ${flags}`),
		log(
			/hash does not match between (?<servers>.+)|unsupported encryption keys found|more than 3 providers/,
			'the servers hold different secrets encryption keys',
		),
		log(
			// v1.20 to v1.22 of a server to be joined that encrypts secrets: the path for its key is empty here.
			/preparing server: failed to write to : open : no such file or directory/,
			'the server to be joined encrypts secrets, and this one was started without secrets-encryption',
		),
		log(
			/(?<why>incorrect stage: [^\n]{1,120}|cannot enable secrets encryption with [^\n]{1,120})/,
			({ why }) => `the servers do not agree on secrets encryption: ${why}`,
		),
	],
	leadsTo: ['api-unreachable', 'node-not-ready'],
	remedies: ({ node }) => [
		{
			title: 'Give this server the values that the others have',
			why: 'Compare the start arguments of the servers; secrets are masked in them. Never change the networks of a cluster that lives.',
			risk: 'restart',
			interrupts: interruptsOfRestart(node),
			steps: [
				{
					tell: 'On a server that works:',
					commands: [
						'k3s kubectl get nodes -l node-role.kubernetes.io/control-plane -o jsonpath=\'{range .items[*]}{.metadata.name}{"\\n"}{.metadata.annotations.k3s\\.io/node-args}{"\\n"}{end}\'',
					],
				},
				{
					tell: 'Then here:',
					commands: ['vi /etc/rancher/k3s/config.yaml', `systemctl restart ${node.unit}`],
				},
			],
			backup: ['/etc/rancher/k3s/config.yaml'],
			recheck: ['config', 'units', 'journal'],
		},
	],
})
