/** Asks this host: the patient is found, the sources ask, the answers become a bundle. */
import { collect, type OnProgress } from '../bundle/collect.js'
import type { Redactor } from '../bundle/redact/redactor.js'
import type { Host, LiveHost } from '../host/host.js'
import { kubeconfigsOf } from '../host/kube.js'
import { localHost } from '../host/local.js'
import { findNode } from '../host/node.js'
import type { Bundle, NodeFacts } from '../model/bundle.js'
import { placesOf } from '../remedies/places.js'
import { sources } from '../sources/index.js'
import type { Source } from '../sources/source.js'
import type { Parsed } from './parse.js'
import { redactorOf } from './redaction.js'

export interface Patient {
	host: Host
	node: NodeFacts
}

/** One that can be watched. */
export interface LivePatient extends Patient {
	host: LiveHost
}

/** Who the patient is, as the options and the host say. */
export async function findPatient({ values }: Parsed): Promise<LivePatient> {
	const node = await findNode(localHost(), { unit: values.get('unit'), dataDir: values.get('data-dir') })
	const host = localHost({ kubeconfigs: kubeconfigsOf(node, values.get('kubeconfig')) })
	return { host, node }
}

/** `redact`: of the session that this is a part of; without it, one for this bundle alone. */
export async function askPatient(
	{ host, node }: Patient,
	parsed: Parsed,
	onProgress?: OnProgress,
	among: readonly Source[] = sources,
	redact?: Redactor,
): Promise<Bundle> {
	const { values } = parsed
	const limit = values.get('timeout')
	return collect(host, node, among, {
		...(onProgress && { onProgress }),
		...(limit !== undefined && { limitSeconds: Number(limit) }),
		since: values.get('since'),
		redact: redact ?? (await redactorOf(parsed)),
		also: placesOf(node.dataDir).audits,
	})
}

export async function askThisHost(
	parsed: Parsed,
	onProgress?: OnProgress,
): Promise<{ bundle: Bundle; ms: number }> {
	const began = performance.now()
	const bundle = await askPatient(await findPatient(parsed), parsed, onProgress)
	return { bundle, ms: performance.now() - began }
}
