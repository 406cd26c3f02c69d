/** A pod's containers: what the spec wants, beside what the status says became of it. */
import type { ContainerState, KubeContainer } from '../../model/evidence/index.js'
import { type Fields, fields, list, map, number, optional, own, text, time } from '../field.js'
import { mounts, ports, probes } from './container-spec.js'

const states = ['waiting', 'running', 'terminated'] as const

function containerState(value: unknown): ContainerState | undefined {
	const told = fields(value)
	const state = states.find(name => typeof own(told, name) === 'object' && own(told, name) !== null)
	if (!state) return undefined
	const detail = fields(told[state])
	return {
		state,
		reason: text(detail.reason),
		message: text(detail.message),
		...optional('exitCode', number(detail.exitCode)),
		...optional('signal', number(detail.signal)),
		...optional('startedAt', time(detail.startedAt)),
		...optional('finishedAt', time(detail.finishedAt)),
	}
}

/** A pod that was never started has no status of its containers. */
const unknown: ContainerState = { state: 'unknown', reason: '', message: '' }

function hostPorts(spec: Fields): number[] {
	return list(spec.ports)
		.map(port => number(fields(port).hostPort))
		.filter(port => port !== undefined && port > 0)
		.map(Number)
}

function container(name: string, spec: Fields, status: Fields, init: boolean): KubeContainer {
	const resources = fields(spec.resources)
	return {
		name,
		init,
		// The status names the image as the runtime resolved it, the spec as its author wrote it.
		image: text(spec.image) || text(status.image),
		imageId: text(status.imageID),
		pullPolicy: text(spec.imagePullPolicy),
		ready: status.ready === true,
		restarts: number(status.restartCount) ?? 0,
		current: containerState(status.state) ?? unknown,
		...optional('last', containerState(status.lastState)),
		limits: map(resources.limits),
		requests: map(resources.requests),
		hostPorts: hostPorts(spec),
		...optional('sidecar', init && spec.restartPolicy === 'Always' ? true : undefined),
		...optional('started', typeof status.started === 'boolean' ? status.started : undefined),
		...optional('probes', probes(spec)),
		...optional('mounts', mounts(spec)),
		...optional('ports', ports(spec)),
	}
}

function named(values: unknown): Map<string, Fields> {
	const found = new Map<string, Fields>()
	for (const value of list(values)) {
		const name = text(fields(value).name)
		if (name && !found.has(name)) found.set(name, fields(value))
	}
	return found
}

function group(specs: unknown, statuses: unknown, init: boolean): KubeContainer[] {
	const wanted = named(specs)
	const told = named(statuses)
	const names = new Set([...wanted.keys(), ...told.keys()])
	return [...names].map(name => container(name, wanted.get(name) ?? {}, told.get(name) ?? {}, init))
}

/** Init containers first, in the order in which they run. */
export function containers(spec: Fields, status: Fields): KubeContainer[] {
	return [
		...group(spec.initContainers, status.initContainerStatuses, true),
		...group(spec.containers, status.containerStatuses, false),
		...group(spec.ephemeralContainers, status.ephemeralContainerStatuses, false).map(
			(found): KubeContainer => ({ ...found, ephemeral: true }),
		),
	]
}
