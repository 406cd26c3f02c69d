/** Arithmetic of addresses and networks, of both families. */

export interface Network {
	family: 4 | 6
	/** The first address, as a number. */
	base: bigint
	/** Leading bits that all its addresses share. */
	prefix: number
	text: string
}

function v4(text: string): bigint | undefined {
	const bytes = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number)
	if (!bytes || bytes.some(byte => byte > 255)) return undefined
	return bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
}

function groups(text: string): bigint[] | undefined {
	if (text === '') return []
	const found: bigint[] = []
	for (const part of text.split(':')) {
		const mapped = part.includes('.') ? v4(part) : undefined
		if (mapped !== undefined) found.push(mapped >> 16n, mapped & 0xffffn)
		else if (/^[0-9a-f]{1,4}$/i.test(part)) found.push(BigInt(`0x${part}`))
		else return undefined
	}
	return found
}

function v6(text: string): bigint | undefined {
	if (text.length > 45) return undefined
	const [left = '', right, ...more] = text.split('::')
	const head = groups(left)
	const tail = right === undefined ? [] : groups(right)
	if (!head || !tail || more.length > 0) return undefined
	const gap = 8 - head.length - tail.length
	if (right === undefined ? gap !== 0 : gap < 1) return undefined
	return [...head, ...Array.from({ length: gap }, () => 0n), ...tail].reduce(
		(sum, group) => sum * 65536n + group,
		0n,
	)
}

/** `10.42.0.0/16`, `fd00:42::/56`, or a single address. `undefined` where it is neither. */
export function networkOf(text: string | undefined): Network | undefined {
	const [address = '', bits] = (text ?? '').trim().replace(/%.*$/, '').split('/')
	const family = address.includes(':') ? 6 : 4
	const number = family === 6 ? v6(address) : v4(address)
	const size = family === 6 ? 128 : 32
	const prefix = bits === undefined ? size : /^\d{1,3}$/.test(bits) ? Number(bits) : -1
	if (number === undefined || prefix < 0 || prefix > size) return undefined
	const host = BigInt(size - prefix)
	return { family, base: (number >> host) << host, prefix, text: (text ?? '').trim() }
}

/** Whether `inner` (a network or an address) lies wholly in `outer`. */
export function holds(outer: Network | undefined, inner: Network | undefined): boolean {
	if (!outer || !inner || outer.family !== inner.family || inner.prefix < outer.prefix) return false
	const host = BigInt((outer.family === 6 ? 128 : 32) - outer.prefix)
	return outer.base >> host === inner.base >> host
}

/** Whether they share an address. */
export function overlaps(one: Network | undefined, other: Network | undefined): boolean {
	return holds(one, other) || holds(other, one)
}
