/** Addresses and time. */
import { duration, utcTime } from '../../../report/times.js'
import { cell, span } from '../../line.js'
import { factRow, type Section, tableRow } from './section.js'

const ofPods = /^(veth|cali|lxc|cilium_)/

export const addresses: Section = {
	id: 'addresses',
	title: 'Addresses',
	summary: ({ network }) => {
		if (!network) return undefined
		const own = network.interfaces
			.filter(({ name }) => !/^(lo|cni|flannel|kube-|docker|br-)/.test(name) && !ofPods.test(name))
			.flatMap(({ name, addresses }) =>
				addresses.filter(({ scope }) => scope === 'global').map(({ address }) => `${address} on ${name}`),
			)
		if (network.defaultRoutes.length === 0) {
			return { says: `${own[0] ?? 'no address'}, no default route`, tone: 'warn' }
		}
		return {
			says: own.slice(0, 3).join(', ') || 'no address',
			...(own.length === 0 && { tone: 'warn' as const }),
		}
	},
	rows: ({ network, names }) => {
		const interfaces = network?.interfaces ?? []
		const shown = interfaces.filter(({ name }) => !ofPods.test(name))
		const hidden = interfaces.length - shown.length
		const routes = (network?.routes ?? []).filter(({ table, type }) => table === 'main' && type !== 'local')
		return [
			...shown.map(({ name, up, operstate, mtu, kind, addresses }) =>
				tableRow(
					`interface ${name}`,
					`${name} ${addresses.map(({ address }) => address).join(' ')}`,
					() => ({
						left: [
							cell(name, 16),
							cell(up ? 'up' : 'down', 6, up ? 'good' : 'warn'),
							span(addresses.map(({ address, prefix }) => `${address}/${prefix}`).join(' ') || 'no address'),
							span(`  mtu ${mtu} ${operstate.toLowerCase()} ${kind ?? ''}`, 'faint'),
						],
					}),
					{ group: 'Interfaces' },
				),
			),
			...(hidden > 0 ? [factRow('of pods', `${hidden} more`, { group: 'Interfaces' })] : []),
			...routes.map(({ destination, gateway, device, metric }) =>
				factRow(
					destination,
					[gateway ? `via ${gateway}` : '', device ? `on ${device}` : '', metric ? `metric ${metric}` : '']
						.filter(Boolean)
						.join(' '),
					{ group: 'Routes' },
				),
			),
			...nameRows(names),
		]
	},
}

function nameRows(names: Parameters<Section['rows']>[0]['names']) {
	if (!names) return []
	const group = 'Names'
	const { hostname, etcHostname, resolv, podResolv, hosts, lookups } = names
	return [
		factRow(
			'hostname',
			etcHostname && etcHostname !== hostname
				? `${hostname}, but /etc/hostname says ${etcHostname}`
				: hostname,
			{
				group,
				...(etcHostname && etcHostname !== hostname && { tone: 'warn' as const }),
			},
		),
		...(resolv
			? [factRow('nameservers', `${resolv.nameservers.join(' ') || 'none'} (${resolv.file})`, { group })]
			: []),
		...(resolv && resolv.search.length > 0 ? [factRow('search', resolv.search.join(' '), { group })] : []),
		...(podResolv
			? [factRow('for pods', `${podResolv.nameservers.join(' ') || 'none'} (${podResolv.file})`, { group })]
			: []),
		...[...lookups].map(([name, found]) =>
			factRow(name, found.length > 0 ? found.join(' ') : 'does not resolve', {
				group,
				...(found.length === 0 && { tone: 'warn' as const }),
			}),
		),
		...hosts.map(({ address, names: called }) => factRow(address, called.join(' '), { group: '/etc/hosts' })),
	]
}

export const time: Section = {
	id: 'time',
	title: 'Time',
	summary: ({ clock }) => {
		if (!clock) return undefined
		const { now, timezone, synchronized, offsetSeconds } = clock
		const far = offsetSeconds !== undefined && Math.abs(offsetSeconds) > 1
		const sync = synchronized === undefined ? '' : synchronized ? ', synchronised' : ', not synchronised'
		return {
			says: `${utcTime(now)} UTC${timezone && timezone !== 'UTC' ? ` (${timezone})` : ''}${sync}`,
			...(far && { tone: 'warn' as const }),
		}
	},
	rows: ({ clock, kernel }, { report }) => {
		if (!clock) return []
		const { now, timezone, ntpEnabled, synchronized, offsetSeconds } = clock
		const word = (value: boolean | undefined) => (value === undefined ? 'not known' : value ? 'yes' : 'no')
		return [
			factRow('the node’s time', `${utcTime(now)} UTC`),
			factRow('looked at', `${utcTime(Date.parse(report.takenAt) || 0)} UTC`),
			...(timezone ? [factRow('time zone', timezone)] : []),
			factRow('NTP switched on', word(ntpEnabled)),
			factRow('synchronised', word(synchronized)),
			...(offsetSeconds === undefined ? [] : [factRow('offset', `${offsetSeconds} s`)]),
			...(kernel?.uptimeSeconds === undefined ? [] : [factRow('up', duration(kernel.uptimeSeconds * 1000))]),
		]
	},
}
