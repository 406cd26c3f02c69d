import type { Ingress } from '../../model/evidence/index.js'
import { fields, inside, list, text } from '../field.js'
import { meta } from './meta.js'

function backend(value: unknown): string {
	const service = inside(value, 'service')
	const port = inside(service, 'port')
	const name = text(service.name)
	return name ? `${name}:${text(port.number) || text(port.name)}` : ''
}

export function ingress(object: unknown): Ingress {
	const spec = inside(object, 'spec')
	const rules = list(spec.rules).map(fields)
	const paths = rules.flatMap(rule => list(inside(rule, 'http').paths).map(fields))
	const backends = [spec.defaultBackend, ...paths.map(path => path.backend)].map(backend).filter(Boolean)
	return {
		...meta(object),
		className: text(spec.ingressClassName),
		hosts: [...new Set(rules.map(rule => text(rule.host) || '*'))],
		backends: [...new Set(backends)],
		addresses: list(inside(object, 'status', 'loadBalancer').ingress)
			.map(fields)
			.map(({ ip, hostname }) => text(ip) || text(hostname))
			.filter(Boolean),
		tls: list(spec.tls).length > 0,
	}
}
