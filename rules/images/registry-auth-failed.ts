import { fact, hint, rule } from '../../src/rule.js'
import { authEntry, inNamespace, restartCommand } from '../workload/commands.js'
import { isDockerHub, registryOf } from './image-name.js'
import { failedPulls } from './pulls.js'
import { forPods, pullSigns } from './sign.js'

/** Under which name registries.yaml needs the credentials: Docker Hub's go to the host that answers. */
function entryFor(host: string, image: string): string {
	const asked = host || registryOf(image)
	return isDockerHub(asked) ? 'registry-1.docker.io' : asked
}

export default rule({
	cause: 'registry-auth-failed',
	title: 'The registry refuses to hand out an image',
	severity: 'warning',
	explain:
		'The registry answered 401 or 403: it wants credentials, or those that it got are wrong, expired or not good for this repository. Registries hide what strangers may not see, so a misspelt repository name looks the same.',
	docs: [
		'https://docs.k3s.io/installation/private-registry',
		'https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/',
	],
	signs: [
		...pullSigns({
			of: ({ problem }) => problem === 'refused',
			says: pull => `${pull.host || 'The registry'} refuses the pull of ${pull.image}${forPods(pull)}`,
		}),
		fact(['registries'], ({ registries }, evidence) => {
			const refused = failedPulls(evidence).find(
				({ problem, host }) => problem === 'refused' && isDockerHub(host),
			)
			// containerd looks the credentials up by the host that it asks.
			return (
				refused &&
				registries.configs.includes('docker.io') &&
				!registries.configs.includes('registry-1.docker.io') &&
				hint(
					'registries',
					'registries.yaml names the credentials docker.io; k3s looks for registry-1.docker.io',
				)
			)
		}),
	],
	leadsTo: ['coredns-down', 'metrics-server-down', 'traefik-down', 'helm-job-failed', 'local-path-failed'],
	remedies: evidence => {
		const pull = failedPulls(evidence).find(({ problem }) => problem === 'refused')
		const entry = pull ? entryFor(pull.host, pull.image) : 'REGISTRY'
		const where = inNamespace(pull?.pods[0]?.namespace)
		return [
			{
				title: 'Give the pod an image pull secret',
				why: 'The credentials then belong to the namespace that needs them, and no restart is needed. Check the name of the image first.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'Make the secret and let the service account of the pods use it:',
						commands: [
							`k3s kubectl ${where} create secret docker-registry pull --docker-server=${entry} --docker-username=NAME --docker-password=TOKEN`,
							`k3s kubectl ${where} patch serviceaccount default --type=merge -p '{"imagePullSecrets":[{"name":"pull"}]}'`,
						],
					},
				],
				recheck: ['cluster'],
			},
			{
				title: 'Give the whole node credentials',
				why: 'What registries.yaml holds counts for every pod of this node, for k3s itself too.',
				risk: 'restart',
				interrupts: 'the management of this node for some seconds; pods go on',
				steps: [
					{ tell: `In /etc/rancher/k3s/registries.yaml: ${authEntry(entry)}` },
					{ tell: 'Then restart k3s:', commands: [restartCommand(evidence.node)] },
				],
				recheck: ['registries', 'cluster', 'journal'],
			},
		]
	},
})
