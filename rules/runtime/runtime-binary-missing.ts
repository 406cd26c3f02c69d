import {
	type Evidence,
	fact,
	hint,
	log,
	pathArgument,
	proof,
	rule,
	type Step,
	serviceStep,
	strong,
} from '../../src/rule.js'
import { citeEvent } from '../workload/cite.js'
import { restartCommand } from '../workload/commands.js'
import { eventsAbout, isRecent } from '../workload/events.js'
import { fullName, isReady, listed, ownPods } from '../workload/pods.js'
import { lostPrograms, unpackedFolder } from './unpacked.js'

/** Programs of the runtime; what a pod wants to run itself is the pod's own affair. */
const program =
	/exec: \\*"(?<name>(?:\/[\w./-]{1,200}\/)?(?:runc|crun|youki|containerd-shim[\w.-]*|nvidia-container-(?:runtime|cli)[\w.-]*|kata[\w.-]*|runsc|spin|wasmtime|wasmedge)[\w.-]*)\\*": (?:executable file not found|stat [^\n]{1,200}no such file|fork\/exec [^\n]{1,200}no such file|cannot run executable)/
/** It is there and cannot be run: it lost its execute bit, is cut off, or is for another processor. */
const broken =
	/fork\/exec (?<name>\/[\w./-]{1,200}\/(?:runc|crun|containerd-shim[\w.-]*)): (?:permission denied|exec format error|no such file)/
const shim = /binary not installed \\*"(?<name>[\w.-]{1,100})/
const handler =
	/(?:failed to find runtime handler|no runtime for \\*"[\w.-]{1,100}\\*" is configured)[^\n]{0,200}/
