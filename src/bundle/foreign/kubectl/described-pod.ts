/** A pod as `kubectl describe pod` tells it, which is nearly all that the API knows. */
import { kubectlAge } from '../ages.js'
import type { Placed } from '../draft.js'
import { byKey, isoOf, pairsOf, type Section, sections, tableBelow, valuesOf } from './describe.js'
import type { Made } from './list.js'
import { isoAgo } from './pods.js'

function stateOf(section: Section | undefined): unknown {
	if (!section) return undefined
	const inner = byKey(section.inner)
	const value = (key: string) => inner.get(key)?.value
	const message = [...valuesOf(inner.get('Message'))].join('\n')
	const about = { ...(value('Reason') && { reason: value('Reason') }), ...(message && { message }) }
	switch (section.value) {
		case 'Waiting':
			return { waiting: about }
		case 'Running':
			return { running: { startedAt: isoOf(value('Started')) } }
		case 'Terminated':
			return {
				terminated: {
					...about,
					exitCode: Number(value('Exit Code') ?? 0),
					...(value('Signal') && { signal: Number(value('Signal')) }),
					startedAt: isoOf(value('Started')),
					finishedAt: isoOf(value('Finished')),
				},
			}
		default:
			return undefined
	}
}

/** `53/UDP, 0/TCP`: those that are no port of the host read 0. */
function hostPorts(section: Section | undefined): unknown[] {
	return (section?.value ?? '').split(', ').flatMap(word => {
		const [, port, protocol] = /^(\d{1,5})\/(TCP|UDP|SCTP)/.exec(word) ?? []
		return port && port !== '0' ? [{ hostPort: Number(port), protocol }] : []
	})
}

function containerOf({ key: name, inner }: Section) {
	const about = byKey(inner)
	const value = (key: string) => about.get(key)?.value ?? ''
	const image = value('Image')
	const last = stateOf(about.get('Last State'))
	return {
		spec: {
			name,
			image,
			ports: hostPorts(about.get('Host Port') ?? about.get('Host Ports')),
			resources: {
				limits: pairsOf(about.get('Limits'), ':'),
				requests: pairsOf(about.get('Requests'), ':'),
			},
		},
		status: {
			name,
			image,
			imageID: value('Image ID'),
			ready: value('Ready') === 'True',
			restartCount: Number(value('Restart Count') || 0),
			state: stateOf(about.get('State')) ?? {},
			...(last !== undefined && { lastState: last }),
		},
	}
}

/** The newest word of the events about a container that is not made: its state tells it to the API, and not here. */
function whyNotMade(events: readonly Placed[]): string | undefined {
	const line = events.findLast(({ text }) => /^\s*Warning\s+Failed\s.*?\sError: .+/.test(text))
	return /\sError: (?<why>.+)$/.exec(line?.text ?? '')?.groups?.why?.trim()
}

type Described = ReturnType<typeof containerOf>

function explained(container: Described, why: string | undefined): Described {
	const { waiting } = container.status.state as { waiting?: { reason?: string; message?: string } }
	return why !== undefined &&
		waiting &&
		!waiting.message &&
		/^(?:Create|Run)Container\w*Error$/.test(waiting.reason ?? '')
		? { ...container, status: { ...container.status, state: { waiting: { ...waiting, message: why } } } }
		: container
}

const kinds: Readonly<Record<string, readonly [kind: string, from: string, to: string]>> = {
	ConfigMap: ['configMap', 'Name', 'name'],
	Secret: ['secret', 'SecretName', 'secretName'],
	PersistentVolumeClaim: ['persistentVolumeClaim', 'ClaimName', 'claimName'],
	HostPath: ['hostPath', 'Path', 'path'],
	EmptyDir: ['emptyDir', 'Medium', 'medium'],
	NFS: ['nfs', 'Path', 'path'],
	CSI: ['csi', 'Driver', 'driver'],
	Projected: ['projected', '', ''],
}

function volumeOf({ key: name, inner }: Section): unknown {
	const about = byKey(inner)
	const type = (about.get('Type')?.value ?? '').split(' ')[0] ?? ''
	const known = Object.hasOwn(kinds, type) ? kinds[type] : undefined
	if (!known) return { name }
	const [kind, from, to] = known
	const server = about.get('Server')?.value
	if (kind === 'projected') {
		const configMap = about.get('ConfigMapName')?.value
		return { name, projected: { sources: configMap ? [{ configMap: { name: configMap } }] : [] } }
	}
	return { name, [kind]: { [to]: about.get(from)?.value ?? '', ...(server && { server }) } }
}

/** `now`: when it was printed, epoch milliseconds. */
export function podOfDescription(lines: readonly Placed[], now: number): Made | undefined {
	const [from] = lines
	const top = byKey(lines)
	const value = (key: string) => top.get(key)?.value
	const name = value('Name')
	if (!from || !name) return undefined
	const why = whyNotMade(top.get('Events')?.inner ?? [])
	const init = sections(top.get('Init Containers')?.inner ?? []).map(containerOf)
	const main = sections(top.get('Containers')?.inner ?? []).map(section =>
		explained(containerOf(section), why),
	)
	const [node = '', hostIP = ''] = (value('Node') ?? '').split('/')
	const going = /^Terminating(?: \(lasts (\S+)\))?/.exec(value('Status') ?? '')
	const [ownerKind, ownerName] = (value('Controlled By') ?? '').split('/')
	const message = valuesOf(top.get('Message')).join('\n')
	const scheduled = node !== '' && node !== '<none>'
	const conditions = tableBelow(top.get('Conditions')).map(([type, status]) => ({ type, status }))
	// Who left the conditions out has shown by the status and the events what they would say.
	if (conditions.length === 0 && !scheduled) conditions.push({ type: 'PodScheduled', status: 'False' })
	const unplaced = /\sFailedScheduling\s.*?\s(?<why>0\/\d{1,5} nodes are available: .+)$/
	const whyNot = (top.get('Events')?.inner ?? []).findLast(({ text }) => unplaced.test(text))
	const refusal = unplaced.exec(whyNot?.text ?? '')?.groups?.why
	const object = {
		kind: 'Pod',
		metadata: {
			namespace: value('Namespace') ?? 'default',
			name,
			labels: pairsOf(top.get('Labels'), '='),
			annotations: pairsOf(top.get('Annotations'), ': '),
			...(going && { deletionTimestamp: isoAgo(now, kubectlAge(going[1] ?? '')) }),
			...(ownerName && { ownerReferences: [{ kind: ownerKind, name: ownerName, controller: true }] }),
		},
		spec: {
			...(scheduled && { nodeName: node }),
			serviceAccountName: value('Service Account') ?? '',
			nodeSelector: pairsOf(top.get('Node-Selectors'), '='),
			initContainers: init.map(({ spec }) => spec),
			containers: main.map(({ spec }) => spec),
			volumes: sections(top.get('Volumes')?.inner ?? []).map(volumeOf),
		},
		status: {
			phase: going ? 'Running' : (value('Status') ?? ''),
			...(value('Reason') && { reason: value('Reason') }),
			...(message && { message }),
			...(value('IP') && { podIP: value('IP') }),
			...(hostIP && { hostIP }),
			startTime: isoOf(value('Start Time')),
			conditions: conditions.map(told =>
				told.type === 'PodScheduled' && told.status === 'False'
					? { ...told, reason: 'Unschedulable', ...(refusal && { message: refusal }) }
					: told,
			),
			...(scheduled && {
				initContainerStatuses: init.map(({ status }) => status),
				containerStatuses: main.map(({ status }) => status),
			}),
		},
	}
	return { object, from }
}
