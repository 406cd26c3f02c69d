/** `kubectl describe pod`, as far as a support engineer reads it. */
import { at, list, text } from './kubectl.js'

type Json = Record<string, unknown>

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function longTime(value: unknown): string {
	const date = new Date(text(value))
	if (Number.isNaN(date.getTime())) return '<unset>'
	const two = (number: number) => String(number).padStart(2, '0')
	return `${days[date.getUTCDay()]}, ${two(date.getUTCDate())} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()} ${date.toISOString().slice(11, 19)} +0000`
}

function state(title: string, value: unknown): string[] {
	const [kind, told] = Object.entries((value as Json | undefined) ?? {})[0] ?? []
	if (!kind) return title === 'State' ? ['    State:          Waiting'] : []
	const about = told as Json
	const lines = [`    ${`${title}:`.padEnd(16)}${kind[0]?.toUpperCase()}${kind.slice(1)}`]
	if (about.reason) lines.push(`      Reason:       ${about.reason}`)
	if (about.message) lines.push(`      Message:      ${about.message}`)
	if (kind === 'terminated') lines.push(`      Exit Code:    ${about.exitCode}`)
	if (about.startedAt) lines.push(`      Started:      ${longTime(about.startedAt)}`)
	if (about.finishedAt) lines.push(`      Finished:     ${longTime(about.finishedAt)}`)
	return lines
}

function container(spec: Json, status: Json | undefined): string[] {
	const limits = Object.entries((at(spec, 'resources', 'limits') as Json | undefined) ?? {})
	const requests = Object.entries((at(spec, 'resources', 'requests') as Json | undefined) ?? {})
	return [
		`  ${spec.name}:`,
		`    Container ID:   ${text(status?.containerID)}`,
		`    Image:          ${spec.image}`,
		`    Image ID:       ${text(status?.imageID)}`,
		'    Port:           <none>',
		...state('State', status?.state),
		...state('Last State', status?.lastState),
		`    Ready:          ${status?.ready ? 'True' : 'False'}`,
		`    Restart Count:  ${status?.restartCount ?? 0}`,
		...(limits.length ? ['    Limits:', ...limits.map(([key, value]) => `      ${key}:  ${value}`)] : []),
		...(requests.length
			? ['    Requests:', ...requests.map(([key, value]) => `      ${key}:  ${value}`)]
			: []),
		'    Environment:    <none>',
		'    Mounts:         <none>',
	]
}

function group(title: string, specs: unknown, statuses: unknown): string[] {
	if (list(specs).length === 0) return []
	const told = list(statuses)
	return [
		`${title}:`,
		...list(specs).flatMap(spec =>
			container(
				spec,
				told.find(({ name }) => name === spec.name),
			),
		),
	]
}

function pairs(title: string, value: unknown, separator: string): string[] {
	const all = Object.entries((value as Json | undefined) ?? {}).map(
		([key, each]) => `${key}${separator}${each}`,
	)
	const [first = '<none>', ...rest] = all
	return [`${title}:`.padEnd(22) + first, ...rest.map(each => ' '.repeat(22) + each)]
}

export function describePod(pod: Json): string {
	const owner = list(at(pod, 'metadata', 'ownerReferences'))[0]
	const node = at(pod, 'spec', 'nodeName')
	const deleted = at(pod, 'metadata', 'deletionTimestamp')
	return [
		`Name:                 ${at(pod, 'metadata', 'name')}`,
		`Namespace:            ${at(pod, 'metadata', 'namespace')}`,
		`Priority:             ${text(at(pod, 'spec', 'priority'))}`,
		`Service Account:      ${text(at(pod, 'spec', 'serviceAccountName'))}`,
		`Node:                 ${node ? `${node}/${text(at(pod, 'status', 'hostIP'))}` : '<none>'}`,
		`Start Time:           ${longTime(at(pod, 'status', 'startTime'))}`,
		...pairs('Labels', at(pod, 'metadata', 'labels'), '='),
		...pairs('Annotations', at(pod, 'metadata', 'annotations'), ': '),
		`Status:               ${deleted ? 'Terminating (lasts 5m)' : text(at(pod, 'status', 'phase'))}`,
		`IP:                   ${text(at(pod, 'status', 'podIP'))}`,
		...(owner ? [`Controlled By:  ${owner.kind}/${owner.name}`] : []),
		...group(
			'Init Containers',
			at(pod, 'spec', 'initContainers'),
			at(pod, 'status', 'initContainerStatuses'),
		),
		...group('Containers', at(pod, 'spec', 'containers'), at(pod, 'status', 'containerStatuses')),
		'Conditions:',
		'  Type                        Status',
		...list(at(pod, 'status', 'conditions')).map(
			({ type, status }) => `  ${text(type).padEnd(28)}${status} `,
		),
		'Volumes:                      <none>',
		'QoS Class:                    Burstable',
		...pairs('Node-Selectors', at(pod, 'spec', 'nodeSelector'), '='),
		'Events:                       <none>',
		'',
	].join('\n')
}
