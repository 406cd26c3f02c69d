/** Services, with the addresses that their endpoint slices give them. */
import type { KubeService } from '../../model/evidence/index.js'
import { fields, inside, list, map, number, optional, own, text, texts } from '../field.js'
import { meta } from './meta.js'

type Endpoints = NonNullable<KubeService['endpoints']>

/** Endpoints by `namespace/service`. */
function endpointsOf(slices: readonly unknown[]): Map<string, Endpoints> {
	const found = new Map<string, Endpoints>()
	for (const slice of slices) {
		const { namespace, labels } = meta(slice)
		const service = labels['kubernetes.io/service-name']
		if (!service) continue
		const key = `${namespace}/${service}`
		const endpoints = found.get(key) ?? { ready: [], notReady: [] }
		found.set(key, endpoints)
		for (const endpoint of list(own(fields(slice), 'endpoints'))) {
			// The API says: no `ready` counts as ready.
			const ready = inside(endpoint, 'conditions').ready !== false
			const addresses = ready ? endpoints.ready : endpoints.notReady
			for (const address of texts(fields(endpoint).addresses)) addresses.push(address)
		}
	}
	return found
}

function servicePort(value: unknown): KubeService['ports'][number] {
	const port = fields(value)
	return {
		name: text(port.name),
		port: number(port.port) ?? 0,
		targetPort: text(port.targetPort),
		...optional('nodePort', number(port.nodePort)),
		protocol: text(port.protocol) || 'TCP',
	}
}

/** `slices`: undefined when the endpoint slices were not answered. */
export function kubeServices(
	items: readonly unknown[],
	slices: readonly unknown[] | undefined,
): KubeService[] {
	const endpoints = slices && endpointsOf(slices)
	return items.map(object => {
		const spec = inside(object, 'spec')
		const balanced = list(inside(object, 'status', 'loadBalancer').ingress).map(fields)
		const about = meta(object)
		return {
			...about,
			type: text(spec.type) || 'ClusterIP',
			clusterIp: text(spec.clusterIP),
			selector: map(spec.selector),
			ports: list(spec.ports).map(servicePort),
			externalAddresses: [
				...balanced.map(({ ip, hostname }) => text(ip) || text(hostname)).filter(Boolean),
				...texts(spec.externalIPs),
			],
			...optional(
				'endpoints',
				endpoints && (endpoints.get(`${about.namespace}/${about.name}`) ?? { ready: [], notReady: [] }),
			),
		}
	})
}
