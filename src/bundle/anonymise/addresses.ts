/**
 * Addresses get others that keep what they have in common: two addresses of one network stay in one network, whatever
 * its size, and private ones stay private (the scheme of Crypto-PAn, which keeps prefixes).
 */
import type { Scramble } from './scramble.js'

/** Networks whose first bits stay, with how many: what kind of address it is must be seen. */
const kept: readonly [network: string, bits: number][] = [
	['10.0.0.0', 8],
	['172.16.0.0', 12],
	['192.168.0.0', 16],
	['100.64.0.0', 10],
	['192.0.0.0', 16],
	['198.18.0.0', 15],
]

/** What is the same everywhere tells nothing of a house: k3s's own networks, loopback, link-local, resolvers of the world. */
const open: readonly [network: string, bits: number][] = [
	['10.42.0.0', 16],
	['10.43.0.0', 16],
	['127.0.0.0', 8],
	['169.254.0.0', 16],
	['0.0.0.0', 8],
	['224.0.0.0', 3],
	['8.8.8.8', 32],
	['8.8.4.4', 32],
	['1.1.1.1', 32],
	['1.0.0.1', 32],
	['9.9.9.9', 32],
	['203.0.113.0', 24],
	['198.51.100.0', 24],
	['192.0.2.0', 24],
]

const v4 = /(?<![\w.])(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?(?![\w]|\.\d)/g
const v6 = /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:\/(\d{1,3}))?(?![\w:])/gi
const mac = /(?<![\w:-])((?:[0-9a-f]{2}:){5}[0-9a-f]{2})(?![\w:-])/gi

const mostKnown = 50_000

export interface Addresses {
	/** All addresses in a text. */
	text(text: string): string
	/** Four or sixteen bytes as certificates carry them. */
	bytes(address: Uint8Array): Uint8Array
	/** A hexadecimal number of /proc/net, four bytes each in the host's order. */
	hex(number: string): string
}

