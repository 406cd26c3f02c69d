import { imageArgument, rule } from '../../src/rule.js'
import { inNamespace, nameOr } from '../workload/commands.js'
import { type FailedPull, failedPulls } from './pulls.js'
import { forPods, pullSigns } from './sign.js'

const problems: ReadonlySet<FailedPull['problem']> = new Set([
	'never',
	'bad-name',
	'not-found',
	'no-platform',
])

function says(pull: FailedPull): string {
	const who = pull.host || 'the registry'
	switch (pull.problem) {
		case 'never':
			return `${pull.image} is not on this node, and its pull policy Never forbids to fetch it${forPods(pull)}`
		case 'bad-name':
			return `"${pull.image}" is no valid image name${forPods(pull)}`
		case 'no-platform':
			return `${pull.image} exists, but not for this node's platform${forPods(pull)}`
		default:
			return `${who} does not have ${pull.image}${forPods(pull)}`
	}
}

export default rule({
	cause: 'image-not-found',
	title: 'A pod names an image that is not to be had',
	severity: 'warning',
	explain:
		'The image name or tag does not exist where it is looked for, or not for this platform, or it was to be on the node already (imagePullPolicy Never) and is not. Often it is a misspelt tag, a build that was never pushed, or an image that was loaded into another node, or into docker instead of containerd.',
	docs: ['https://kubernetes.io/docs/concepts/containers/images/', 'https://docs.k3s.io/installation/airgap'],
	signs: pullSigns({ of: ({ problem }) => problems.has(problem), says }),
	leadsTo: ['coredns-down', 'metrics-server-down', 'traefik-down', 'helm-job-failed', 'local-path-failed'],
	remedies: evidence => {
		const pull = failedPulls(evidence).find(({ problem }) => problems.has(problem))
		const image = imageArgument(pull?.image) ?? 'IMAGE'
		const pod = pull?.pods[0]
		const where = inNamespace(pod?.namespace)
		return [
			{
				title: 'Correct the name of the image',
				why: 'The pod starts as soon as its template names an image that exists.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'See what is on this node and what the pod asks for, then change the template (of the deployment, not of the pod):',
						commands: [
							'k3s crictl images',
							`k3s kubectl ${where} describe pod ${nameOr(pod?.name, 'POD')}`,
							`k3s kubectl ${where} set image deployment/NAME CONTAINER=IMAGE:TAG`,
						],
					},
				],
				recheck: ['cluster', 'runtime'],
			},
			{
				title: 'Bring the image to this node',
				why: 'An image that no registry has must be imported into containerd on each node that may run the pod; docker and containerd do not share images.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'Save it where it was built, copy the file, and import it here:',
						commands: [
							`docker save ${image} -o image.tar`,
							'scp image.tar THIS_NODE:',
							'k3s ctr -n k8s.io images import image.tar',
						],
					},
				],
				recheck: ['runtime', 'cluster'],
			},
		]
	},
})
