import { fact, rule, strong } from '../../src/rule.js'
import { mirrorEntry, restartCommand } from '../workload/commands.js'
import { failedPulls } from './pulls.js'
import { forPods, pullSigns } from './sign.js'

const speaksHttp = /server gave HTTP response to HTTPS client|first record does not look like a TLS/

export default rule({
	cause: 'registry-tls-failed',
	title: 'The TLS of an image registry is not accepted',
	severity: 'warning',
	explain:
		'The connection to the registry stands, but its certificate is not trusted here (an own CA, an expired certificate, another name), or one side speaks http and the other https. containerd asks with https unless registries.yaml gives an endpoint with http://.',
	docs: ['https://docs.k3s.io/installation/private-registry'],
	signs: [
		...pullSigns({
			of: ({ problem }) => problem === 'tls',
			says: pull =>
				speaksHttp.test(pull.text)
					? `${pull.host || 'The registry'} speaks plain http, and was asked for ${pull.image} with https${forPods(pull)}`
					: `The certificate of ${pull.host || 'the registry'} is not accepted, so ${pull.image} is not pulled${forPods(pull)}`,
		}),
		fact(['registries'], ({ registries }, evidence) =>
			failedPulls(evidence)
				.filter(({ problem, host }) => problem === 'tls' && host !== '')
				.filter(({ host }) => !registries.configs.includes(host))
				.slice(0, 1)
				.map(({ host }) => strong('registries', `registries.yaml says nothing of the TLS of ${host}`)),
		),
	],
	leadsTo: ['coredns-down', 'metrics-server-down', 'traefik-down', 'helm-job-failed', 'local-path-failed'],
	remedies: evidence => {
		const pull = failedPulls(evidence).find(({ problem }) => problem === 'tls')
		const host = pull?.host || 'REGISTRY'
		const plain = pull !== undefined && speaksHttp.test(pull.text)
		const trust = {
			title: `Trust the CA of ${host}`,
			why: 'With its CA the certificate can be checked. Leave insecure_skip_verify to experiments.',
			risk: 'restart' as const,
			interrupts: 'the management of this node for some seconds; pods go on',
			steps: [
				{
					tell: 'See who signed the certificate, and put that CA on this node:',
					commands: [
						`openssl s_client -connect ${host.includes(':') ? host : `${host}:443`} -showcerts </dev/null`,
					],
				},
				{
					tell: `Name it in /etc/rancher/k3s/registries.yaml: configs: {"${host}": {tls: {ca_file: /etc/rancher/k3s/registry-ca.crt}}}`,
				},
				{ tell: 'Then restart k3s:', commands: [restartCommand(evidence.node)] },
			],
			recheck: ['registries' as const, 'cluster' as const, 'journal' as const],
		}
		const useHttp = {
			title: `Ask ${host} with http`,
			why: 'The registry speaks no TLS. An endpoint with http:// says so; better give the registry a certificate.',
			risk: 'restart' as const,
			interrupts: 'the management of this node for some seconds; pods go on',
			steps: [
				{ tell: `In /etc/rancher/k3s/registries.yaml: ${mirrorEntry(host, `http://${host}`)}` },
				{ tell: 'Then restart k3s:', commands: [restartCommand(evidence.node)] },
			],
			recheck: ['registries' as const, 'cluster' as const, 'journal' as const],
		}
		return plain ? [useHttp, trust] : [trust, useHttp]
	},
})
