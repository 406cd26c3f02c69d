/** What the zones of firewalld let in, where its own rules in nftables were not listed. */
import type { Evidence } from '../../src/rule.js'
import { holds, networkOf } from './addresses.js'
import { deviceTo } from './routing.js'

interface Zone {
	name: string
	target: string
	interfaces: string[]
	sources: string[]
	ports: string[]
	services: string[]
	protocols: string[]
	rich: string
}

const mostZones = 40

/** Blocks of `firewall-cmd --list-all-zones`: a name in the first column, `key: values` below it. */
function zonesOf(text: string): Zone[] {
	const zones: Zone[] = []
	let rich = false
	for (const line of text.slice(0, 65_536).split('\n')) {
		const name = /^(?<name>[\w-]{1,64})(?: \([\w, ]{1,60}\))?\s*$/.exec(line)?.groups?.name
		if (name !== undefined) {
			if (zones.length >= mostZones) break
			const none = { target: '', rich: '' }
			zones.push({ name, ...none, interfaces: [], sources: [], ports: [], services: [], protocols: [] })
			rich = false
			continue
		}
		const zone = zones.at(-1)
		const [, key, value = ''] = /^\s+(?<key>[\w-]+):\s*(?<value>.*)$/.exec(line) ?? []
		if (!zone) continue
		const words = value.split(/\s+/).filter(Boolean)
		if (key === 'target') zone.target = value.trim()
		if (
			key === 'interfaces' ||
			key === 'sources' ||
			key === 'ports' ||
			key === 'services' ||
			key === 'protocols'
		)
			zone[key] = words
		if (key === 'rich rules') rich = true
		if (/^\s+rich rules:/.test(line)) rich = true
		if (rich) zone.rich += `${line}\n`
	}
	return zones
}

function isOpenFor(ports: readonly string[], protocol: string, port: number): boolean {
	return ports.some(entry => {
		const [, from, to = from, of] = /^(\d+)(?:-(\d+))?\/(tcp|udp)$/.exec(entry) ?? []
		return of === protocol && Number(from) <= port && port <= Number(to)
	})
}

/** The zone that throws away what `peer` sends to this port; `undefined` where it may pass, or nobody can tell. */
export function zoneThatShuts(
	evidence: Evidence,
	peer: string,
	protocol: 'tcp' | 'udp',
	port: number,
): { name: string; text: string } | undefined {
	const { firewall, network } = evidence
	// Rules that were listed say more than zones do.
	if (firewall?.firewalld?.running !== true || firewall.nft !== undefined) return undefined
	const zones = zonesOf(firewall.firewalld.text)
	const source = networkOf(peer)
	const bySource = zones.find(({ sources }) => sources.some(one => holds(networkOf(one), source)))
	// Sets of addresses and of hardware addresses are not looked into.
	const unknown = zones.some(({ sources }) => sources.some(one => networkOf(one) === undefined))
	const device = network && deviceTo(network, peer)
	const bound = zones.filter(({ interfaces }) => interfaces.length > 0)
	const byDevice = device ? bound.find(({ interfaces }) => interfaces.includes(device)) : undefined
	const zone = bySource ?? (device === undefined && bound.length === 1 ? bound[0] : byDevice)
	if (!zone || unknown || /ACCEPT/i.test(zone.target) || zone.name === 'trusted') return undefined
	if (/accept/.test(zone.rich) || zone.protocols.includes(protocol)) return undefined
	if (isOpenFor(zone.ports, protocol, port)) return undefined
	const ports = zone.ports.length > 0 ? zone.ports.join(' ') : 'none'
	return { name: zone.name, text: `${zone.name}: ports: ${ports}; services: ${zone.services.join(' ')}` }
}
