import {
	configValues,
	fact,
	hint,
	hostArgument,
	interruptsOfRestart,
	log,
	restartSteps,
	rule,
	serverUrl,
} from '../../src/rule.js'

/** Addresses that only this cluster's own certificates are asked for. */
const ownPort = /:6443|:6444|\/v1-k3s\/|\/cacerts|kube-apiserver|127\.0\.0\.1/

const named = /x509: certificate is valid for (?<names>[^\n]{1,600}), not (?<asked>[^\s"',;]+)/
const noAddress =
	/x509: cannot validate certificate for (?<asked>[^\s"',;]+) because it doesn't contain any IP SANs/

export default rule({
	cause: 'cert-san-missing',
	title: 'The address in use is not in the certificate of the server',
	severity: 'warning',
	severityHere: ({ service }) => (service && service.state !== 'running' ? 'critical' : undefined),
	explain:
		'The certificate of the API names the addresses under which it may be reached: those of the servers, and what `tls-san` adds. Somebody comes by another name or address, a load balancer for example, and rightly refuses a certificate that does not name it. Since August 2023 k3s no longer adds names just because a client asks for them.',
	docs: ['https://docs.k3s.io/cli/server#listeners', 'https://docs.k3s.io/datastore/cluster-loadbalancer'],
	signs: [
		log(
			named,
			({ asked, names }) =>
				`the certificate is valid for ${(names ?? '').slice(0, 200)}, but ${asked} was asked for`,
			{
				if: ({ config }, { text }) =>
					!/registry|\/v2\/|webhook/i.test(text) &&
					(ownPort.test(text) || text.includes(serverUrl(config)?.host || '\u0000')),
			},
		),
		log(noAddress, ({ asked }) => `the certificate names no addresses at all, and ${asked} was asked for`, {
			if: ({ config }, { text }) =>
				!/registry|\/v2\/|webhook/i.test(text) &&
				(ownPort.test(text) || text.includes(serverUrl(config)?.host || '\u0000')),
		}),
		fact(['api'], ({ api }) => {
			const asked = /certificate is valid for .{1,600}, not (\S+?)["']?$/.exec(api.error ?? '')?.[1]
			return (
				asked !== undefined && hint('api', `kubectl asked for ${asked}, which the certificate does not name`)
			)
		}),
	],
	leadsTo: ['api-unreachable', 'kubeconfig-stale'],
	remedies: ({ node, config }, findings) => {
		const asked = findings
			.map(({ quote }) => (named.exec(quote?.text ?? '') ?? noAddress.exec(quote?.text ?? ''))?.groups?.asked)
			.find(name => name !== undefined)
		const name = hostArgument(asked?.replace(/[\\.]+$/, ''))
		const file = config?.files[0] ?? '/etc/rancher/k3s/config.yaml'
		if (node.role === 'agent' || !name)
			return [
				{
					title: 'Add the name to tls-san on every server',
					why: 'The server issues its certificate anew at the next start, with the name in it.',
					risk: 'safe',
					interrupts: 'nothing here',
					steps: [
						{
							tell: 'On each server, one after the other: add it to the list in config.yaml and restart.',
							commands: [`tls-san:\n  - ${name ?? 'NAME-OR-ADDRESS'}`, 'systemctl restart k3s'],
						},
					],
					recheck: ['certificates', 'probes'],
				},
			]
		return [
			!configValues(config, 'tls-san').includes(name) && {
				title: `Add ${name} to the certificate of this server`,
				why: 'k3s issues the certificate anew at the next start, with the name in it.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				steps: [{ edit: file, addTo: { 'tls-san': [name] } }, ...restartSteps(node)],
				recheck: ['certificates', 'probes', 'journal'],
			},
			{
				title:
					'Make k3s forget its present listener certificate, where the name is configured but still missing',
				why: 'The certificate of port 6443 is kept in a Secret and in a file; without them a new one is made.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				preconditions: [{ apiReady: true }],
				steps: [
					{ kube: { delete: { kind: 'secret', namespace: 'kube-system', name: 'k3s-serving' } } },
					{ remove: `${node.dataDir}/server/tls/dynamic-cert.json` },
					...restartSteps(node),
				],
				recheck: ['certificates', 'probes'],
			},
		]
	},
})
