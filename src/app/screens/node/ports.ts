import type { Socket } from '../../../model/evidence/index.js'
import { cell, number, span } from '../../line.js'
import { factRow, type Section, tableRow } from './section.js'

/** What k3s needs a port for; `server` where only a server has it. */
const known: Readonly<Record<string, { what: string; server?: true }>> = {
	'tcp 6443': { what: 'Kubernetes API and supervisor', server: true },
	'tcp 6444': { what: 'API server, or the agent’s local balancer' },
	'tcp 10250': { what: 'kubelet' },
	'tcp 10248': { what: 'kubelet health' },
	'tcp 10249': { what: 'kube-proxy metrics' },
	'tcp 10256': { what: 'kube-proxy health' },
	'tcp 10257': { what: 'controller manager', server: true },
	'tcp 10258': { what: 'cloud controller', server: true },
	'tcp 10259': { what: 'scheduler', server: true },
	'tcp 10010': { what: 'containerd streams' },
	'tcp 2379': { what: 'etcd clients', server: true },
	'tcp 2380': { what: 'etcd peers', server: true },
	'tcp 2381': { what: 'etcd metrics', server: true },
	'udp 8472': { what: 'flannel VXLAN' },
	'udp 51820': { what: 'flannel WireGuard' },
	'tcp 5001': { what: 'embedded registry (Spegel)' },
}

const key = ({ protocol, port }: Socket) => `${protocol} ${port}`
const isOwn = ({ process }: Socket) => process === undefined || /^(k3s|containerd)/.test(process)

export const ports: Section = {
	id: 'ports',
	title: 'Ports',
	summary: ({ sockets }) => {
		if (!sockets) return undefined
		const strangers = sockets.listening.filter(
			socket => key(socket) in known && !isOwn(socket) && socket.process !== undefined,
		)
		const [stranger] = strangers
		if (stranger) {
			return { says: `${stranger.port} is held by ${stranger.process}, not by k3s`, tone: 'warn' }
		}
		const held = sockets.listening.filter(socket => key(socket) in known)
		const names = [...new Set(held.map(({ port }) => port))].sort((a, b) => a - b)
		return names.length > 0
			? { says: `k3s listens on ${names.join(', ')}` }
			: { says: 'nothing listens on a port of k3s', tone: 'warn' }
	},
	rows: ({ sockets, probes, node }) => {
		const listening = sockets?.listening ?? []
		const holders = new Map<string, Socket[]>()
		for (const socket of listening) holders.set(key(socket), [...(holders.get(key(socket)) ?? []), socket])
		const own = Object.entries(known)
			.filter(
				([name, { server }]) => holders.has(name) || (node.role !== 'agent' && server && /6443/.test(name)),
			)
			.flatMap(([name, { what }]) => {
				const held = holders.get(name)
				return held
					? held.map(socket => socketRow(socket, what, 'Ports of k3s'))
					: [factRow(name, `nobody listens (${what})`, { tone: 'warn', group: 'Ports of k3s' })]
			})
		const others = listening
			.filter(socket => !(key(socket) in known))
			.sort((a, b) => a.port - b.port)
			.map(socket => socketRow(socket, '', 'Other ports'))
		const answers = (probes?.ports ?? []).map(({ host, port, protocol, result, ms }, index) =>
			tableRow(
				`probe ${index} ${host} ${port}`,
				`${host} ${port} ${result}`,
				() => ({
					left: [
						cell(`${protocol} ${host}:${port}`, 34),
						span(result, result === 'open' ? 'good' : 'warn'),
						span(`  ${Math.round(ms)} ms`, 'faint'),
					],
				}),
				{ group: 'What answered a connect' },
			),
		)
		return [...own, ...others, ...answers]
	},
}

function socketRow(socket: Socket, what: string, group: string) {
	const { protocol, address, port, process, pid, quote } = socket
	const stranger = what !== '' && !isOwn(socket)
	const holder = process ? `${process}${pid === undefined ? '' : ` (${pid})`}` : 'holder unknown'
	return tableRow(
		`${protocol} ${address} ${port} ${pid ?? ''}`,
		`${protocol} ${port} ${address} ${holder} ${what}`,
		() => ({
			left: [
				cell(protocol, 4, 'faint'),
				number(String(port), 6),
				span('  '),
				cell(holder, 26, stranger ? 'warn' : undefined),
				cell(address, 18, 'faint'),
				span(what, 'faint'),
			],
		}),
		{
			group,
			target: { kind: 'file', file: quote.file, ...(quote.line !== undefined && { line: quote.line }) },
		},
	)
}
