/** Reads probes/*.json. */
import type { HttpProbe, PortProbe, ProbeResult, Quote, TlsProbe } from '../../model/evidence/index.js'
import { type Fields, fields, isObject, json, list, number, own, text } from '../field.js'

const results: ReadonlySet<string> = new Set<ProbeResult>([
	'open',
	'refused',
	'timeout',
	'unreachable',
	'unresolved',
	'failed',
])

function isResult(word: string): word is ProbeResult {
	return results.has(word)
}

/** A body is quoted by its beginning: `/cacerts` answers with pages of base64. */
const longestQuote = 400

function objectsIn(content: string | undefined): Fields[] {
	return list(json(content)).filter(isObject)
}

/** Line of each object: where its key `key` stands. Only if that is unmistakable: one such key per object. */
function linesOfKey(content: string, key: string, objects: readonly Fields[]): (number | undefined)[] {
	const lines: number[] = []
	let line = 1
	let seen = 0
	for (const { index } of content.matchAll(new RegExp(`"${key}"\\s{0,20}:`, 'g'))) {
		for (; seen < index; seen++) if (content.charCodeAt(seen) === 10) line += 1
		lines.push(line)
	}
	return lines.length === objects.length ? lines : objects.map(() => undefined)
}

function quoteOf(file: string, line: number | undefined, probe: Fields): Quote {
	return { file, ...(line !== undefined && { line }), text: JSON.stringify(probe).slice(0, longestQuote) }
}

function portOf(value: unknown): number | undefined {
	const port = number(value)
	return port !== undefined && Number.isInteger(port) && port > 0 && port < 65536 ? port : undefined
}

/** `{host, port, proto, result, ms}`. A result that is no known word is left out: it tells nothing. */
export function readPorts(content: string | undefined, file: string): PortProbe[] {
	const objects = objectsIn(content)
	const lines = linesOfKey(content ?? '', 'host', objects)
	return objects.flatMap((probe, at) => {
		const host = text(own(probe, 'host'))
		const port = portOf(own(probe, 'port'))
		const result = text(own(probe, 'result'))
		if (host === '' || port === undefined || !isResult(result)) return []
		return {
			host,
			port,
			protocol: text(own(probe, 'proto')) === 'udp' ? 'udp' : 'tcp',
			result,
			ms: number(own(probe, 'ms')) ?? 0,
			quote: quoteOf(file, lines[at], probe),
		}
	})
}

/** `{url, status, body, exit}`. */
export function readHttp(content: string | undefined, file: string): HttpProbe[] {
	const objects = objectsIn(content)
	const lines = linesOfKey(content ?? '', 'url', objects)
	return objects.flatMap((probe, at) => {
		const url = text(own(probe, 'url'))
		const status = number(own(probe, 'status'))
		const exit = number(own(probe, 'exit')) ?? (status ? 0 : undefined)
		if (url === '' || status === undefined || exit === undefined) return []
		return { url, status, body: text(own(probe, 'body')), exit, quote: quoteOf(file, lines[at], probe) }
	})
}

/** `{host, port, certificates: [PEM…], error?}`. */
export function readTls(content: string | undefined): TlsProbe[] {
	return objectsIn(content).flatMap(probe => {
		const host = text(own(probe, 'host'))
		const port = portOf(own(probe, 'port'))
		const error = text(fields(probe).error)
		if (host === '' || port === undefined) return []
		const certificates = list(own(probe, 'certificates')).filter(pem => typeof pem === 'string')
		return { host, port, certificates, ...(error && { error }) }
	})
}
