/** What every Kubernetes object has: metadata, conditions. */
import type { Condition, Meta } from '../../model/evidence/index.js'
import { type Fields, fields, inside, list, map, optional, own, text, texts, time } from '../field.js'

/** Its controller, else whoever owns it. */
function owner(metadata: Fields): Meta['owner'] {
	const owners = list(metadata.ownerReferences).map(fields)
	const found = owners.find(reference => reference.controller === true) ?? owners[0]
	return found && { kind: text(found.kind), name: text(found.name) }
}

/** Metadata of an object; `createdAt` is 0 where none was given. */
export function meta(object: unknown): Meta {
	const metadata = inside(object, 'metadata')
	return {
		namespace: text(metadata.namespace),
		name: text(metadata.name),
		uid: text(metadata.uid),
		labels: map(metadata.labels),
		annotations: map(metadata.annotations),
		createdAt: time(metadata.creationTimestamp) ?? 0,
		...optional('deletedAt', time(metadata.deletionTimestamp)),
		finalizers: texts(metadata.finalizers),
		...optional('owner', owner(metadata)),
	}
}

/** `status.conditions`; entries without a type are left out. */
export function conditions(object: unknown): Condition[] {
	const made: Condition[] = []
	for (const entry of list(own(inside(object, 'status'), 'conditions'))) {
		const condition = fields(entry)
		const type = text(condition.type)
		if (!type) continue
		made.push({
			type,
			status: text(condition.status),
			reason: text(condition.reason),
			message: text(condition.message),
			...optional('since', time(condition.lastTransitionTime)),
		})
	}
	return made
}

/** The value of an optional reference `{namespace, name}`. */
export function reference(value: unknown): { namespace: string; name: string } | undefined {
	const found = fields(value)
	const name = text(found.name)
	return name ? { namespace: text(found.namespace), name } : undefined
}
