/** Routes from `ip -j route`, from its text, or from /proc/net/route. */
import type { Route, RoutingRule } from '../../model/evidence/index.js'
import { type Fields, fields, json, list, number, own, text } from '../field.js'
import { linesOf, wordsOf } from '../lines.js'

type Family = 4 | 6

/** Words that begin a line of `ip route` and name the route's type. */
const types = new Set([
	'unicast',
	'local',
	'broadcast',
	'multicast',
	'anycast',
	'unreachable',
	'blackhole',
	'prohibit',
	'throw',
])

function destinationOf(destination: string): string {
	return destination === '0.0.0.0/0' || destination === '::/0' ? 'default' : destination
}

function familyOf(route: { destination: string; gateway?: string }, otherwise: Family): Family {
	if (route.destination.includes(':')) return 6
	// IPv4 may be routed through an IPv6 neighbour, so a gateway tells less than a destination.
	if (route.destination !== 'default') return 4
	return route.gateway?.includes(':') ? 6 : otherwise
}

function gatewayOf(route: Fields): string {
	return text(own(route, 'gateway')) || text(own(fields(own(route, 'via')), 'host'))
}

function routeOf(route: Fields, family: Family): Route | undefined {
	const destination = destinationOf(text(own(route, 'dst')))
	if (destination === '') return undefined
	const hop = fields(list(own(route, 'nexthops'))[0])
	const gateway = gatewayOf(route) || gatewayOf(hop)
	const device = text(own(route, 'dev')) || text(own(hop, 'dev'))
	const metric = number(own(route, 'metric'))
	const flags = list(own(route, 'flags'))
	return {
		// Only IPv6 routes carry a router preference.
		family: familyOf({ destination, ...(gateway && { gateway }) }, Object.hasOwn(route, 'pref') ? 6 : family),
		destination,
		...(gateway && { gateway }),
		...(device && { device }),
		table: text(own(route, 'table')) || 'main',
		// A dead next hop is one that the kernel does not use: its interface is down.
		type: flags.includes('dead') ? 'dead' : text(own(route, 'type')) || 'unicast',
		...(metric !== undefined && { metric }),
	}
}

/** Routes of `ip -j route`; `undefined` when the text is no such answer. `family`: of a default route that shows none. */
export function routesOfJson(content: string | undefined, family: Family): Route[] | undefined {
	const parsed = json(content)
	// No route at all is no output at all.
	if (content !== undefined && content.trim() === '') return []
	if (!Array.isArray(parsed)) return undefined
	return parsed.flatMap(item => routeOf(fields(item), family) ?? [])
}

/** Routes of `ip route` as text. */
export function routesOfText(content: string | undefined, family: Family): Route[] | undefined {
	if (content === undefined) return undefined
	const routes: Route[] = []
	for (const line of linesOf(content)) {
		const words = wordsOf(line.text)
		const typed = types.has(words[0] ?? '')
		const destination = destinationOf(words[typed ? 1 : 0] ?? '')
		if (destination !== 'default' && !/^[0-9a-f]*[.:][0-9a-f.:]*(?:\/\d{1,3})?$/i.test(destination)) continue
		const after = (key: string) => {
			const at = words.indexOf(key)
			return at < 0 ? undefined : words[at + 1]
		}
		const via = after('via')
		const gateway = via === 'inet6' ? after('inet6') : via
		const device = after('dev')
		const metric = number(after('metric'))
		routes.push({
			family: familyOf({ destination, ...(gateway && { gateway }) }, words.includes('pref') ? 6 : family),
			destination,
			...(gateway && { gateway }),
			...(device && { device }),
			table: after('table') ?? 'main',
			type: words.includes('dead') ? 'dead' : typed ? (words[0] ?? 'unicast') : 'unicast',
			...(metric !== undefined && { metric }),
		})
	}
	return routes
}

/** `0101A8C0` is 192.168.1.1: the kernel prints the address as a little-endian number. */
function dotted(hex: string): string {
	return [6, 4, 2, 0].map(at => Number.parseInt(hex.slice(at, at + 2), 16)).join('.')
}

/** Routes of /proc/net/route: the main table of IPv4. */
export function routesOfProc(content: string | undefined): Route[] | undefined {
	if (content === undefined) return undefined
	const routes: Route[] = []
	for (const line of linesOf(content)) {
		const [device, destination, gateway, flags, , , metric, mask] = wordsOf(line.text)
		if (!device || !mask || ![destination, gateway, mask].every(hex => /^[0-9A-F]{8}$/i.test(hex ?? '')))
			continue
		const bits = Number.parseInt(mask, 16).toString(2).replaceAll('0', '').length
		const to = dotted(destination ?? '')
		const through = dotted(gateway ?? '')
		const cost = number(metric)
		routes.push({
			family: 4,
			destination: destinationOf(`${to}/${bits}`),
			...(through !== '0.0.0.0' && { gateway: through }),
			device,
			table: 'main',
			// RTF_REJECT
			type: Number.parseInt(flags ?? '', 16) & 0x200 ? 'unreachable' : 'unicast',
			...(cost !== undefined && { metric: cost }),
		})
	}
	return routes
}

/** Whether packets without a better route leave by this one. */
export function isDefault(route: Route): boolean {
	return route.destination === 'default' && route.table === 'main' && route.type === 'unicast'
}

/** Rules of `ip -j rule`. */
export function rulesOfJson(content: string | undefined): RoutingRule[] | undefined {
	const parsed = json(content)
	if (!Array.isArray(parsed)) return undefined
	return parsed.map(item => {
		const rule = fields(item)
		const length = text(own(rule, 'srclen'))
		return {
			priority: number(own(rule, 'priority')) ?? 0,
			source: text(own(rule, 'src')) + (length && `/${length}`),
			table: text(own(rule, 'table')),
		}
	})
}
