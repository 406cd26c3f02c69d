/** What a container's spec says beside its image: probes, mounts, ports. Each absent where there is none. */
import type { KubeContainer } from '../../model/evidence/index.js'
import { type Fields, fields, inside, isObject, list, number, own, text, texts } from '../field.js'

const kinds = ['startup', 'readiness', 'liveness'] as const

export function probes(spec: Fields): string[] | undefined {
	const found = kinds.flatMap(kind => {
		const probe = own(spec, `${kind}Probe`)
		return isObject(probe) ? [`${kind}: ${probeWords(probe)}`] : []
	})
	return found.length > 0 ? found : undefined
}

/** `GET http :8080/health, every 10 s, 3 failures`. The API fills in period, threshold and timeout. */
function probeWords(probe: Fields): string {
	const waits = number(probe.initialDelaySeconds) ?? 0
	const parts = [
		asks(probe),
		waits > 0 ? `after ${waits} s` : '',
		`every ${number(probe.periodSeconds) ?? 10} s`,
		`timeout ${number(probe.timeoutSeconds) ?? 1} s`,
		`${number(probe.failureThreshold) ?? 3} failures`,
	]
	return parts.filter(Boolean).join(', ')
}

function asks(probe: Fields): string {
	const get = own(probe, 'httpGet')
	if (isObject(get)) {
		const scheme = text(get.scheme).toLowerCase() || 'http'
		return `GET ${scheme} ${text(get.host)}:${text(get.port)}${text(get.path) || '/'}`
	}
	if (isObject(own(probe, 'tcpSocket'))) return `connect :${text(inside(probe, 'tcpSocket').port)}`
	if (isObject(own(probe, 'grpc'))) return `gRPC :${text(inside(probe, 'grpc').port)}`
	// Its arguments may be anybody's; the YAML view shows them masked.
	if (isObject(own(probe, 'exec'))) return `run ${texts(inside(probe, 'exec').command)[0] ?? ''}`
	return 'unknown'
}

export function mounts(spec: Fields): KubeContainer['mounts'] {
	const found = list(spec.volumeMounts).map(value => {
		const mount = fields(value)
		return { path: text(mount.mountPath), volume: text(mount.name), readOnly: mount.readOnly === true }
	})
	return found.length > 0 ? found : undefined
}

/** `8080/TCP`, `53/UDP dns`. */
export function ports(spec: Fields): string[] | undefined {
	const found = list(spec.ports).map(value => {
		const port = fields(value)
		const name = text(port.name)
		return `${text(port.containerPort)}/${text(port.protocol) || 'TCP'}${name ? ` ${name}` : ''}`
	})
	return found.length > 0 ? found : undefined
}
