/** A line that is one JSON object: etcd's zap, the audit log of the API, what applications print. */
import type { Level } from '../../model/evidence/index.js'
import type { LogRow } from '../../model/log-line.js'
import { fields, inside, own, text } from '../field.js'

type Said = Pick<LogRow, 'level' | 'who' | 'says' | 'fields'>

/** Words for levels that programs use in structured lines. */
export const jsonLevels: Readonly<Record<string, Level>> = {
	trace: 'trace',
	debug: 'debug',
	info: 'info',
	information: 'info',
	notice: 'info',
	warn: 'warning',
	warning: 'warning',
	error: 'error',
	err: 'error',
	dpanic: 'error',
	critical: 'fatal',
	fatal: 'fatal',
	panic: 'panic',
}

export function readJsonEntry(body: string, who: string): Said | undefined {
	let record: unknown
	try {
		record = JSON.parse(body)
	} catch {
		return undefined
	}
	const from = fields(record)
	if (own(from, 'kind') === 'Event' && text(own(from, 'apiVersion')).startsWith('audit.k8s.io/'))
		return audit(record)
	const of = (...names: string[]) =>
		names.map(name => text(own(from, name))).find(value => value !== '') ?? ''
	const message = of('msg', 'message', 'log')
	if (message === '') return undefined
	const error = of('error', 'err')
	const level = jsonLevels[of('level', 'severity', 'lvl').toLowerCase()] ?? 'info'
	const caller = of('caller', 'logger', 'component')
	const known = new Set([
		'msg',
		'message',
		'log',
		'error',
		'err',
		'level',
		'severity',
		'lvl',
		'caller',
		'logger',
		'component',
		'ts',
		'time',
		'timestamp',
		'@timestamp',
	])
	return {
		level,
		who: caller.replace(/:\d+$/, '').split('/').at(-1) || who,
		says: error === '' ? message : `${message}: ${error}`,
		fields: Object.entries(from)
			.filter(([key]) => !known.has(key))
			.map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
			.join(' '),
	}
}

/** One request to the API: who wanted what, and what came of it. */
function audit(record: unknown): Said {
	const from = fields(record)
	const code = Number(own(inside(record, 'responseStatus'), 'code') ?? 0)
	const user = text(own(inside(record, 'user'), 'username'))
	const stage = text(own(from, 'stage'))
	const reason = text(own(inside(record, 'responseStatus'), 'message'))
	return {
		level: code >= 500 ? 'error' : code >= 400 ? 'warning' : 'info',
		who: user.replace(/^system:serviceaccount:/, ''),
		says: [text(own(from, 'verb')), text(own(from, 'requestURI')), code > 0 ? `→ ${code}` : stage, reason]
			.filter(Boolean)
			.join(' '),
		fields: text(own(from, 'userAgent')),
	}
}
