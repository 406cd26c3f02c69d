import {
	type Evidence,
	fact,
	hint,
	interruptsOfRestart,
	log,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { citeEvent, citeLine } from '../workload/cite.js'
import { latestEvent } from '../workload/events.js'
import { recentLogs } from '../workload/logs.js'
import { addOnOf, fullName, isReady, ownPods } from '../workload/pods.js'
import { lackIn, lacks, modprobeSaid, packageCommands } from './modules.js'
import { said } from './said.js'
import { isRunning, lastWord, spokenNow } from './state.js'

const bridgeSetting = 'net.bridge.bridge-nf-call-iptables'

/** Whether packets over a bridge pass the packet filter can be set only when br_netfilter is there. */
function lacksBridgeFilter({ kernel }: Evidence): boolean {
	return kernel !== undefined && kernel.sysctl.size > 5 && !kernel.sysctl.has(bridgeSetting)
}

const ipsetMissing = /Skipping network policy controller start, ipset (?:unavailable|save failed)/

/** The module that this host lacks, by what failed. */
function missingModule(evidence: Evidence, said: readonly string[]): string | undefined {
	const word = lastWord(evidence)?.lastText
	const texts = [...(word === undefined ? [] : [word]), ...said]
	const found = texts.map(text => lackIn(text)?.module).find(module => module !== undefined)
	return found ?? (lacksBridgeFilter(evidence) ? 'br_netfilter' : undefined)
}

export default rule({
	cause: 'kernel-module-missing',
	title: 'A kernel module that k3s needs cannot be loaded',
	severity: 'critical',
	severityHere: evidence => (isRunning(evidence) ? 'warning' : undefined),
	explain:
		'Pod networks, packet filters and the files of containers are done by the kernel, partly in modules. One of them is not there: it is in a package that is not installed (Ubuntu on a Raspberry Pi, RHEL), the kernel was updated and not booted yet, or the host is a container that may not load modules. A failed modprobe alone is harmless; here something fails for the lack of it.',
	docs: [
		'https://docs.k3s.io/installation/requirements#operating-systems',
		'https://docs.k3s.io/networking/basic-network-options',
	],
	signs: [
		...lacks.map(({ pattern, says, chosen }) =>
			said(pattern, says, {
				...(chosen && { weight: 'hint' }),
				if: (evidence, { count }) => !isRunning(evidence) || count > 1,
			}),
		),
		log(lacks[2]?.pattern ?? /overlay: unknown/, 'containerd cannot mount overlay', { in: 'containerd' }),
		fact(['cluster'], (_have, evidence) =>
			ownPods(evidence)
				.filter(pod => !isReady(pod))
				.map(pod => {
					const event = latestEvent(
						evidence,
						'Pod',
						pod,
						({ message, count }) => count > 1 && lackIn(message) !== undefined,
					)
					return (
						event && strong('cluster', `${fullName(pod)}: ${lackIn(event.message)?.says}`, citeEvent(event))
					)
				}),
		),
		// What runs in a pod of k3s uses the packet filter of the host.
		fact(['podLogs'], (_have, evidence) =>
			recentLogs(evidence)
				.filter(({ namespace, pod }) => addOnOf({ namespace, name: pod }) === 'servicelb')
				.map(told => {
					const line = told.lines.slice(-40).findLast(({ text }) => lackIn(text)?.module === 'ip_tables')
					return line && strong('podLogs', `${told.pod}: ${lackIn(line.text)?.says}`, citeLine(told, line))
				}),
		),
		fact(['journal'], (_have, evidence) => {
			const lack = spokenNow(evidence)
				.map(({ lastText }) => lackIn(lastText))
				.find(found => found !== undefined)
			const failure = lack && modprobeSaid(evidence, lack.module)
			return (
				failure !== undefined &&
				hint('journal', `the module ${lack?.module} could not be loaded: ${failure.slice(0, 200)}`)
			)
		}),
		log(
			/Failed to set sysctl: open \/proc\/sys\/net\/bridge\/bridge-nf-call-iptables: no such file/,
			'the module br_netfilter is not loaded: pods may not reach services whose pods are on the same node',
			{ weight: 'hint', if: evidence => evidence.kernel === undefined || lacksBridgeFilter(evidence) },
		),
		fact(['kernel', 'journal'], (_have, evidence) => {
			const complained = evidence.journal?.newest?.messages.some(({ lastText }) =>
				/bridge-nf-call-iptables: no such file/.test(lastText),
			)
			return (
				complained &&
				lacksBridgeFilter(evidence) &&
				hint('kernel', `the kernel has no setting ${bridgeSetting}: br_netfilter is not loaded`, {
					quote: { file: 'commands/sysctl.txt', text: bridgeSetting },
				})
			)
		}),
		fact(['journal', 'cluster'], ({ cluster }, evidence) => {
			const skipped = evidence.journal?.newest?.messages.find(({ lastText }) => ipsetMissing.test(lastText))
			const policies = cluster.networkPolicies?.length ?? 0
			return (
				skipped &&
				policies > 0 &&
				strong(
					'journal',
					`ipset does not work on this host, so that the cluster's ${policies} network policies are not enforced here`,
					skipped,
				)
			)
		}),
	],
	leadsTo: [
		'iptables-incompatible',
		'flannel-start-failed',
		'kube-proxy-failed',
		'filesystem-unsupported',
		'containerd-failed',
		'cni-not-ready',
		'node-not-ready',
		'api-unreachable',
	],
	remedies: (evidence, findings) => {
		const { node, kernel } = evidence
		const module = missingModule(
			evidence,
			findings.map(({ quote }) => quote?.text ?? ''),
		)
		return [
			module !== undefined && {
				title: `Load the module ${module}, now and at every boot`,
				why: 'It may only not have been loaded. If modprobe does not find it, its package is missing.',
				risk: 'restart' as const,
				interrupts: interruptsOfRestart(node),
				steps: [
					{ run: ['modprobe', module] },
					{ write: '/etc/modules-load.d/k3s-doctor.conf', content: `${module}\n` },
					...restartSteps(node),
				],
				recheck: ['kernel', 'units', 'journal'],
			},
			{
				title: 'Install the package with the missing modules',
				why: 'Some distributions pack rarely used modules apart. If the directory of the running kernel is gone from /lib/modules, the kernel was updated: then a reboot is all that is needed.',
				risk: 'restart',
				interrupts: 'this node while k3s restarts, or the host while it reboots',
				steps: [
					{
						tell: 'Install them, load what was missing, restart k3s:',
						commands: [
							'ls /lib/modules; uname -r',
							...packageCommands(kernel),
							`modprobe ${module ?? 'MODULE'} && systemctl restart ${node.unit}`,
						],
					},
				],
				recheck: ['kernel', 'units', 'journal'],
			},
		]
	},
})
