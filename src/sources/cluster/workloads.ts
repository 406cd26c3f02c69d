/** Deployments, daemon sets, stateful sets, replica sets and jobs in one shape. */
import type { Workload } from '../../model/evidence/index.js'
import { type Fields, fields, inside, list, number, optional, text } from '../field.js'
import { conditions, meta } from './meta.js'

type Kind = Workload['kind']

/** What counts as wanted and as ready. A job is `ready` by its pods that succeeded. */
function counts(kind: Kind, spec: Fields, status: Fields): { wanted: number; ready: number } {
	if (kind === 'DaemonSet') {
		return { wanted: number(status.desiredNumberScheduled) ?? 0, ready: number(status.numberReady) ?? 0 }
	}
	if (kind === 'Job') {
		const wanted = number(spec.completions) ?? number(spec.parallelism) ?? 1
		return { wanted: spec.suspend === true ? 0 : wanted, ready: number(status.succeeded) ?? 0 }
	}
	return { wanted: number(spec.replicas) ?? 1, ready: number(status.readyReplicas) ?? 0 }
}

function images(spec: Fields): string[] {
	const pod = inside(spec, 'template', 'spec')
	const all = [...list(pod.initContainers), ...list(pod.containers)]
	return [...new Set(all.map(container => text(fields(container).image)).filter(Boolean))]
}

export function workload(kind: Kind, object: unknown): Workload {
	const spec = inside(object, 'spec')
	const status = inside(object, 'status')
	return {
		...meta(object),
		kind,
		...counts(kind, spec, status),
		conditions: conditions(object),
		images: images(spec),
		...optional('failed', number(status.failed)),
		...optional('succeeded', number(status.succeeded)),
	}
}
