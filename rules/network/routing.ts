/** Where this host sends its packets. */
import type { NetworkEvidence, Route } from '../../src/rule.js'
import { holds, networkOf } from './addresses.js'

/** Whether the address is one of this host's own. */
export function isOwnAddress(network: NetworkEvidence | undefined, address: string): boolean {
	return (network?.interfaces ?? []).some(({ addresses }) => addresses.some(own => own.address === address))
}

/** The route that a packet to `address` takes by the main table; `undefined` where there is none or it is not known. */
export function routeTo(network: NetworkEvidence | undefined, address: string): Route | undefined {
	const target = networkOf(address)
	if (!network || !target) return undefined
	let best: { route: Route; prefix: number } | undefined
	for (const route of network.routes) {
		if (route.table !== 'main' || route.type === 'dead' || route.family !== target.family) continue
		const prefix = route.destination === 'default' ? 0 : (networkOf(route.destination)?.prefix ?? -1)
		if (prefix < 0 || (prefix > 0 && !holds(networkOf(route.destination), target))) continue
		const better =
			!best ||
			prefix > best.prefix ||
			(prefix === best.prefix && (route.metric ?? 0) < (best.route.metric ?? 0))
		if (better) best = { route, prefix }
	}
	return best?.route
}

/** The interface by which a packet to `address` leaves; `lo` for the host's own addresses. */
export function deviceTo(network: NetworkEvidence | undefined, address: string): string | undefined {
	if (/^127\.|^::1$/.test(address) || isOwnAddress(network, address)) return 'lo'
	return routeTo(network, address)?.device
}
