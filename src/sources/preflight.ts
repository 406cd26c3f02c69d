/**
 * What is asked only before an installation: the disk's speed (a file is written and removed), whether images can be
 * fetched (a host of the internet is asked), the server that the operator named.
 */
import { createHash, X509Certificate } from 'node:crypto'
import type { Bundle } from '../model/bundle.js'
import type { DiskSpeed } from '../model/disk-speed.js'
import type { HttpProbe, PortProbe, PreflightEvidence } from '../model/evidence/index.js'
import { fields, isObject, json, number, optional, own, text } from './field.js'
import { linesOf } from './lines.js'
import { askToken, readToken } from './preflight-token.js'
import { readHttp, readPorts } from './probes/read.js'
import { type Ask, type Source, source } from './source.js'

const diskFile = 'preflight/disk.json'
const modulesFile = 'commands/modinfo.txt'
const portsFile = 'preflight/ports.json'
const httpFile = 'preflight/http.json'
const intentFile = 'preflight/intent.json'

export interface Intent {
	/** The URL of the server that is to be joined, validated. */
	server?: string | undefined
	/** Tries the disk; absent: it must not be written to. */
	disk?: (() => Promise<DiskSpeed | { skipped: string }>) | undefined
}

/** Where containerd fetches what names no other registry. */
export const registry = { host: 'registry-1.docker.io', port: 443, url: 'https://registry-1.docker.io/v2/' }

const modules = [
	'overlay',
	'br_netfilter',
	'nf_conntrack',
	'veth',
	'bridge',
	'vxlan',
	'wireguard',
	'ip_set',
	'iptable_nat',
	'nf_tables',
]

const limitMs = 4000

export function preflightSource({ server, disk }: Intent = {}): Source<'preflight'> {
	return source({
		name: 'preflight',
		title: 'what only preflight asks',
		wants: () => [
			{ file: modulesFile, askFor: `modinfo -F name ${modules.join(' ')}`, optional: true },
			{ file: portsFile, askFor: `curl -sI ${registry.url}`, optional: true },
			{ file: diskFile, askFor: 'fio --name=t --rw=write --fdatasync=1 --size=1m --bs=2300', optional: true },
		],
		collect: ask => collect(ask, server, disk),
		parse,
	})
}

async function collect(ask: Ask, server: string | undefined, disk: Intent['disk']): Promise<void> {
	const { host } = ask
	const named = server === undefined ? undefined : endpointOf(server)
	const began = performance.now()
	const dial = async (target: { host: string; port: number }) => {
		const { result, ms } = await host.dial(target.host, target.port, limitMs)
		return { host: target.host, port: target.port, proto: 'tcp', result, ms: Math.round(ms) }
	}
	const get = async (url: string) => {
		const { status, body, exit } = await host.get(url, limitMs)
		return { url, status, body: url === registry.url ? body.slice(0, 200) : body, exit }
	}
	const [token, ports, http] = await Promise.all([
		askToken(ask),
		Promise.all([registry, ...(named ? [named] : [])].map(dial)),
		Promise.all(
			[registry.url, ...(named ? [`${named.origin}/ping`, `${named.origin}/cacerts`] : [])].map(get),
		),
		ask.run(modulesFile, ['modinfo', '-F', 'name', ...modules], { limitSeconds: 5 }),
		measured(ask, disk),
	])
	const how = { ms: Math.round(performance.now() - began) }
	const joins = token && { form: token.form, authorities: token.caHash ?? null, where: token.where }
	ask.put(intentFile, `${JSON.stringify({ server: server ?? null, joins: joins ?? null })}\n`)
	ask.put(portsFile, lines(ports), how)
	ask.put(httpFile, lines(http), how)
}

async function measured(ask: Ask, disk: Intent['disk']): Promise<void> {
	const began = performance.now()
	const told = disk ? await disk() : { skipped: 'nothing may be written' }
	ask.put(diskFile, `${JSON.stringify(told)}\n`, { ms: Math.round(performance.now() - began) })
}

function lines(objects: readonly unknown[]): string {
	return `[\n${objects.map(object => JSON.stringify(object)).join(',\n')}\n]\n`
}

