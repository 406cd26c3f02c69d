/** Answers of `ip` and `ss` that the sources want in another form. */
import type { Draft, Placed, Source } from '../draft.js'
import { placed } from '../draft.js'

function jsonLines(into: Draft, own: string, items: readonly Placed[]): void {
	if (items.length === 0) return
	const [first] = items
	const file = first?.file ?? ''
	// One item a line, so that a line of the list is a line of the table.
	const lines = items.map((item, index) => ({
		...item,
		text: `${index === 0 ? '[' : ''}${item.text}${index === items.length - 1 ? ']' : ','}`,
	}))
	into.lines(own, lines.length > 0 ? lines : [{ text: '[]', file, line: 0 }])
}

/** `32766:	from all lookup main` */
export function addRules(into: Draft, from: Source | undefined): void {
	if (!from) return
	const items = placed(from).flatMap(line => {
		const parts = /^(\d{1,10}):\s+(?:not )?from (\S+)(.*)$/.exec(line.text)
		if (!parts) return []
		const words = (parts[3] ?? '').trim().split(/\s+/)
		const after = (key: string) => {
			const at = words.indexOf(key)
			return at < 0 ? undefined : words[at + 1]
		}
		const [src, len] = (parts[2] ?? 'all').split('/')
		const [dst, dstlen] = (after('to') ?? '').split('/')
		const rule = {
			priority: Number(parts[1]),
			src,
			...(len && { srclen: Number(len) }),
			...(dst && { dst }),
			...(dstlen && { dstlen: Number(dstlen) }),
			...(after('iif') && { iif: after('iif') }),
			...(after('fwmark') && { fwmark: after('fwmark') }),
			...(after('lookup') && { table: after('lookup') }),
			...(words.includes('unreachable') && { action: 'unreachable' }),
			...(words.includes('blackhole') && { action: 'blackhole' }),
			...(words.includes('prohibit') && { action: 'prohibit' }),
		}
		return [{ ...line, text: JSON.stringify(rule) }]
	})
	jsonLines(into, 'commands/ip-rule.json', items)
}

/** `10.42.0.5 dev cni0 lladdr 4e:ff:b9:fb:92:86 REACHABLE` */
export function addNeighbours(into: Draft, from: Source | undefined): void {
	if (!from) return
	const items = placed(from).flatMap(line => {
		const parts =
			/^([0-9a-f.:]{3,60}) dev (\S+)(?: lladdr (\S+))?.*? ([A-Z]+)$/i.exec(line.text.trim()) ?? undefined
		if (!parts) return []
		const [, dst, dev, lladdr, state] = parts
		return [{ ...line, text: JSON.stringify({ dst, dev, ...(lladdr && { lladdr }), state: [state] }) }]
	})
	jsonLines(into, 'commands/ip-neigh.json', items)
}

/** Sockets of both families out of several answers of `ss`; a header or an error is no socket. */
export function addSockets(into: Draft, sources: readonly (Source | undefined)[]): void {
	const lines = sources
		.flatMap(source => (source ? placed(source) : []))
		.filter(({ text }) => /^(?:tcp|udp)\s/.test(text))
	// A host whose every port is closed has answered as well, but so rarely that silence is likelier.
	into.lines('commands/ss-listening.txt', lines)
}

/** `netstat -tulpn` and `-anp`: `tcp 0 0 0.0.0.0:22 0.0.0.0:* LISTEN 831/sshd` in the words of ss. */
export function addNetstat(into: Draft, from: Source | undefined): void {
	if (!from || into.files.has('commands/ss-listening.txt')) return
	const lines = placed(from).flatMap(line => {
		const words = line.text.trim().split(/\s+/)
		const [proto = '', receive = '', send = '', local = '', remote = ''] = words
		const kind = /^(tcp|udp)6?$/.exec(proto)?.[1]
		if (!kind || !/^\d+$/.test(receive)) return []
		const stated = kind === 'tcp' || /^[A-Z_]+$/.test(words[5] ?? '')
		const state = { LISTEN: 'LISTEN', ESTABLISHED: 'ESTAB' }[stated ? (words[5] ?? '') : ''] ?? ''
		const owner = /^(\d{1,10})\/(\S+)/.exec(words[stated ? 6 : 5] ?? '')
		if (kind === 'tcp' && state === '') return []
		const users = owner ? ` users:(("${owner[2]?.replace(/:$/, '')}",pid=${owner[1]},fd=0))` : ''
		return [{ ...line, text: `${kind} ${state || 'UNCONN'} ${receive} ${send} ${local} ${remote}${users}` }]
	})
	into.lines('commands/ss-listening.txt', lines)
}
