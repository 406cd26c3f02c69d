/** Reads lines of `ss`, with or without its header and its protocol and state columns. */
import type { Socket, SocketsEvidence } from '../../model/evidence/index.js'
import { linesOf, wordsOf } from '../lines.js'

export type Established = SocketsEvidence['established'][number]

export interface SocketLines {
	listening: Socket[]
	established: Established[]
}

/** `[::ffff:127.0.0.1]:6443`, `127.0.0.53%lo:53`, `*:6443`; old versions print `:::6443`. */
function splitAddress(word: string): { address: string; port: number } | undefined {
	const colon = word.lastIndexOf(':')
	const port = word.slice(colon + 1)
	if (colon <= 0 || !/^\d{1,5}$/.test(port) || Number(port) > 65535) return undefined
	const address = word
		.slice(0, colon)
		.replace(/[[\]]/g, '')
		.replace(/%.*$/, '')
		.replace(/^::ffff:(?=\d+\.)/i, '')
	return { address: address === '' ? '*' : address, port: Number(port) }
}

const states = new Set([
	'LISTEN',
	'UNCONN',
	'ESTAB',
	'CLOSE-WAIT',
	'TIME-WAIT',
	'SYN-SENT',
	'FIN-WAIT-1',
	'FIN-WAIT-2',
])

/** The owner to name: with socket activation systemd holds the socket as well, and is nobody's rival. */
function ownerOf(line: string): { process: string; pid: number } | undefined {
	const at = line.indexOf('users:(')
	if (at < 0) return undefined
	let first: { process: string; pid: number } | undefined
	for (const [, process, pid] of line.slice(at).matchAll(/\("((?:[^"\\]|\\.){0,64})",pid=(\d{1,10})/g)) {
		if (process === undefined) continue
		const owner = { process, pid: Number(pid) }
		if (owner.pid !== 1) return owner
		first ??= owner
	}
	return first
}

/** Lines of `ss -tulpn` and `ss -tn state established`; sockets of other kinds are left out. */
export function readSs(content: string | undefined, file: string): SocketLines {
	const listening: Socket[] = []
	const established: Established[] = []
	for (const line of linesOf(content)) {
		const words = wordsOf(line.text)
		const kind = words[0] === 'tcp' || words[0] === 'udp' ? words[0] : undefined
		const at = kind ? 1 : 0
		const state = states.has(words[at] ?? '') ? words[at] : undefined
		// Two queue lengths, then the local and the remote address.
		const from = at + (state ? 1 : 0) + 2
		const local = splitAddress(words[from] ?? '')
		if (!local || !/^\d+$/.test(words[from - 1] ?? '')) continue
		if (state === 'LISTEN' || state === 'UNCONN') {
			const protocol = kind ?? (state === 'LISTEN' ? 'tcp' : 'udp')
			const owner = ownerOf(line.text)
			listening.push({
				protocol,
				address: local.address,
				port: local.port,
				...(owner && owner),
				quote: { file, line: line.number, text: line.text },
			})
			continue
		}
		const remote = splitAddress(words[from + 1] ?? '')
		if (!remote || (state !== undefined && state !== 'ESTAB') || kind === 'udp') continue
		established.push({
			local: local.address,
			localPort: local.port,
			remote: remote.address,
			remotePort: remote.port,
		})
	}
	return { listening, established }
}