export function addressesWith(scramble: Scramble): Addresses {
	/** Bits `from` to `to` turned over by what stands before each. */
	function turned(bits: string, from: number, to: number, family: string): string {
		let made = bits.slice(0, from)
		for (let at = from; at < bits.length; at += 1) {
			const bit = bits[at] === '1'
			made +=
				at < to && scramble.flips(`${family} ${bits.slice(0, at)}`) ? (bit ? '0' : '1') : (bits[at] ?? '0')
		}
		return made
	}

	/** `length`: of a network, whose bits behind it are zero and stay so. */
	function four(bits: string, length: number): string {
		if (isIn(bits, open)) return bits
		const from = kept.find(each => isIn(bits, [each]))?.[1] ?? 8
		let made = bits
		// What would become an open address goes round once more, so that no two become one.
		for (let round = 0; round < 16; round += 1) {
			made = turned(made, from, 32, 'four')
			if (!isIn(made, open)) break
		}
		return length < 32 && !bits.slice(length).includes('1') ? made.slice(0, length).padEnd(32, '0') : made
	}

	function six(bits: string, length: number): string {
		const first = Number.parseInt(bits.slice(0, 16), 2)
		// Unspecified, loopback, mapped IPv4, multicast.
		if (first === 0 || first >= 0xff00) return bits
		const from = first >= 0xfe80 && first < 0xfec0 ? 64 : 16
		if (!bits.slice(from).includes('1')) return bits
		const made = turned(bits, from, 128, 'six')
		return length < 128 && !bits.slice(length).includes('1') ? made.slice(0, length).padEnd(128, '0') : made
	}

	function fourText(whole: string, parts: readonly (string | undefined)[]): string {
		const numbers = parts.slice(0, 4).map(Number)
		if (numbers.some(number => number > 255)) return whole
		const length = parts[4]
		const made = numbersOf(four(bitsOf(numbers), length === undefined ? 32 : Number(length)))
		return `${made.join('.')}${length === undefined ? '' : `/${length}`}`
	}

	/** The same address stands in a log a thousand times. */
	function once<A extends unknown[]>(make: (whole: string, ...more: A) => string) {
		const made = new Map<string, string>()
		return (whole: string, ...more: A): string => {
			const known = made.get(whole)
			if (known !== undefined) return known
			const text = make(whole, ...more)
			if (made.size < mostKnown) made.set(whole, text)
			return text
		}
	}

	function sixText(whole: string, length: string | undefined): string {
		const groups = groupsOf(whole.replace(/\/\d+$/, ''))
		if (!groups) return whole
		const bits = groups.map(group => group.toString(2).padStart(16, '0')).join('')
		const made = six(bits, length === undefined ? 128 : Number(length))
		if (made === bits) return whole
		const words = made.match(/.{16}/g)?.map(word => Number.parseInt(word, 2).toString(16)) ?? []
		return `${shortened(words)}${length === undefined ? '' : `/${length}`}`
	}

	const macText = (address: string) => {
		if (/^(?:ff:){5}ff$|^(?:00:){5}00$|^33:33:|^01:/i.test(address)) return address
		const random = scramble.bytes(`mac ${address.toLowerCase()}`, 5).toString('hex')
		return [address.slice(0, 2), ...(random.match(/../g) ?? [])].join(':')
	}

	const fourOnce = once(fourText)
	const sixOnce = once(sixText)
	return {
		text: text => {
			let made = text.replace(v4, (whole, ...parts: (string | undefined)[]) => fourOnce(whole, parts))
			if (/:[0-9a-f]{0,4}:/i.test(made)) {
				made = made.replace(mac, macText)
				made = made.replace(v6, (whole, length: string | undefined) => sixOnce(whole, length))
			}
			return made
		},
		bytes: address => {
			const bits = bitsOf([...address])
			return Uint8Array.from(numbersOf(address.length === 4 ? four(bits, 32) : six(bits, 128)))
		},
		hex: number => {
			if (number.length === 8) return reversed(numbersOf(four(bitsOf(reversedNumbers(number)), 32)))
			const words = number.match(/.{8}/g) ?? []
			const bits = bitsOf(words.flatMap(reversedNumbers))
			const made = numbersOf(six(bits, 128))
			return words.map((_, at) => reversed(made.slice(at * 4, at * 4 + 4))).join('')
		},
	}
}

const bitsOf = (numbers: readonly number[]) => numbers.map(each => each.toString(2).padStart(8, '0')).join('')
const numbersOf = (bits: string) => (bits.match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2))
const reversedNumbers = (hex: string) =>
	(hex.match(/../g) ?? []).map(byte => Number.parseInt(byte, 16)).reverse()
const reversed = (numbers: readonly number[]) =>
	numbers
		.toReversed()
		.map(each => each.toString(16).padStart(2, '0').toUpperCase())
		.join('')

function isIn(bits: string, networks: readonly (readonly [string, number])[]): boolean {
	return networks.some(([network, length]) =>
		bits.startsWith(bitsOf(network.split('.').map(Number)).slice(0, length)),
	)
}

/** The eight groups of an IPv6 address; `undefined`: a time, a name of C++, anything else with colons. */
function groupsOf(text: string): number[] | undefined {
	const [head = '', tail, ...more] = text.split('::')
	if (more.length > 0) return undefined
	const before = head === '' ? [] : head.split(':')
	const after = tail === undefined || tail === '' ? [] : tail.split(':')
	const missing = 8 - before.length - after.length
	if (tail === undefined ? missing !== 0 : missing < 1) return undefined
	const groups = [...before, ...Array<string>(tail === undefined ? 0 : missing).fill('0'), ...after]
	return groups.every(group => /^[0-9a-f]{1,4}$/i.test(group))
		? groups.map(group => Number.parseInt(group, 16))
		: undefined
}

/** The longest run of zeros becomes `::`. */
function shortened(words: readonly string[]): string {
	const text = words.join(':')
	const run = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length)[0]
	if (!run) return text
	return `${text.slice(0, run.index)}::${text.slice(run.index + run[0].length).replace(/^:/, '')}`
}
