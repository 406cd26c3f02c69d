import {
	type Evidence,
	type Finding,
	fact,
	type KubeEvent,
	log,
	nowOf,
	pathArgument,
	presence,
	proof,
	rule,
	strong,
} from '../../src/rule.js'
import { citeEvent } from '../workload/cite.js'
import { isRecent } from '../workload/events.js'
import { minutes } from '../workload/pods.js'

const failures = new Set([
	'ParseManifestFailed',
	'ReadManifestFailed',
	'ValidateManifestFailed',
	'ApplyManifestFailed',
	'DeleteManifestFailed',
])

/** Two writers at once, tried again at once; and a webhook is a cause of its own. */
const passing = /object has been modified|context canceled|failed calling webhook|etcdserver: /

const named = /anifest at \\*"(?<path>\/[^"\\]{1,500})\\*" failed: (?<why>[\s\S]{1,500})/

/** The operator has taken the file away since. */
function isGone({ files }: Evidence, { message }: KubeEvent): boolean {
	const path = named.exec(message)?.groups?.path
	return path !== undefined && files !== undefined && presence(files, path) === 'absent'
}

/** The newest word on each file: an old failure says nothing once the file was applied. */
function standing(evidence: Evidence): KubeEvent[] {
	const newest = new Map<string, KubeEvent>()
	for (const event of evidence.cluster?.events ?? []) {
		if (event.kind !== 'Addon') continue
		if (failures.has(event.reason) || event.reason === 'AppliedManifest') newest.set(event.name, event)
	}
	return [...newest.values()].filter(
		event =>
			!isGone(evidence, event) &&
			failures.has(event.reason) &&
			!passing.test(event.message) &&
			isRecent(evidence, event, 15 * minutes),
	)
}

const inJournal = /failed to process (?<path>\/[^\s:]{1,500}): (?<why>[\s\S]{1,500})/

/** Line of the file that the parser names. */
function quoted({ files }: Evidence, path: string, why: string): Finding | undefined {
	const line = Number(/\bline (?<line>\d{1,6})\b/.exec(why)?.groups?.line)
	const text = files?.texts.get(path)?.split('\n')[line - 1]
	return text?.trim()
		? strong('files', `Line ${line} of ${path} is what it stumbles over`, {
				quote: { file: `files${path}`, line, text },
			})
		: undefined
}

/** Files that fail now, by the events, else by the journal. */
function failing(evidence: Evidence): { path: string; why: string }[] {
	const told = standing(evidence).flatMap(({ message }) => {
		const { path, why = '' } = named.exec(message)?.groups ?? {}
		return path ? [{ path, why }] : []
	})
	if (told.length > 0 || evidence.cluster?.events) return told
	return (evidence.journal?.messages ?? []).flatMap(({ lastText, lastAt }) => {
		const { path, why = '' } = inJournal.exec(lastText)?.groups ?? {}
		return path && !passing.test(why) && nowOf(evidence) - lastAt < 5 * minutes ? [{ path, why }] : []
	})
}

export default rule({
	cause: 'manifest-deploy-failed',
	title: 'A file in server/manifests is not applied',
	severity: 'warning',
	severityHere: ({ service }) =>
		service?.state === 'crash-looping' || service?.state === 'failed' ? 'critical' : undefined,
	appliesTo: ['server'],
	explain:
		'k3s applies every YAML and JSON file in server/manifests by itself, at its start and whenever one changes. One of them cannot be read or is refused by the API server, and k3s tries again every 15 seconds. What stands in that file is not there, or is old; the other files are not touched by it.',
	docs: ['https://docs.k3s.io/installation/packaged-components'],
	signs: [
		log(
			/failed to start controllers: (?<why>[^\n]{1,300})/,
			({ why }) => `k3s ended because the part of it that applies manifests could not start: ${why}`,
			{
				neverProof: true,
				if: (_evidence, { text }) => !/no space left|read-only file system|context canceled/.test(text),
			},
		),
		fact(['cluster'], (_have, evidence) =>
			standing(evidence).map(event => {
				const { path, why = '' } = named.exec(event.message)?.groups ?? {}
				const says = path
					? `${path} is not applied: ${why.trim()}`
					: `The add-on ${event.name}: ${event.reason}`
				return (event.count > 1 ? proof : strong)('cluster', says, citeEvent(event))
			}),
		),
		log(
			/failed to process (?<path>\/[^\s:]{1,500}): (?<why>[\s\S]{1,400})/,
			({ path, why }) => `${path} is not applied: ${why}`,
			{
				neverProof: true,
				// The file is tried every 15 seconds: what was not said lately is over.
				if: (evidence, { lastText, lastAt }) =>
					!passing.test(lastText) && nowOf(evidence) - lastAt < 3 * minutes,
			},
		),
		fact(['files'], (_have, evidence) =>
			failing(evidence).map(({ path, why }) => quoted(evidence, path, why)),
		),
	],
	leadsTo: ['coredns-down', 'metrics-server-down', 'traefik-down', 'local-path-failed'],
	remedies: evidence => {
		const path = pathArgument(failing(evidence)[0]?.path)
		const folder = `${evidence.node.dataDir}/server/manifests`
		return [
			{
				title: `Correct ${path ?? 'the file'}`,
				why: 'k3s sees the change within 15 seconds; no restart is needed.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'Try it before you save it there:',
						commands: [
							`k3s kubectl apply --dry-run=server -f ${path ?? `${folder}/FILE.yaml`}`,
							`vi ${path ?? `${folder}/FILE.yaml`}`,
						],
					},
				],
				recheck: ['cluster', 'journal', 'files'],
			},
			path?.startsWith(`${folder}/`)
				? {
						title: 'Take the file out for now',
						why: 'k3s then leaves it alone. What it had made before stays in the cluster.',
						risk: 'safe' as const,
						interrupts: 'nothing',
						preconditions: [{ pathExists: path }],
						// A name that does not end in .yaml, .yml or .json is passed over.
						steps: [{ move: path, to: `${path}.off` }],
						recheck: ['cluster' as const, 'journal' as const, 'files' as const],
					}
				: undefined,
		]
	},
})
