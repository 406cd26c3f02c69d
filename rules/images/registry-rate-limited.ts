import { rule } from '../../src/rule.js'
import { authEntry, mirrorEntry, restartCommand } from '../workload/commands.js'
import { isDockerHub } from './image-name.js'
import { failedPulls } from './pulls.js'
import { forPods, pullSigns } from './sign.js'

export default rule({
	cause: 'registry-rate-limited',
	title: 'The registry refuses further pulls for a while (429)',
	severity: 'warning',
	explain:
		'The registry answers "too many requests". Docker Hub counts pulls by account or, without one, by the address that it sees, so all hosts behind one NAT share a small allowance. The kubelet tries again by itself, and pods whose images are on the node already go on.',
	docs: [
		'https://docs.docker.com/docker-hub/usage/pulls/',
		'https://docs.k3s.io/installation/private-registry',
	],
	signs: pullSigns({
		of: ({ problem }) => problem === 'rate-limited',
		says: pull => `${pull.host || 'The registry'} answers 429 to the pull of ${pull.image}${forPods(pull)}`,
	}),
	leadsTo: ['coredns-down', 'metrics-server-down', 'traefik-down', 'helm-job-failed', 'local-path-failed'],
	remedies: evidence => {
		const pull = failedPulls(evidence).find(({ problem }) => problem === 'rate-limited')
		const host = pull && !isDockerHub(pull.host) && pull.host ? pull.host : 'registry-1.docker.io'
		return [
			{
				title: 'Pull with an account',
				why: 'An account has an allowance of its own, which does not depend on the address.',
				risk: 'restart',
				interrupts: 'the management of this node for some seconds; pods go on',
				steps: [
					{
						tell: `Give k3s the credentials in /etc/rancher/k3s/registries.yaml: ${authEntry(host)} (the entry of Docker Hub is named registry-1.docker.io)`,
					},
					{ tell: 'Then restart k3s:', commands: [restartCommand(evidence.node)] },
				],
				recheck: ['cluster', 'journal'],
			},
			{
				title: 'Pull through a mirror',
				why: 'A pull-through cache asks the registry once for all nodes. The embedded mirror of k3s shares what any node has.',
				risk: 'restart',
				interrupts: 'the management of this node for some seconds; pods go on',
				steps: [
					{
						tell: `Name the mirror in /etc/rancher/k3s/registries.yaml, ${mirrorEntry(pull && !isDockerHub(pull.host) ? host : 'docker.io')}, and restart k3s:`,
						commands: [restartCommand(evidence.node)],
					},
				],
				recheck: ['registries', 'cluster', 'journal'],
			},
			{
				title: 'Wait',
				why: 'The allowance of Docker Hub is counted over six hours; the kubelet goes on trying every five minutes.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{ tell: 'Look again later:', commands: ["k3s kubectl get pods -A | grep -E 'ImagePull|ErrImage'"] },
				],
				recheck: ['cluster'],
			},
		]
	},
})
