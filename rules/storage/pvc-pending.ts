import {
	type Claim,
	type Evidence,
	type Finding,
	fact,
	type KubeEvent,
	proof,
	rule,
	strong,
} from '../../src/rule.js'
import { apiQuote, citeEvent } from '../workload/cite.js'
import { inNamespace, nameOr } from '../workload/commands.js'
import { fullName, isOlderThan, listed, minutes, seconds } from '../workload/pods.js'
import { claimEvent, classOf, isAboutAccess, isLocalPath, pendingClaims } from './claims.js'

function classNames({ cluster }: Evidence): string {
	return listed((cluster?.storageClasses ?? []).map(({ name }) => name)) || 'none'
}

/** The provisioner says it itself, also where the classes were not asked for. */
const noClass = /storageclass\.storage\.k8s\.io "(?<name>[^"]{1,253})" not found/

function saidToBeWithoutClass(evidence: Evidence, claim: Claim): Finding | undefined {
	if (evidence.cluster?.storageClasses) return undefined
	const event = claimEvent(evidence, claim, 'ProvisioningFailed')
	const name = noClass.exec(event?.message ?? '')?.groups?.name
	return event && name
		? proof(
				'cluster',
				`${fullName(claim)} asks for the storage class ${name}, which does not exist`,
				citeEvent(event),
			)
		: undefined
}

/** No class can provide for it. */
function withoutClass(evidence: Evidence, claim: Claim): Finding | undefined {
	if (!evidence.cluster?.storageClasses || classOf(evidence, claim) || claim.storageClass === '')
		return undefined
	if (!isOlderThan(evidence, claim.createdAt, 10 * seconds)) return undefined
	const event = claimEvent(evidence, claim, 'ProvisioningFailed', 'FailedBinding')
	const wanted = claim.storageClass
	const says = wanted
		? `${fullName(claim)} asks for the storage class ${wanted}, which does not exist (there is: ${classNames(evidence)})`
		: `${fullName(claim)} names no storage class, and none is the default (there is: ${classNames(evidence)})`
	return proof('cluster', says, {
		...(event && citeEvent(event)),
		quote: event
			? apiQuote('events', event.message)
			: apiQuote('persistentvolumeclaims', `storageClassName: ${wanted ?? '(none)'}`),
		at: event?.lastAt ?? claim.createdAt,
	})
}

/** What a claim asks for that its class cannot give. */
function askedFor({ accessModes }: Claim, { message }: KubeEvent): string {
	if (/block volume/.test(message)) return 'a raw block device'
	if (/Selector/.test(message)) return 'a volume with certain labels'
	return accessModes.join(', ') || 'an access mode'
}

/** Somebody tried, and said what is wrong. */
function refused(evidence: Evidence, claim: Claim): Finding | undefined {
	const found = classOf(evidence, claim)
	const event = claimEvent(evidence, claim, 'ProvisioningFailed', 'FailedBinding')
	if (!event) return undefined
	if (isAboutAccess(event))
		return proof(
			'cluster',
			`${fullName(claim)} asks for ${askedFor(claim, event)}, which ${found?.name ?? 'its class'} cannot give`,
			citeEvent(event),
		)
	// What goes wrong inside local-path has a cause of its own.
	if (!found ? claim.storageClass !== '' : isLocalPath(found)) return undefined
	return event.count > 1
		? strong('cluster', `${fullName(claim)} gets no volume`, citeEvent(event))
		: undefined
}

/** The class exists, and nobody serves it. */
function unserved(evidence: Evidence, claim: Claim): Finding | undefined {
	const found = classOf(evidence, claim)
	if (!found || isLocalPath(found) || !isOlderThan(evidence, claim.createdAt, 2 * minutes)) return undefined
	const event = claimEvent(evidence, claim, 'ExternalProvisioning')
	return (
		event &&
		strong(
			'cluster',
			`${fullName(claim)} waits for ${found.provisioner}, which does not answer`,
			citeEvent(event),
		)
	)
}

export default rule({
	cause: 'pvc-pending',
	title: 'A claim for storage is not served',
	severity: 'warning',
	appliesTo: ['server'],
	explain:
		"A pod's claim for a volume stays pending, and the pod waits with it: its storage class does not exist or none is the default, the provisioner behind the class does not run, or the claim asks for what the class cannot give. k3s brings one class, local-path, whose volumes live on one node and can be mounted there only (ReadWriteOnce). A claim that no pod uses yet is pending too, and fine.",
	docs: [
		'https://docs.k3s.io/storage',
		'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#persistentvolumeclaims',
	],
	signs: [
		fact(['cluster'], (_have, evidence) =>
			pendingClaims(evidence).flatMap(claim => [
				withoutClass(evidence, claim) ??
					saidToBeWithoutClass(evidence, claim) ??
					refused(evidence, claim) ??
					unserved(evidence, claim),
			]),
		),
	],
	leadsTo: ['pod-unschedulable'],
	remedies: evidence => {
		const claim = pendingClaims(evidence)[0]
		const where = inNamespace(claim?.namespace)
		const name = nameOr(claim?.name, 'CLAIM')
		const access = claim && claimEvent(evidence, claim, 'ProvisioningFailed')
		return [
			access && isAboutAccess(access)
				? {
						title: 'Ask for ReadWriteOnce, or use storage that can be shared',
						why: 'local-path volumes are folders of one node. Several nodes at once need NFS, Longhorn or the like.',
						risk: 'destructive' as const,
						interrupts: 'the pods that use the claim',
						steps: [
							{
								tell: 'A claim cannot be changed: save it, make it again with accessModes [ReadWriteOnce].',
								commands: [
									`k3s kubectl ${where} get pvc ${name} -o yaml > ${name}.yaml`,
									`k3s kubectl ${where} delete pvc ${name}`,
									`k3s kubectl apply -f ${name}.yaml`,
								],
							},
						],
						recheck: ['cluster' as const],
					}
				: undefined,
			{
				title: 'Use a class that exists, or install the one that is missing',
				why: 'The class of a claim cannot be changed: a pending claim holds no data and can be made again.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'See which classes there are, and make the claim again with one of them:',
						commands: [
							'k3s kubectl get storageclass',
							`k3s kubectl ${where} get pvc ${name} -o yaml > ${name}.yaml`,
							`k3s kubectl ${where} delete pvc ${name}`,
							`k3s kubectl apply -f ${name}.yaml`,
						],
					},
				],
				recheck: ['cluster'],
			},
			!claim || claim.storageClass === undefined
				? {
						title: 'Make a class the default',
						why: 'Claims that name no class take the default one. k3s marks local-path so, unless local-storage is disabled.',
						risk: 'safe' as const,
						interrupts: 'nothing',
						steps: [
							{
								tell: 'For example:',
								commands: [
									`k3s kubectl annotate storageclass local-path storageclass.kubernetes.io/is-default-class=true --overwrite`,
								],
							},
						],
						recheck: ['cluster' as const],
					}
				: undefined,
		]
	},
})
