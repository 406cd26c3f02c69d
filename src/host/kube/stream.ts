/** A watch: one GET whose answer does not end, told line by line. */
import { request as httpsRequest } from 'node:https'
import { StringDecoder } from 'node:string_decoder'
import type { KubeEnd, KubeWatchOptions } from '../host.js'
import type { Access } from './access.js'
import { explained, retryAfter } from './request.js'

/** An object of the API is at most 3 MB or so; a line that never ends is cut off. */
const longestLine = 8 * 1024 * 1024
/** Of an answer that is no watch. */
const longestBody = 64 * 1024

/** Resolves when it is over, whatever ended it. Never throws. */
export function streamApi(access: Access, path: string, options: KubeWatchOptions): Promise<KubeEnd> {
	const { signal, onLine, onOpen, limitMs = 5000 } = options
	const { promise, resolve } = Promise.withResolvers<KubeEnd>()
	const { host } = new URL(access.server)
	const request = httpsRequest(`${access.server}${path}`, { agent: access.agent, headers: access.headers })
	let over = false
	const end = (how: KubeEnd) => {
		if (over) return
		over = true
		clearTimeout(timer)
		signal.removeEventListener('abort', onAbort)
		request.destroy()
		resolve(how)
	}
	const onAbort = () => end({ how: 'stopped' })
	const timer = setTimeout(
		() => end({ how: 'failed', detail: `no answer within ${Math.round(limitMs / 100) / 10} s` }),
		limitMs,
	)
	const fail = (error: unknown) => end({ how: 'failed', detail: explained(error, host)[1] })
	signal.addEventListener('abort', onAbort)
	if (signal.aborted) onAbort()
	request.on('error', fail)
	request.once('response', response => {
		clearTimeout(timer)
		const status = response.statusCode ?? 0
		const decoder = new StringDecoder('utf8')
		let rest = ''
		response.on('error', fail)
		if (status !== 200) {
			response.on('data', (piece: Buffer) => {
				if (rest.length < longestBody) rest += decoder.write(piece)
			})
			const refused = () => end({ how: 'refused', status, body: rest, ...retryAfter(response) })
			response.once('end', refused)
			setTimeout(refused, limitMs).unref()
			return
		}
		onOpen()
		response.on('data', (piece: Buffer) => {
			rest += decoder.write(piece)
			let from = 0
			for (let at = rest.indexOf('\n'); at >= 0 && !over; at = rest.indexOf('\n', from)) {
				if (at > from) onLine(rest.slice(from, at))
				from = at + 1
			}
			rest = rest.slice(from)
			if (rest.length > longestLine) end({ how: 'failed', detail: 'a line of the watch never ended' })
		})
		response.once('end', () => end(response.complete ? { how: 'closed' } : broke))
		response.once('close', () => end(broke))
	})
	request.end()
	return promise
}

const broke: KubeEnd = { how: 'failed', detail: 'the watch broke off' }
