import { request as plain } from 'node:http'
import { request as secure } from 'node:https'
import { codeOf, since } from '../answer.js'
import type { HttpAnswer } from '../host.js'
import { lookupWithin } from './resolve.js'

const mostBytes = 64 * 1024

/** Exit statuses of curl, which the bundle's layout speaks. */
const exits: ReadonlyMap<string, number> = new Map([
	['ENOTFOUND', 6],
	['ECONNREFUSED', 7],
	['EHOSTUNREACH', 7],
	['ENETUNREACH', 7],
	['EADDRNOTAVAIL', 7],
	['ETIMEDOUT', 28],
])

/** How far a request came decides what a broken connection means. */
type Stage = 'connecting' | 'asked' | 'answered'

function exitOf(error: unknown, stage: Stage, overTls: boolean): number {
	const code = codeOf(error)
	const known = exits.get(code)
	if (known !== undefined) return known
	if (stage === 'answered') return 18
	if (stage === 'connecting') return overTls ? 35 : 7
	// 8: what came is no HTTP.
	if (code.startsWith('HPE_')) return 8
	return overTls && code !== 'ECONNRESET' ? 35 : 52
}

/** One GET without credentials and without following redirects. */
export async function get(url: string, limitMs = 3000): Promise<HttpAnswer & { ms: number }> {
	const started = performance.now()
	const target = URL.parse(url)
	const overTls = target?.protocol === 'https:'
	if (!target || (!overTls && target.protocol !== 'http:'))
		return { status: 0, body: '', exit: target ? 1 : 3, ms: since(started) }
	target.username = ''
	target.password = ''
	return { ...(await send(target, overTls, limitMs)), ms: since(started) }
}

function send(target: URL, overTls: boolean, limitMs: number): Promise<HttpAnswer> {
	const { promise, resolve } = Promise.withResolvers<HttpAnswer>()
	const pieces: Buffer[] = []
	let bytes = 0
	let status = 0
	let stage: Stage = 'connecting'

	const options = {
		agent: false,
		headers: { accept: '*/*', 'user-agent': 'k3s-doctor' },
		lookup: lookupWithin(limitMs),
	} as const
	const request = overTls
		? secure(target, { ...options, ca: [], rejectUnauthorized: false })
		: plain(target, options)

	function end(exit: number): void {
		clearTimeout(timer)
		request.destroy()
		resolve({ status, body: Buffer.concat(pieces).subarray(0, mostBytes).toString('utf8'), exit })
	}
	const fail = (error: unknown) => end(exitOf(error, stage, overTls))
	const timer = setTimeout(() => end(28), limitMs)

	request.once('socket', socket => {
		socket.once(overTls ? 'secureConnect' : 'connect', () => {
			stage = 'asked'
		})
	})
	request.on('error', fail)
	request.once('response', response => {
		stage = 'answered'
		status = response.statusCode ?? 0
		response.on('data', (piece: Buffer) => {
			pieces.push(piece)
			bytes += piece.length
			if (bytes >= mostBytes) end(0)
		})
		response.once('end', () => end(0))
		response.on('error', fail)
	})
	request.end()
	return promise
}
