/** Claims that wait for their volume. */
import type { Claim, Evidence, KubeEvent, StorageClass } from '../../src/rule.js'
import { eventsAbout, isRecent } from '../workload/events.js'

export function pendingClaims({ cluster }: Evidence): Claim[] {
	return (cluster?.claims ?? []).filter(
		({ phase, deletedAt }) => phase === 'Pending' && deletedAt === undefined,
	)
}

/** The class that provides for a claim; `undefined` also where it names one that does not exist. */
export function classOf({ cluster }: Evidence, claim: Claim): StorageClass | undefined {
	return cluster?.storageClasses?.find(({ name, isDefault }) =>
		claim.storageClass === undefined ? isDefault : name === claim.storageClass,
	)
}

export function isLocalPath(storageClass: StorageClass | undefined): boolean {
	return storageClass?.provisioner === 'rancher.io/local-path'
}

/** By its class, or by the usual name of it where the classes were not answered. */
export function wantsLocalPath(evidence: Evidence, claim: Claim): boolean {
	return evidence.cluster?.storageClasses === undefined
		? claim.storageClass === 'local-path'
		: isLocalPath(classOf(evidence, claim))
}

/** Local-path volumes live on one node; a claim for several asks for what they are not. */
export function isAboutAccess({ message }: KubeEvent): boolean {
	return /access ?modes?|only supports? (?:ReadWriteOnce|RWO)|does not support block volume|Spec\.Selector is not supported/i.test(
		message,
	)
}

/** The newest recent event of a claim with one of these reasons. */
export function claimEvent(
	evidence: Evidence,
	claim: Claim,
	...reasons: readonly string[]
): KubeEvent | undefined {
	return eventsAbout(evidence, 'PersistentVolumeClaim', claim).findLast(
		event => reasons.includes(event.reason) && isRecent(evidence, event),
	)
}
