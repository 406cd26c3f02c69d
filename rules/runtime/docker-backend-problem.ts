import {
	configValue,
	type Evidence,
	fact,
	interruptsOfRestart,
	log,
	nowOf,
	proof,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { withoutDocker } from '../kinds.js'
import { apiQuote } from '../workload/cite.js'
import { fullName, listed, ownPods } from '../workload/pods.js'

const usesDocker = ({ config }: Evidence) => configValue(config, 'docker') === 'true'

export default rule({
	cause: 'docker-backend-problem',
	title: 'Docker, which k3s is told to use, does not serve it',
	severity: 'critical',
	severityHere: ({ service }) => (service?.state === 'running' ? 'warning' : undefined),
	notFor: withoutDocker,
	explain:
		'With --docker k3s runs its containers in the Docker of the host, through cri-dockerd. Docker must be installed, run, fit in version, and use the same cgroup driver as the kubelet. Image archives for airgapped hosts and registries.yaml do not apply to it.',
	docs: ['https://docs.k3s.io/advanced#using-docker-as-the-container-runtime'],
	signs: [
		log(
			/(?<what>failed to create docker client|failed to get docker runtime info|cri-dockerd exited|cri-dockerd disabled at build time|Cannot connect to the Docker daemon)(?<why>[^\n]{0,300})/,
			({ what, why }) => `${what}${why}`,
		),
		log(
			/(?<why>client version \S{1,20} is too (?:old|new)[^\n]{0,200})/,
			({ why }) => `Docker and cri-dockerd do not fit: ${why}`,
			{ if: usesDocker },
		),
		log(
			/(?<what>failed to identify the read-write layer ID for container|failed to read pod IP from plugin\/docker|CNI failed to retrieve network namespace path)(?<why>[^\n]{0,300})/,
			({ what, why }) => `Docker does not know its own containers any more: ${what}${why}`,
			{
				if: (evidence, { count, lastAt }) =>
					usesDocker(evidence) && count > 5 && nowOf(evidence) - lastAt < 900_000,
			},
		),
		fact(['cluster'], ({ cluster }, evidence) => {
			if (!(cluster.self?.runtime.startsWith('docker://') || usesDocker(evidence))) return undefined
			const ill = ownPods(evidence).flatMap(pod =>
				pod.containers
					.filter(
						({ current }) =>
							current.state === 'waiting' &&
							current.reason === 'ImageInspectError' &&
							// A table of pods has no room for the message.
							(current.message === '' ||
								/Id or size of image|client version|API version/.test(current.message)),
					)
					.map(({ current }) => ({ pod, current })),
			)
			const [first] = ill
			return (
				first &&
				strong(
					'cluster',
					`cri-dockerd does not understand what Docker${cluster.self ? ` (${cluster.self.runtime})` : ''} says of images: ${listed(ill.map(({ pod }) => fullName(pod)))}`,
					{ quote: apiQuote('pods', first.current.message || first.current.reason) },
				)
			)
		}),
		fact(['config', 'units'], ({ units }, evidence) => {
			if (!usesDocker(evidence)) return undefined
			const docker = units.all.find(({ id }) => id === 'docker.service')
			if (!docker) return undefined
			if (docker.loadState === 'not-found')
				return strong('units', '--docker is set, and this host has no docker.service', {
					quote: docker.quote,
				})
			const says = `--docker is set, and docker.service is ${docker.activeState} (${docker.result})`
			return docker.activeState !== 'active' && docker.activeState !== 'activating'
				? proof('units', says, { quote: docker.quote, at: docker.inactiveAt })
				: undefined
		}),
	],
	leadsTo: ['node-not-ready', 'api-unreachable'],
	remedies: ({ node }) => [
		{
			title: 'Start Docker, then k3s',
			why: 'k3s waits for the socket of Docker.',
			risk: 'restart',
			interrupts: interruptsOfRestart(node),
			preconditions: [{ unitExists: 'docker.service' }],
			steps: [{ run: ['systemctl', 'start', 'docker.service'] }, ...restartSteps(node)],
			recheck: ['units', 'journal', 'runtime'],
		},
		{
			title: "Use k3s's own containerd instead",
			why: 'It fits the version of k3s, imports image archives and reads registries.yaml. Images and containers of Docker are not taken over.',
			risk: 'destructive',
			interrupts: 'every pod of this node is started anew; images are pulled or imported again',
			steps: [
				{
					tell: 'Take --docker out of the unit, or docker: true out of config.yaml, and restart k3s:',
					commands: [`grep -n docker /etc/rancher/k3s/config.yaml /etc/systemd/system/${node.unit}`],
				},
			],
			recheck: ['config', 'units', 'journal', 'runtime'],
		},
	],
})
