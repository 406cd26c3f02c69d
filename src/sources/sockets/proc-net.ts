/** Reads /proc/net/{tcp,tcp6,udp,udp6}, which is there where `ss` is not. It does not name the process. */
import { linesOf, wordsOf } from '../lines.js'
import type { SocketLines } from './ss.js'

const states = { established: '01', close: '07', listen: '0A' }

/** Four bytes, printed as a little-endian number. */
function bytesOf(word: string): number[] {
	return [6, 4, 2, 0].map(at => Number.parseInt(word.slice(at, at + 2), 16))
}

/** The longest run of zero groups becomes `::`. */
function shorten(groups: readonly number[]): string {
	const text = groups.map(group => group.toString(16)).join(':')
	const runs = [...`:${text}:`.matchAll(/(?::0){2,}(?=:)/g)].map(run => run[0])
	const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '')
	if (longest === '') return text
	const short = `:${text}:`.replace(`${longest}:`, '::')
	return short.replace(/^:(?!:)/, '').replace(/([^:]):$/, '$1')
}

/** `0100007F` or 32 digits of IPv6 -> the address as `ss` would write it. */
function addressOf(hex: string): string {
	if (hex.length === 8) return bytesOf(hex).join('.')
	const bytes = [0, 8, 16, 24].flatMap(at => bytesOf(hex.slice(at, at + 8)))
	if (bytes.every(byte => byte === 0)) return '*'
	const mapped = bytes.slice(0, 10).every(byte => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff
	if (mapped) return bytes.slice(12).join('.')
	return shorten([0, 2, 4, 6, 8, 10, 12, 14].map(at => (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)))
}

function splitHex(word: string): { address: string; port: number } | undefined {
	const found = /^((?:[0-9A-F]{8}|[0-9A-F]{32})):([0-9A-F]{4})$/.exec(word)
	if (!found?.[1] || !found[2]) return undefined
	return { address: addressOf(found[1]), port: Number.parseInt(found[2], 16) }
}

/** The sockets of one of the four files. */
export function readProcNet(content: string | undefined, file: string, protocol: 'tcp' | 'udp'): SocketLines {
	const found: SocketLines = { listening: [], established: [] }
	for (const line of linesOf(content)) {
		const [, here, there, state] = wordsOf(line.text)
		const local = splitHex(here ?? '')
		const remote = splitHex(there ?? '')
		if (!local || !remote) continue
		if (state === (protocol === 'tcp' ? states.listen : states.close)) {
			found.listening.push({ protocol, ...local, quote: { file, line: line.number, text: line.text.trim() } })
		} else if (state === states.established && protocol === 'tcp') {
			found.established.push({
				local: local.address,
				localPort: local.port,
				remote: remote.address,
				remotePort: remote.port,
			})
		}
	}
	return found
}
