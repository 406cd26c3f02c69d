import {
	configValue,
	type Evidence,
	fact,
	interruptsOfRestart,
	log,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { hasSettled, minutes } from '../workload/pods.js'
import { containerdSign, whileDown } from './state.js'

/** Another runtime than the embedded one is asked on its own socket, and is not k3s's to start. */
function hasOwnContainerd({ config }: Evidence): boolean {
	return (
		configValue(config, 'docker') !== 'true' &&
		configValue(config, 'container-runtime-endpoint') === undefined
	)
}

export default rule({
	cause: 'containerd-failed',
	title: 'containerd does not run',
	severity: 'critical',
	explain:
		'k3s starts containerd as a child and waits for it. When containerd ends, k3s ends too; when it hangs, k3s waits. Its own log says why: agent/containerd/containerd.log below the data directory. Containers that run already go on, but nothing new starts.',
	docs: ['https://docs.k3s.io/advanced#configuring-containerd'],
	signs: [
		// Full disks, bad configuration and damaged state end in the same words.
		log(
			/containerd(?: exited: |: (?=exit status \d))(?<how>[^\n"]{1,200})/,
			({ how }) => `containerd ended (${how}), and k3s with it`,
			{ neverProof: true },
		),
		log(
			/Waiting for containerd startup: (?<why>[^\n]{1,300})/,
			({ why }) => `k3s waits for containerd: ${why}`,
			{
				neverProof: true,
				if: (evidence, { firstAt, lastAt }) =>
					lastAt - firstAt > 1 * minutes && evidence.journal?.newest?.readyAt === undefined,
			},
		),
		log(
			/(?<what>validate CRI v1 runtime API for endpoint|unknown service runtime\.v1\.RuntimeService)(?<why>[^\n]{0,200})/,
			({ what, why }) => `The kubelet gets no answer from the container runtime: ${what}${why}`,
			{ neverProof: true, if: evidence => hasOwnContainerd(evidence) },
		),
		containerdSign(
			/^(?:containerd: )?(?<why>(?:panic: |fatal error: |SIGSEGV)[^\n]{0,200})/,
			({ why }) => `containerd panicked: ${why}`,
			whileDown('strong'),
		),
		containerdSign(
			/^containerd: (?<why>[^\n]{1,300})/,
			({ why }) => `containerd ended with the words: ${why}`,
			whileDown('strong'),
		),
		fact(['runtime', 'service'], ({ runtime, service }, evidence) => {
			if (runtime.answered || service.state !== 'running' || !hasOwnContainerd(evidence)) return undefined
			const dead = /connection refused|no such file|DeadlineExceeded|deadline exceeded/.test(
				runtime.error ?? '',
			)
			return (
				dead &&
				hasSettled(evidence, 2 * minutes) &&
				strong('runtime', `crictl gets no answer from containerd: ${runtime.error ?? ''}`)
			)
		}),
		fact(['runtime', 'service'], ({ runtime }, evidence) => {
			const condition = runtime.conditions.find(({ type }) => type === 'RuntimeReady')
			return (
				condition?.status === false &&
				hasSettled(evidence, 2 * minutes) &&
				strong('runtime', `containerd says that it is not ready: ${condition.reason} ${condition.message}`)
			)
		}),
	],
	leadsTo: ['api-unreachable', 'node-not-ready', 'cni-not-ready'],
	remedies: ({ node }) => [
		{
			title: 'Read what containerd said, then restart k3s',
			why: 'The reason stands at the end of its own log, not in the journal.',
			risk: 'restart',
			interrupts: interruptsOfRestart(node),
			steps: [
				{ run: ['tail', '-n', '40', `${node.dataDir}/agent/containerd/containerd.log`] },
				...restartSteps(node),
			],
			recheck: ['containerd', 'units', 'journal', 'runtime'],
		},
	],
})
