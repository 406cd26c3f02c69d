import {
	type Evidence,
	fact,
	hint,
	interruptsOfRestart,
	log,
	proof,
	type Remedy,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { apiQuote } from '../workload/cite.js'
import { hasSettled, isOlderThan, minutes } from '../workload/pods.js'
import { flannelBackend } from './cluster-networks.js'
import { cniConfigs, configDirs, hasNoConfig } from './cni-files.js'
import { changeFlags, flagQuote, isOn } from './config-steps.js'
import { withoutNetwork } from './sandbox-events.js'

/** containerd has no network to give to pods. */
function notReady({ runtime }: Evidence) {
	return runtime?.conditions.find(({ type, status }) => type === 'NetworkReady' && !status)
}

/** The same as the kubelet told the API. */
function toldNotReady({ cluster }: Evidence) {
	const ready = cluster?.self?.conditions.find(({ type }) => type === 'Ready')
	return ready?.status === 'False' &&
		/cni plugin not initialized|cni config (?:uninitialized|not initialized)|NetworkPluginNotReady/.test(
			ready.message,
		)
		? ready
		: undefined
}

const saysNotReady = (evidence: Evidence) => notReady(evidence) ?? toldNotReady(evidence)

/** In the first minutes of a start flannel has not written its configuration yet. */
function lasts(evidence: Evidence): boolean {
	return (
		hasSettled(evidence, 2 * minutes) || isOlderThan(evidence, toldNotReady(evidence)?.since, 3 * minutes)
	)
}

/** What a plugin says whose own part on this node is gone, not yet there, or of another cluster. */
const anotherAway =
	/(?<why>failed to find plugin \\*"[^"\\]{1,60}\\*"[^\n]{0,120}|incompatible CNI versions[^\n]{0,160}|error getting ClusterInformation[^\n]{0,160}|unable to connect to Cilium (?:daemon|agent)[^\n]{0,160}|unable to retrieve configuration from cilium-agent[^\n]{0,160}|stat \/var\/lib\/calico\/nodename: no such file[^\n]{0,120}|Multus: [^\n]{0,160}Unauthorized)/

export default rule({
	cause: 'cni-not-ready',
	title: 'Pods get no network: there is no usable CNI plugin',
	severity: 'critical',
	explain:
		'The container runtime finds no CNI configuration, or a plugin that it names is missing. Every pod that needs an address of its own waits, and the node stays NotReady. k3s writes the configuration itself when flannel runs; with flannel-backend none another CNI (Calico, Cilium) must be installed.',
	docs: [
		'https://docs.k3s.io/networking/basic-network-options#custom-cni',
		'https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/network-plugins/',
	],
	signs: [
		fact(['config', 'service'], ({ service }, evidence) => {
			if (service.state !== 'running' || flannelBackend(evidence) !== 'none') return undefined
			const ready = evidence.runtime?.conditions.find(({ type }) => type === 'NetworkReady')
			if (!saysNotReady(evidence) || ready?.status) return undefined
			const quote = flagQuote(evidence, 'flannel-backend')
			return hasNoConfig(evidence) === true
				? proof(
						'config',
						'flannel is switched off (flannel-backend: none), and no other CNI has put a configuration into /etc/cni/net.d',
						{ quote },
					)
				: strong(
						'config',
						'flannel is switched off (flannel-backend: none), and the CNI that is to replace it does not work',
						{ quote },
					)
		}),
		fact(['runtime', 'service'], ({ runtime, service }, evidence) => {
			const condition = notReady(evidence)
			if (!condition || service.state !== 'running') return undefined
			const quote = { file: 'crictl/info.json', text: runtime.cniProblem ?? condition.message }
			const says = `containerd has no network for pods: ${runtime.cniProblem ?? condition.message}`
			if (lasts(evidence))
				return hasNoConfig(evidence) === true
					? proof('runtime', says, { quote })
					: strong('runtime', says, { quote })
			return flannelBackend(evidence) === 'none' ? strong('runtime', says, { quote }) : undefined
		}),
		fact(['cluster', 'service'], ({ service }, evidence) => {
			const condition = toldNotReady(evidence)
			if (!condition || service.state !== 'running' || !lasts(evidence)) return undefined
			return (evidence.runtime ? hint : strong)('cluster', `the node reports: ${condition.message}`, {
				quote: apiQuote('nodes', condition.message),
				at: condition.since,
			})
		}),
		fact(['files', 'service'], ({ service }, evidence) => {
			const [own] = configDirs(evidence)
			// containerd takes the first file by name: one that an older CNI left wins over flannel's.
			const first = cniConfigs(evidence, own)[0]
			const other = first && !/flannel/.test(first.path)
			return (
				service.state === 'running' &&
				saysNotReady(evidence) !== undefined &&
				other &&
				cniConfigs(evidence, own).some(({ path }) => /10-flannel/.test(path)) &&
				hint(
					'files',
					`containerd reads ${first.path} and not the configuration of flannel, because its name comes first`,
					{ quote: first.quote },
				)
			)
		}),
		log(
			new RegExp(`failed to (?:setup|set up) network for sandbox[^\\n]{0,300}?${anotherAway.source}`),
			({ why = '' }) => `no pod can be connected: ${why}`,
			{ neverProof: true },
		),
		log(
			/failed to (?:setup|set up) network for sandbox[^\n]{0,300}?(?<why>failed to find plugin "(?<plugin>[^"]{1,60})"[^\n]{0,120}|incompatible CNI versions[^\n]{0,160})/,
			({ why = '' }) => `no pod can be connected: ${why}`,
			{ in: 'containerd' },
		),
		fact(['cluster'], (_have, evidence) =>
			withoutNetwork(
				evidence,
				anotherAway,
				match => `no pod can be connected: ${match[0].replaceAll('\\"', '"')}`,
			),
		),
		fact(['cluster'], (_have, evidence) =>
			// Another network was meant to be used, and flannel's configuration still lies there.
			flannelBackend(evidence) === 'none'
				? withoutNetwork(
						evidence,
						/subnet\.env: no such file/,
						() => 'pods are still to be connected by flannel, which is switched off',
					)
				: undefined,
		),
		log(/failed to find host-local/, 'the CNI programs that k3s unpacks are not there', { neverProof: true }),
	],
	leadsTo: [
		'node-not-ready',
		'coredns-down',
		'metrics-server-down',
		'traefik-down',
		'local-path-failed',
		'helm-job-failed',
		'pod-unschedulable',
	],
	remedies: evidence => {
		const { node } = evidence
		const off = flannelBackend(evidence) === 'none'
		const restart: Remedy = {
			title: 'Restart k3s, so that flannel writes its configuration anew',
			why: 'k3s writes 10-flannel.conflist at each start and unpacks the plugins if they are missing.',
			risk: 'restart',
			interrupts: interruptsOfRestart(node),
			steps: restartSteps(node),
			recheck: ['runtime', 'files', 'cluster', 'journal'],
		}
		if (!off) return [restart]
		return [
			{
				title: 'Install the CNI that is meant to replace flannel',
				why: 'flannel was switched off on purpose, usually for Calico or Cilium; its installation is missing or does not get ready. Its pods run in the host network and need none.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'On a server, see whether it is there, then follow its own instructions:',
						commands: [
							'k3s kubectl get pods -A -o wide | grep -E "calico|cilium|tigera"',
							'ls -l /etc/cni/net.d /opt/cni/bin',
						],
					},
				],
				recheck: ['files', 'runtime', 'cluster'],
			},
			node.role === 'server' && {
				title: 'Switch flannel on again',
				why: 'Right where no other CNI is wanted. All servers of the cluster need the same value.',
				risk: 'restart' as const,
				interrupts: interruptsOfRestart(node),
				steps: changeFlags(evidence, {
					'flannel-backend': undefined,
					...(isOn(evidence, 'disable-network-policy') && { 'disable-network-policy': undefined }),
				}),
				recheck: ['config' as const, 'runtime' as const, 'cluster' as const, 'journal' as const],
			},
		]
	},
})
