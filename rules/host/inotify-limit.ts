import {
	type Evidence,
	fact,
	hint,
	interruptsOfRestart,
	log,
	nowOf,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { apiQuote } from '../workload/cite.js'
import { isOfInotify, noMoreWatches, tooMany } from './open-files.js'
import { said } from './said.js'
import { goesOn, isRunning } from './state.js'

const wanted = { 'fs.inotify.max_user_instances': 8192, 'fs.inotify.max_user_watches': 524288 }

/** The kernel's default; each containerd-shim alone takes one. */
const fewInstances = 256
const fewWatches = 16_384

/** A unit with hardly any open files says the same words for that reason. */
function hasFiles({ units }: Evidence): boolean {
	const limit = units?.own?.limitNofile
	return limit === undefined || limit <= 0 || limit >= 4096
}

const complains = (text: string) => (tooMany.test(text) && isOfInotify(text)) || noMoreWatches.test(text)

export default rule({
	cause: 'inotify-limit',
	title: 'The host has no inotify watches left',
	severity: 'critical',
	severityHere: evidence => (isRunning(evidence) ? 'warning' : undefined),
	explain:
		'Programs that want to be told of changes of files (kubelet, containerd, every containerd-shim, log collectors) take inotify instances and watches, and a user may have only so many. The default of 128 instances is used up on a node with many pods. The message says "too many open files", but it is not about files.',
	docs: [
		'https://man7.org/linux/man-pages/man7/inotify.7.html',
		'https://kind.sigs.k8s.io/docs/user/known-issues/#pod-errors-due-to-too-many-open-files',
	],
	signs: [
		said(/too many open files|no space left on device/i, 'k3s could not watch another file or directory', {
			if: (evidence, { lastText }) => complains(lastText) && hasFiles(evidence),
		}),
		log(
			/too many open files|no space left on device/i,
			'containerd could not watch another file or directory',
			{
				in: 'containerd',
				if: (evidence, { lastText, lastAt }) =>
					complains(lastText) && hasFiles(evidence) && goesOn(evidence, lastAt),
			},
		),
		fact(['kernel', 'journal'], ({ kernel, journal }, evidence) => {
			const instances = Number(kernel.sysctl.get('fs.inotify.max_user_instances'))
			const watches = Number(kernel.sysctl.get('fs.inotify.max_user_watches'))
			const few = instances > 0 && instances <= fewInstances
			if (!few && !(watches > 0 && watches <= fewWatches)) return undefined
			const met = journal.messages.some(({ lastText }) => complains(lastText))
			return (
				met &&
				hasFiles(evidence) &&
				hint('kernel', `a user may have ${instances} inotify instances and ${watches} watches`, {
					quote: {
						file: 'commands/sysctl.txt',
						text: few
							? `fs.inotify.max_user_instances = ${instances}`
							: `fs.inotify.max_user_watches = ${watches}`,
					},
				})
			)
		}),
		fact(['cluster'], ({ cluster }, evidence) =>
			(cluster.events ?? [])
				.filter(
					({ message, lastAt, host }) =>
						complains(message) &&
						(host === '' || host === cluster.self?.name) &&
						nowOf(evidence) - lastAt < 900_000,
				)
				.slice(0, 2)
				.map(({ name, message, lastAt, count }) =>
					strong('cluster', `${name}: ${message.slice(0, 200)}`, {
						quote: apiQuote('events', message),
						at: lastAt,
						count,
					}),
				),
		),
		fact(['podLogs'], ({ podLogs }, evidence) =>
			podLogs.flatMap(({ namespace, pod, lines, file }) => {
				const line = lines.findLast(({ text, at }) => complains(text) && nowOf(evidence) - at < 3_600_000)
				return line
					? [
							hint('podLogs', `${namespace}/${pod} could not watch a file: too many open files`, {
								quote: { file, line: line.line, text: line.text.slice(0, 300) },
								at: line.at,
							}),
						]
					: []
			}),
		),
	],
	leadsTo: ['containerd-failed', 'pod-crashloop', 'api-unreachable', 'node-not-ready'],
	remedies: ({ node, kernel }) => {
		const settings = Object.entries(wanted).map(
			([name, value]) => `${name}=${Math.max(value, Number(kernel?.sysctl.get(name)) * 2 || 0)}`,
		)
		return [
			{
				title: 'Allow more inotify instances and watches',
				why: 'They cost little memory, and only when they are used.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				steps: [
					{ run: ['sysctl', '-w', ...settings] },
					{ write: '/etc/sysctl.d/90-k3s-inotify.conf', content: `${settings.join('\n')}\n` },
					...restartSteps(node),
				],
				recheck: ['kernel', 'units', 'journal'],
			},
			{
				title: 'Find who holds them',
				why: 'A program that leaks instances will use up any limit.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'Count inotify instances per process:',
						commands: [
							"find /proc/[0-9]*/fd -lname 'anon_inode:inotify' 2>/dev/null | cut -d/ -f3 | sort | uniq -c | sort -rn | head",
						],
					},
				],
				recheck: ['kernel'],
			},
		]
	},
})
