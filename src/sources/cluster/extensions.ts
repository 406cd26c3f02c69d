/** What hangs on the API and can block it: webhooks, aggregated APIs; and k3s's own add-ons and charts. */
import type { Addon, ApiService, HelmChart, Webhook } from '../../model/evidence/index.js'
import { fields, inside, list, optional, text, texts } from '../field.js'
import { conditions, meta, reference } from './meta.js'

/** The webhooks of one configuration object. */
export function webhooks(kind: Webhook['kind'], object: unknown): Webhook[] {
	const configuration = meta(object).name
	return list(fields(object).webhooks).map(entry => {
		const hook = fields(entry)
		const client = fields(hook.clientConfig)
		return {
			configuration,
			kind,
			name: text(hook.name),
			// The default of admissionregistration.k8s.io/v1.
			failurePolicy: text(hook.failurePolicy) || 'Fail',
			...optional('service', reference(client.service)),
			...optional('url', text(client.url) || undefined),
			resources: [...new Set(list(hook.rules).flatMap(rule => texts(fields(rule).resources)))],
		}
	})
}

/** Aggregated and local APIs. One that nobody has judged yet (no condition) is neither up nor down: left out. */
export function apiServices(items: readonly unknown[]): ApiService[] {
	const made: ApiService[] = []
	for (const object of items) {
		const told = conditions(object).find(condition => condition.type === 'Available')
		if (!told) continue
		made.push({
			name: meta(object).name,
			...optional('service', reference(inside(object, 'spec').service)),
			available: told.status === 'True',
			reason: told.reason,
			message: told.message,
			...optional('since', told.since),
		})
	}
	return made
}

export function helmChart(object: unknown): HelmChart {
	const spec = inside(object, 'spec')
	const about = meta(object)
	return {
		...about,
		chart: text(spec.chart),
		// helm-controller installs into the chart's own namespace unless told otherwise.
		targetNamespace: text(spec.targetNamespace) || about.namespace,
		jobName: text(inside(object, 'status').jobName),
		conditions: conditions(object),
	}
}

export function addon(object: unknown): Addon {
	return { ...meta(object), source: text(inside(object, 'spec').source) }
}