function endpointOf(url: string): { host: string; port: number; origin: string } | undefined {
	const parsed = URL.parse(url)
	if (!parsed) return undefined
	const { hostname, port, protocol, host } = parsed
	const otherwise = protocol === 'http:' ? 80 : 443
	return {
		host: hostname.replace(/^\[|\]$/g, ''),
		port: Number(port || otherwise),
		origin: `${protocol}//${host}`,
	}
}

function parse(bundle: Bundle): PreflightEvidence | undefined {
	const read = (file: string) => bundle.files.get(file)
	if ([intentFile, diskFile, portsFile].every(file => read(file) === undefined)) return undefined
	const ports = readPorts(read(portsFile), portsFile)
	const http = readHttp(read(httpFile), httpFile)
	const intent = fields(json(read(intentFile)))
	const server = text(own(intent, 'server'))
	return {
		...optional('disk', diskOf(read(diskFile))),
		...optional('modules', modulesOf(read(modulesFile))),
		...optional('server', server === '' ? undefined : serverIn(server, ports, http)),
		...optional('token', readToken(own(intent, 'joins'))),
		egress: ports
			.filter(({ host }) => host === registry.host)
			.map(port => ({
				port,
				...optional(
					'http',
					http.find(({ url }) => url === registry.url),
				),
			})),
		caHashes: hashesOf(http, bundle),
	}
}

function serverIn(
	url: string,
	ports: readonly PortProbe[],
	http: readonly HttpProbe[],
): PreflightEvidence['server'] {
	const at = endpointOf(url)
	if (!at) return { url }
	const got = (path: string) => http.find(probe => probe.url === `${at.origin}${path}`)
	return {
		url,
		...optional(
			'port',
			ports.find(({ host, port }) => host === at.host && port === at.port),
		),
		...optional('ping', got('/ping')),
		...optional('cacerts', got('/cacerts')),
	}
}

function hashesOf(http: readonly HttpProbe[], bundle: Bundle): ReadonlyMap<string, string> {
	const all = [...http, ...readHttp(bundle.files.get('probes/http.json'), 'probes/http.json')]
	return new Map(
		all
			.filter(({ url, status }) => url.endsWith('/cacerts') && status === 200)
			.flatMap(({ url, body }) => {
				const hash = caHash(body)
				return hash === undefined ? [] : [[url, hash]]
			}),
	)
}

/** As k3s makes the hash in a token: of one certificate the text itself, of several the root among them. */
export function caHash(body: string): string | undefined {
	const pems = body.match(/-----BEGIN CERTIFICATE-----[^-]{1,20000}-----END CERTIFICATE-----/g) ?? []
	const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')
	if (pems.length <= 1) return pems.length === 1 ? sha256(body) : undefined
	try {
		const root = pems.map(pem => new X509Certificate(pem)).find(({ subject, issuer }) => subject === issuer)
		return root && sha256(root.raw)
	} catch {
		return undefined
	}
}

function diskOf(content: string | undefined): PreflightEvidence['disk'] {
	const told = json(content)
	if (!isObject(told)) return undefined
	const skipped = text(own(told, 'skipped'))
	if (skipped !== '') return { skipped }
	const figures = (['writes', 'bytes', 'median', 'p99', 'slowest'] as const).map(key =>
		number(own(told, key)),
	)
	const [writes, bytes, median, p99, slowest] = figures
	const path = text(own(told, 'path'))
	if (writes === undefined || bytes === undefined || path === '') return undefined
	if (median === undefined || p99 === undefined || slowest === undefined) return undefined
	return {
		path,
		writes,
		bytes,
		median,
		p99,
		slowest,
		...(own(told, 'left') === true && { left: true as const }),
	}
}

/** Nobody to be asked, or a host that hides them all (a container), says nothing. */
function modulesOf(content: string | undefined): PreflightEvidence['modules'] {
	const names = new Set<string>()
	for (const line of linesOf(content)) {
		const name = line.text.trim().replaceAll('-', '_')
		if (/^\w{2,40}$/.test(name)) names.add(name)
	}
	return names.size > 0 ? names : undefined
}
