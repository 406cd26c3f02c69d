import type { KubePod } from '../../model/evidence/index.js'
import { fields, inside, list, map, optional, text, time } from '../field.js'
import { containers } from './containers.js'
import { conditions, meta } from './meta.js'

type PodVolume = KubePod['volumes'][number]

/** Where the name of what is mounted stands, by kind of volume. */
const sourceKeys = ['name', 'secretName', 'claimName', 'path', 'driver', 'volumeID', 'pdName']

/** `{name, nfs: {server, path}}` -> kind `nfs`, source `server:path`. */
function podVolume(value: unknown): PodVolume {
	const told = fields(value)
	const kind = Object.keys(told).find(key => key !== 'name') ?? ''
	const detail = fields(told[kind])
	if (kind === 'projected') return { name: text(told.name), kind, source: projected(detail.sources) }
	const source = sourceKeys.map(key => text(detail[key])).find(Boolean) ?? ''
	const server = text(detail.server)
	return { name: text(told.name), kind, source: server ? `${server}:${source}` : source }
}

/** `configMap/kube-root-ca.crt,secret/app`. */
function projected(sources: unknown): string {
	const parts: string[] = []
	for (const source of list(sources)) {
		for (const kind of ['configMap', 'secret']) {
			const name = text(inside(source, kind).name)
			if (name) parts.push(`${kind}/${name}`)
		}
	}
	return parts.join(',')
}

export function kubePod(object: unknown): KubePod {
	const spec = inside(object, 'spec')
	const status = inside(object, 'status')
	return {
		...meta(object),
		node: text(spec.nodeName),
		phase: text(status.phase),
		reason: text(status.reason),
		message: text(status.message),
		podIp: text(status.podIP),
		hostIp: text(status.hostIP),
		hostNetwork: spec.hostNetwork === true,
		conditions: conditions(object),
		containers: containers(spec, status),
		nodeSelector: map(spec.nodeSelector),
		serviceAccount: text(spec.serviceAccountName),
		volumes: list(spec.volumes).map(podVolume),
		...optional('startedAt', time(status.startTime)),
		...optional('restartPolicy', text(spec.restartPolicy) || undefined),
	}
}
