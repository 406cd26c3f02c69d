import { connect } from 'node:net'
import { codeOf, since } from '../answer.js'
import type { DialResult } from '../host.js'
import { within } from './limit.js'
import { addressesOf } from './resolve.js'

const results: ReadonlyMap<string, DialResult> = new Map([
	['ECONNREFUSED', 'refused'],
	['ETIMEDOUT', 'timeout'],
	// A firewall's REJECT with `host-prohibited` reads the same as a missing route.
	['EHOSTUNREACH', 'unreachable'],
	['ENETUNREACH', 'unreachable'],
	['EADDRNOTAVAIL', 'unreachable'],
	['ENETDOWN', 'unreachable'],
	['ENOTFOUND', 'unresolved'],
])

/** Opens and closes a TCP connection; of a name with several addresses, to all of them at once. */
export async function dial(
	host: string,
	port: number,
	limitMs = 2000,
): Promise<{ result: DialResult; ms: number }> {
	const started = performance.now()
	const outcome = (result: DialResult) => ({ result, ms: since(started) })
	if (!Number.isInteger(port) || port < 1 || port > 65535) return outcome('failed')
	try {
		const addresses = await within(limitMs, addressesOf(host, limitMs))
		const left = Math.max(1, limitMs - since(started))
		const tries = await Promise.all(addresses.map(address => dialAddress(address, port, left)))
		return outcome(tries.includes('open') ? 'open' : (tries[0] ?? 'unresolved'))
	} catch (error) {
		return outcome(results.get(codeOf(error)) ?? 'failed')
	}
}

function dialAddress(address: string, port: number, limitMs: number): Promise<DialResult> {
	return new Promise(resolve => {
		const socket = connect({ host: address, port })
		const end = (result: DialResult) => {
			clearTimeout(timer)
			socket.destroy()
			resolve(result)
		}
		// Not `socket.setTimeout`, which measures idleness.
		const timer = setTimeout(() => end('timeout'), limitMs)
		socket.once('connect', () => end('open'))
		socket.on('error', error => end(results.get(codeOf(error)) ?? 'failed'))
	})
}
