/** Interfaces and addresses from `ip -j -d addr`, or from the text that busybox prints. */
import type { Address, Interface } from '../../model/evidence/index.js'
import { fields, inside, json, list, number, own, text } from '../field.js'
import { linesOf, wordsOf } from '../lines.js'

function addressesOf(value: unknown): Address[] {
	const addresses: Address[] = []
	for (const item of list(value)) {
		const info = fields(item)
		const address = text(own(info, 'local'))
		if (address === '') continue
		addresses.push({
			family: address.includes(':') ? 6 : 4,
			address,
			prefix: number(own(info, 'prefixlen')) ?? (address.includes(':') ? 128 : 32),
			scope: text(own(info, 'scope')),
		})
	}
	return addresses
}

function vxlanOf(kind: string, data: unknown): Interface['vxlan'] {
	const id = number(inside(data).id)
	if (kind !== 'vxlan' || id === undefined) return undefined
	const local = text(inside(data).local) || text(inside(data).local6)
	const link = text(inside(data).link)
	// Without a port in the answer it is the kernel's old default.
	const port = number(inside(data).port) ?? 8472
	return { id, port, ...(local && { local }), ...(link && { link }) }
}

/** Interfaces of `ip -j -d addr`; `undefined` when the text is no such answer. */
export function interfacesOfJson(content: string | undefined): Interface[] | undefined {
	const parsed = json(content)
	if (!Array.isArray(parsed)) return undefined
	const interfaces: Interface[] = []
	for (const item of parsed) {
		const link = fields(item)
		const name = text(own(link, 'ifname'))
		// ip prints `{}` for what it filtered out.
		if (name === '') continue
		const kind = text(own(inside(link, 'linkinfo'), 'info_kind'))
		const vxlan = vxlanOf(kind, inside(link, 'linkinfo', 'info_data'))
		const master = text(own(link, 'master'))
		interfaces.push({
			name,
			up: list(own(link, 'flags')).includes('UP'),
			operstate: text(own(link, 'operstate')) || 'UNKNOWN',
			mtu: number(own(link, 'mtu')) ?? 0,
			...(kind && { kind }),
			addresses: addressesOf(own(link, 'addr_info')),
			...(vxlan && { vxlan }),
			...(master && { master }),
		})
	}
	return interfaces
}

/** The word after `key` in a line of words. */
function after(words: readonly string[], key: string): string | undefined {
	const at = words.indexOf(key)
	return at < 0 ? undefined : words[at + 1]
}

/** Interfaces of `ip addr` as text. Kinds are only known where `-d` printed them. */
export function interfacesOfText(content: string | undefined): Interface[] | undefined {
	if (content === undefined) return undefined
	const interfaces: Interface[] = []
	let current: Interface | undefined
	for (const line of linesOf(content)) {
		const head = /^\d+: ([^:@\s]{1,32})(?:@\S+)?: <([A-Z0-9_,-]*)> (.*)$/.exec(line.text)
		const words = wordsOf(head ? (head[3] ?? '') : line.text)
		if (head?.[1] !== undefined) {
			const master = after(words, 'master')
			current = {
				name: head[1],
				up: (head[2] ?? '').split(',').includes('UP'),
				operstate: after(words, 'state') ?? 'UNKNOWN',
				mtu: number(after(words, 'mtu')) ?? 0,
				addresses: [],
				...(master && { master }),
			}
			interfaces.push(current)
			continue
		}
		const [address, prefix] = (words[1] ?? '').split('/')
		if (!current || !address || (words[0] !== 'inet' && words[0] !== 'inet6')) continue
		const family = words[0] === 'inet6' ? 6 : 4
		current.addresses.push({
			family,
			address,
			prefix: number(prefix) ?? (family === 6 ? 128 : 32),
			scope: after(words, 'scope') ?? '',
		})
	}
	return interfaces
}
