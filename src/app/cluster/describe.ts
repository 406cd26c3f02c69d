/** An object described for people, in the manner of `kubectl describe`, from its raw form. */
import type { KubeEvent } from '../../model/evidence/index.js'
import { age } from './age.js'
import { yamlLines } from './yaml.js'

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields =>
	typeof value === 'object' && value !== null && !Array.isArray(value)
const fields = (value: unknown): Fields => (isObject(value) ? value : {})
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const text = (value: unknown): string =>
	typeof value === 'string'
		? value
		: typeof value === 'number' || typeof value === 'boolean'
			? String(value)
			: ''

const label = (name: string) => `${name}:`.padEnd(18)

/** `a=b` each on a line of its own. */
function pairs(name: string, value: unknown): string[] {
	const entries = Object.entries(fields(value))
	if (entries.length === 0) return [`${label(name)}<none>`]
	return entries.map(
		([key, entry], index) => `${index === 0 ? label(name) : ' '.repeat(18)}${key}=${text(entry)}`,
	)
}

function one(name: string, value: unknown): string[] {
	const told = text(value)
	return told === '' ? [] : [`${label(name)}${told}`]
}

export function describeLines(object: unknown, events: readonly KubeEvent[], now: number): string[] {
	const { kind, metadata, spec, status, ...others } = fields(object)
	const about = fields(metadata)
	const owner = list(about.ownerReferences).map(fields).at(0)
	return [
		...one('Name', about.name),
		...one('Namespace', about.namespace),
		...one('Kind', kind),
		...pairs('Labels', about.labels),
		...pairs('Annotations', about.annotations),
		...(owner ? one('Controlled By', `${text(owner.kind)}/${text(owner.name)}`) : []),
		...one('Created', about.creationTimestamp),
		...one('Deleted', about.deletionTimestamp),
		...(list(about.finalizers).length > 0
			? one('Finalizers', list(about.finalizers).map(text).join(', '))
			: []),
		...(list(fields(spec).containers).length > 0
			? podLines(fields(spec), fields(status))
			: plainLines(spec, status, others)),
		...conditionLines(fields(status)),
		...eventLines(events, now),
	]
}

function plainLines(spec: unknown, status: unknown, others: Fields): string[] {
	const { apiVersion: _, ...rest } = others
	const { conditions: _conditions, ...told } = fields(status)
	return [
		...section('Spec', spec),
		...section('Status', told),
		...Object.entries(rest).flatMap(([name, value]) => section(title(name), value)),
	]
}

function section(name: string, value: unknown): string[] {
	if (value === undefined || (isObject(value) && Object.keys(value).length === 0)) return []
	if (!isObject(value) && !Array.isArray(value)) return one(name, value)
	return [`${name}:`, ...yamlLines(value).map(line => `  ${line}`)]
}

const title = (name: string) => name.replace(/^[a-z]/, letter => letter.toUpperCase())

function podLines(spec: Fields, status: Fields): string[] {
	const volumes = list(spec.volumes).map(fields)
	return [
		...one('Node', [text(spec.nodeName), text(status.hostIP)].filter(Boolean).join('/')),
		...one('Started', status.startTime),
		...one('Status', status.phase),
		...one('Reason', status.reason),
		...one('Message', status.message),
		...one('IP', status.podIP),
		...one('Service Account', spec.serviceAccountName),
		...one('Priority', [text(spec.priority), text(spec.priorityClassName)].filter(Boolean).join(' ')),
		...one('Restart Policy', spec.restartPolicy),
		...one('QoS Class', status.qosClass),
		...containerGroup('Init Containers', spec.initContainers, status.initContainerStatuses),
		...containerGroup('Containers', spec.containers, status.containerStatuses),
		...containerGroup('Ephemeral Containers', spec.ephemeralContainers, status.ephemeralContainerStatuses),
		...(volumes.length > 0
			? [
					'Volumes:',
					...volumes.flatMap(({ name, ...source }) => [
						`  ${text(name)}:`,
						...yamlLines(source).map(line => `    ${line}`),
					]),
				]
			: []),
		...pairs('Node Selectors', spec.nodeSelector),
		...section('Tolerations', spec.tolerations),
	]
}

/** What the spec wants of each container, beside what became of it. */
function containerGroup(name: string, specs: unknown, statuses: unknown): string[] {
	const told = new Map(list(statuses).map(status => [text(fields(status).name), fields(status)]))
	const all = list(specs).map(fields)
	if (all.length === 0) return []
	return [
		`${name}:`,
		...all.flatMap(spec => {
			const { name: own, ...wanted } = spec
			const { name: _name, image: _image, ...status } = told.get(text(own)) ?? {}
			return [`  ${text(own)}:`, ...yamlLines({ ...wanted, ...status }).map(line => `    ${line}`)]
		}),
	]
}

function conditionLines({ conditions }: Fields): string[] {
	const all = list(conditions).map(fields)
	if (all.length === 0) return []
	return [
		'Conditions:',
		...all.map(({ type, status, reason, message }) =>
			`  ${text(type).padEnd(28)} ${text(status).padEnd(8)} ${[text(reason), text(message)].filter(Boolean).join(': ')}`.trimEnd(),
		),
	]
}

function eventLines(events: readonly KubeEvent[], now: number): string[] {
	if (events.length === 0) return [`${label('Events')}<none>`]
	return [
		'Events:',
		`  ${'TYPE'.padEnd(8)} ${'REASON'.padEnd(22)} ${'AGE'.padEnd(8)} ${'FROM'.padEnd(20)} MESSAGE`,
		...events.map(({ type, reason, lastAt, count, component, message }) => {
			const times = count > 1 ? ` (x${count})` : ''
			return `  ${type.padEnd(8)} ${reason.padEnd(22)} ${age(lastAt, now).padEnd(8)} ${component.padEnd(20)} ${message}${times}`
		}),
	]
}
