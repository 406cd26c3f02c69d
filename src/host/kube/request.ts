import type { IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { WhyNot } from '../../model/bundle.js'
import { answered, codeOf, messageOf, unanswered } from '../answer.js'
import type { Answer, KubeAnswer } from '../host.js'
import type { Access } from './access.js'

/** A list of 5000 pods. */
const mostBytes = 16 * 1024 * 1024

class Fault extends Error {
	constructor(
		readonly why: WhyNot,
		message: string,
	) {
		super(message)
	}
}

/** One GET. Any HTTP status is an answer. */
export async function requestApi(access: Access, path: string, limitMs: number): Promise<Answer<KubeAnswer>> {
	const started = performance.now()
	try {
		return answered(await send(access, path, limitMs), started)
	} catch (error) {
		const { host } = new URL(access.server)
		const [why, detail] = error instanceof Fault ? [error.why, error.message] : explained(error, host)
		return unanswered(why, detail, path, started)
	}
}

function send(access: Access, path: string, limitMs: number): Promise<KubeAnswer> {
	const { promise, resolve, reject } = Promise.withResolvers<KubeAnswer>()
	const { agent, headers } = access
	const request = httpsRequest(`${access.server}${path}`, { agent, headers })
	const fail = (error: unknown) => {
		clearTimeout(timer)
		request.destroy()
		reject(error)
	}
	const timer = setTimeout(
		() => fail(new Fault('timeout', `no answer within ${Math.round(limitMs / 100) / 10} s`)),
		limitMs,
	)
	request.on('error', fail)
	request.once('response', response => {
		const pieces: Buffer[] = []
		let bytes = 0
		response.on('data', (piece: Buffer) => {
			pieces.push(piece)
			bytes += piece.length
			if (bytes > mostBytes) fail(new Fault('unreadable', 'the answer is larger than 16 MiB'))
		})
		response.on('error', fail)
		response.once('end', () => {
			clearTimeout(timer)
			if (response.complete)
				resolve({
					status: response.statusCode ?? 0,
					body: Buffer.concat(pieces).toString('utf8'),
					...retryAfter(response),
				})
			else fail(new Fault('failed', 'the answer broke off'))
		})
	})
	request.end()
	return promise
}

/** How long the server asks to be left alone: `Retry-After: 5`. A date is not used by Kubernetes. */
export function retryAfter({ headers }: IncomingMessage): { retryAfterMs?: number } {
	const told = headers['retry-after']
	return told !== undefined && /^\d{1,5}$/.test(told) ? { retryAfterMs: Number(told) * 1000 } : {}
}

/** As a sentence, with the words of OpenSSL where it is about a certificate. */
export function explained(error: unknown, host: string): [WhyNot, string] {
	const code = codeOf(error)
	if (code === 'ECONNREFUSED') return ['failed', `The connection to the server ${host} was refused`]
	if (code === 'ETIMEDOUT') return ['timeout', `The connection to the server ${host} was not answered`]
	if (code === 'ECONNRESET') return ['failed', `The server ${host} broke the connection off`]
	if (code.startsWith('HPE_')) return ['failed', `What ${host} answers is not HTTP`]
	if (/CERT|ISSUER|SIGNED|SIGNATURE|CRL|HOSTNAME|ALTNAME/.test(code))
		return ['failed', `The certificate of ${host} was not accepted: ${messageOf(error)} (${code})`]
	return ['failed', `The server ${host} could not be asked: ${messageOf(error)}`]
}
