/** Interfaces, addresses, routes and routing rules. */
import { type Bundle, fileOf } from '../model/bundle.js'
import type { NetworkEvidence, Route } from '../model/evidence/index.js'
import { hung } from './first-answer.js'
import { interfacesOfJson, interfacesOfText } from './network/interfaces.js'
import { neighboursOfJson } from './network/neighbours.js'
import { isDefault, routesOfJson, routesOfProc, routesOfText, rulesOfJson } from './network/routes.js'
import { type Ask, source } from './source.js'

const commands = {
	addr: 'commands/ip-addr.json',
	addrText: 'commands/ip-addr.txt',
	route: 'commands/ip-route.json',
	routeText: 'commands/ip-route.txt',
	route6: 'commands/ip-6-route.json',
	route6Text: 'commands/ip-6-route.txt',
	rule: 'commands/ip-rule.json',
}

/** `table all` holds both families, so the IPv6 answer repeats some. */
function distinct(routes: readonly Route[]): Route[] {
	const seen = new Map<string, Route>()
	for (const route of routes) {
		const { family, destination, gateway, device, table, type, metric } = route
		const key = [family, destination, gateway, device, table, type, metric].join(' ')
		if (!seen.has(key)) seen.set(key, route)
	}
	return [...seen.values()]
}

function parse(bundle: Bundle): NetworkEvidence | undefined {
	const text = (file: string) => bundle.files.get(file)
	const interfaces = interfacesOfJson(text(commands.addr)) ?? interfacesOfText(text(commands.addrText))
	const routes =
		routesOfJson(text(commands.route), 4) ??
		routesOfText(text(commands.routeText), 4) ??
		routesOfProc(text(fileOf('/proc/net/route')))
	// Interfaces without routes, or routes without interfaces, would read as "no default route", "no address".
	if (!interfaces || !routes) return undefined
	const routes6 = routesOfJson(text(commands.route6), 6) ?? routesOfText(text(commands.route6Text), 6) ?? []
	const all = distinct([...routes, ...routes6])
	const rules = rulesOfJson(text(commands.rule))
	const neighbours = neighboursOfJson(text('commands/ip-neigh.json'))
	return {
		interfaces,
		routes: all,
		defaultRoutes: all.filter(isDefault),
		...(neighbours && { neighbours }),
		...(rules && { rules }),
	}
}

async function collect(ask: Ask): Promise<void> {
	const began = Date.now()
	const [addresses, routes] = await Promise.all([
		ask.run(commands.addr, ['ip', '-j', '-d', 'addr']),
		ask.run(commands.route, ['ip', '-j', 'route', 'show', 'table', 'all']),
		ask.run(commands.route6, ['ip', '-j', '-6', 'route']),
		ask.run(commands.rule, ['ip', '-j', 'rule']),
		ask.run('commands/ip-neigh.json', ['ip', '-j', 'neigh']),
		ask.run('commands/bridge-fdb.json', ['bridge', '-j', 'fdb', 'show', 'dev', 'flannel.1']),
		// What flannel was told, and what it told its CNI plugin.
		ask.file(`${ask.node.dataDir}/agent/etc/flannel/net-conf.json`),
		ask.file('/run/flannel/subnet.env'),
	])
	if ((addresses && routes) || hung(began)) return
	// busybox's ip knows no -j.
	await Promise.all([
		ask.run(commands.addrText, ['ip', 'addr']),
		ask.run(commands.routeText, ['ip', 'route']),
		ask.run(commands.route6Text, ['ip', '-6', 'route']),
		ask.file('/proc/net/route'),
	])
}

export const network = source({
	name: 'network',
	title: 'addresses and routes',
	wants: node => {
		// OpenRC hosts are Alpine's: busybox answers in text.
		const optional = node.init !== 'systemd'
		return [
			{ file: commands.addr, askFor: 'ip -j -d addr', optional },
			{ file: commands.route, askFor: 'ip -j route show table all', optional },
			{ file: commands.route6, askFor: 'ip -j -6 route', optional: true },
			{ file: commands.rule, askFor: 'ip -j rule', optional: true },
		]
	},
	collect,
	parse,
})