const handlerName = /(?:no runtime for \\*"|runtime handler \\*"?|RuntimeHandler \\*")(?<name>[\w.-]{1,100})/

/** Which program a text says is missing. */
function missingIn(text: string): string | undefined {
	return program.exec(text)?.groups?.name ?? broken.exec(text)?.groups?.name ?? shim.exec(text)?.groups?.name
}

function lost(evidence: Evidence) {
	const folder = unpackedFolder(evidence)
	return evidence.files && folder ? lostPrograms(evidence.files, folder) : []
}

export default rule({
	cause: 'runtime-binary-missing',
	title: 'A program that starts containers is missing',
	severity: 'critical',
	severityHere: evidence => {
		const pods = ownPods(evidence)
		// What runs goes on; and a runtime that only some pods ask for keeps only those from starting.
		const others = lost(evidence).length > 0 ? pods.every(isReady) : pods.some(isReady)
		return pods.length > 0 && others ? 'warning' : undefined
	},
	explain:
		'containerd starts containers through helpers: a shim and runc, which k3s unpacks to data/<hash>/bin below its data directory, or a runtime of your own (nvidia, crun) that a RuntimeClass names. Without it no new container starts; those that run go on. k3s does not notice that unpacked files are gone.',
	docs: [
		'https://docs.k3s.io/advanced#alternative-container-runtime-support',
		'https://docs.k3s.io/cli/server',
	],
	signs: [
		fact(['files'], (_have, evidence) =>
			lost(evidence).map(({ path, empty }) =>
				empty
					? strong('files', `${path} is empty`, { quote: empty.quote })
					: strong('files', `${path} is missing; k3s had unpacked it there`),
			),
		),
		fact(['cluster'], (_have, evidence) => {
			const found = ownPods(evidence)
				.filter(pod => !isReady(pod))
				.flatMap(pod =>
					eventsAbout(evidence, 'Pod', pod)
						.filter(event => isRecent(evidence, event))
						.map(event => ({ pod, event, name: missingIn(event.message) })),
				)
				.filter(({ name }) => name !== undefined)
			const newest = found.at(-1)
			if (!newest) return undefined
			const pods = listed(found.map(({ pod }) => fullName(pod)))
			return proof(
				'cluster',
				`${newest.name} is not found or cannot be run, so no container is made for ${pods}`,
				citeEvent(newest.event),
			)
		}),
		fact(['cluster'], (_have, evidence) =>
			ownPods(evidence)
				.filter(pod => !isReady(pod))
				.map(pod => {
					const event = eventsAbout(evidence, 'Pod', pod).findLast(
						({ message }) => handler.test(message) && handlerName.test(message),
					)
					const name = handlerName.exec(event?.message ?? '')?.groups?.name
					return (
						event &&
						isRecent(evidence, event) &&
						proof(
							'cluster',
							`${fullName(pod)} wants the runtime ${name}, which this node does not have`,
							citeEvent(event),
						)
					)
				}),
		),
		fact(['containerd', 'journal'], ({ containerd, journal }) => {
			// The word stands in a field behind the message, so the line itself is looked at.
			const since = journal.current.at(-1)?.beganAt ?? 0
			const line = containerd.messages.findLast(
				({ lastAt, lastQuote }) => lastAt >= since && missingIn(lastQuote.text) !== undefined,
			)
			return line && strong('containerd', `containerd does not find ${missingIn(line.lastQuote.text)}`, line)
		}),
		log(
			/RunPodSandbox[^\n]{0,2000}(?:executable file not found|binary not installed)/,
			(_groups, { lastText }) => `No pod can be started: ${missingIn(lastText) ?? 'a program'} is not found`,
			{ if: (_evidence, { lastText }) => missingIn(lastText) !== undefined },
		),
		log(
			handler,
			(_groups, { lastText }) =>
				`A pod wants the runtime ${handlerName.exec(lastText)?.groups?.name}, which this node does not have`,
			{
				neverProof: true,
				// Where the events were answered, they tell of which pod and whether it still waits.
				if: (evidence, { lastText, count }) =>
					evidence.cluster?.events === undefined && count > 1 && handlerName.test(lastText),
			},
		),
		log(
			/default runtime (?<name>[\w.-]{1,100}) was not found/,
			({ name }) => `default-runtime names ${name}, which is not installed`,
		),
		log(
			/exec: "?(?<name>k3s-(?:server|agent))"?: executable file not found in \$PATH/,
			({ name }) => `${name}, which k3s unpacks itself, is not where it unpacked it`,
		),
		log(
			/(?<what>failed to find host-local|failed to verify directory|failed \d+ hash verifications)(?<why>[^\n]{0,200})/,
			({ what, why }) => `The programs that k3s unpacked are damaged: ${what}${why}`,
		),
		fact(['k3s'], ({ k3s }) => {
			const failed = k3s.checkConfig?.failed.find(said => /^(?:sha256sum|links)\b/.test(said))
			return failed
				? hint('k3s', `k3s check-config finds the unpacked programs changed (${failed})`)
				: undefined
		}),
	],
	leadsTo: [
		'coredns-down',
		'metrics-server-down',
		'traefik-down',
		'local-path-failed',
		'helm-job-failed',
		'apiservice-unavailable',
		'containerd-failed',
		'runtime-create-failed',
	],
	remedies: evidence => {
		const { node } = evidence
		const folder = unpackedFolder(evidence)
		const path = lost(evidence).length > 0 ? pathArgument(folder) : undefined
		const again: Step[] = path
			? [
					serviceStep(node, 'stop'),
					...(node.init === 'systemd'
						? [{ waitFor: { unitInactive: node.unit }, limitSeconds: 60 } as const]
						: []),
					{ move: path, to: `${path}.broken` },
					serviceStep(node, 'start'),
					...(node.init === 'systemd'
						? [{ waitFor: { unitActive: node.unit }, limitSeconds: 240 } as const]
						: []),
				]
			: [
					{
						tell: 'Stop k3s, put the folder that data/current points at aside, start k3s:',
						commands: [
							`readlink ${node.dataDir}/data/current`,
							`mv ${node.dataDir}/data/HASH ${node.dataDir}/data/HASH.broken`,
							restartCommand(node),
						],
					},
				]
		return [
			{
				title: 'Let k3s unpack its programs again',
				why: 'k3s unpacks them only when the folder of its version is not there.',
				risk: 'restart',
				interrupts: 'this node is not managed for about a minute; containers that run go on',
				steps: again,
				recheck: ['files', 'units', 'journal', 'cluster', 'runtime'],
			},
			{
				title: 'Install the runtime that is missing',
				why: 'k3s looks for nvidia, crun and other runtimes at its start, and tells containerd of those that it finds.',
				risk: 'restart',
				interrupts: 'this node is not managed for about 20 s; containers that run go on',
				steps: [
					{
						tell: 'Install its package on this node, restart k3s, and see that containerd knows it:',
						commands: [
							restartCommand(node),
							`grep -A2 runtimes ${node.dataDir}/agent/etc/containerd/config.toml`,
							'k3s kubectl get runtimeclass',
						],
					},
				],
				recheck: ['journal', 'cluster', 'runtime'],
			},
		]
	},
})
