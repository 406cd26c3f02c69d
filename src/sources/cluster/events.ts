import type { KubeEvent } from '../../model/evidence/index.js'
import { fields, number, text, time } from '../field.js'

/** An event of core/v1 or of events.k8s.io/v1, which counts and dates itself in `series`. */
export function kubeEvent(object: unknown): KubeEvent {
	const event = fields(object)
	const metadata = fields(event.metadata)
	const about = fields(event.involvedObject ?? event.regarding)
	const source = fields(event.source ?? event.deprecatedSource)
	const series = fields(event.series)
	const created = time(metadata.creationTimestamp)
	const eventTime = time(event.eventTime)
	const firstAt = time(event.firstTimestamp) ?? eventTime ?? created ?? 0
	return {
		namespace: text(about.namespace) || text(metadata.namespace),
		kind: text(about.kind),
		name: text(about.name),
		type: text(event.type),
		reason: text(event.reason),
		message: text(event.message) || text(event.note),
		count: number(event.count) ?? number(series.count) ?? 1,
		firstAt,
		lastAt: time(series.lastObservedTime) ?? time(event.lastTimestamp) ?? eventTime ?? firstAt,
		component: text(source.component) || text(event.reportingComponent) || text(event.reportingController),
		host: text(source.host),
	}
}

/** Oldest first, by their last occurrence. */
export function kubeEvents(items: readonly unknown[]): KubeEvent[] {
	return items.map(kubeEvent).sort((one, other) => one.lastAt - other.lastAt)
}
