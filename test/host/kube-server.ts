/**
 * An API server for tests, over real TLS with client certificates: answers recorded lists page by page, streams
 * watches, and fails as it is told.
 */
import { writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { issue } from './certificate.js'

interface Thing {
	metadata: { uid?: string; name: string; namespace?: string; resourceVersion?: string }
	[field: string]: unknown
}

/** How a request goes wrong: an HTTP status, or what is worse. */
export type Fault =
	| { status: number; retryAfter?: number; message?: string }
	/** Never answers. */
	| 'hang'
	/** The connection ends in the middle of the answer. */
	| 'break'
	/** A watch that opens and says nothing more, not even that it ends. */
	| 'mute'
	/** A watch that ends with the event `410 Gone`. */
	| 'gone'
	/** Ended in good order, at once. */
	| 'close'

export interface KubeServer {
	port: number
	kubeconfig: string
	/** The next requests of this sort fail so, one after the other. `list /pods`, `watch /pods`, `any`. */
	fail(sort: 'list' | 'watch' | 'any', ...faults: Fault[]): void
	/** From now on all of this sort fail so; `undefined`: no longer. */
	always(sort: 'list' | 'watch' | 'any', fault: Fault | undefined): void
	/** Changes a list, and tells those who watch it. */
	put(resource: string, thing: Thing, type?: 'ADDED' | 'MODIFIED'): void
	remove(resource: string, uid: string): void
	/** Breaks all open watches off in the middle of an event. */
	breakOff(): void
	watches(resource: string): number
	/** Paths that were asked. */
	asked: string[]
	/** When, each as `performance.now()`. */
	askedAt: number[]
	close(): Promise<void>
}

const plurals = /\/([a-z]+)(?:\?|$)/

export type Lists = Readonly<Record<string, readonly unknown[]>>

/** `dir`: where its kubeconfig is written. */
export async function startKubeServer(lists: Lists, dir: string): Promise<KubeServer> {
	const ca = issue({ commonName: 'server-ca', ca: true })
	const clientCa = issue({ commonName: 'client-ca', ca: true })
	const own = issue({ commonName: 'k3s', names: ['127.0.0.1'], issuer: ca })
	const admin = issue({ commonName: 'system:admin', issuer: clientCa })
	let version = 1000
	const things = new Map<string, Map<string, Thing>>()
	for (const [resource, items] of Object.entries(lists)) {
		const all = items as readonly Thing[]
		things.set(resource, new Map(all.map((thing, index) => [thing.metadata.uid ?? String(index), thing])))
	}
	const next: Record<string, Fault[]> = { list: [], watch: [], any: [] }
	const steady: Record<string, Fault | undefined> = {}
	const open = new Map<string, Set<ServerResponse>>()
	const asked: string[] = []
	const askedAt: number[] = []

	const send = (response: ServerResponse, status: number, body: unknown, headers = {}) =>
		response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))

	function failing(fault: Fault, response: ServerResponse, request: IncomingMessage): void {
		if (fault === 'hang') return
		if (fault === 'mute') {
			response.writeHead(200).flushHeaders()
			return
		}
		if (fault === 'close') {
			response.writeHead(200).end()
			return
		}
		if (fault === 'gone') {
			const object = { kind: 'Status', code: 410, message: 'too old resource version' }
			response.writeHead(200).end(`${JSON.stringify({ type: 'ERROR', object })}\n`)
			return
		}
		if (fault === 'break') {
			response.writeHead(200, { 'content-length': '100000' }).write('{"type":"ADDED","object":{"meta')
			setImmediate(() => request.socket.destroy())
			return
		}
		const { status, retryAfter, message = 'as the test wants it' } = fault
		const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }
		send(response, status, { kind: 'Status', code: status, message }, headers)
	}

	function behave(request: IncomingMessage, response: ServerResponse): void {
		const url = new URL(request.url ?? '/', 'https://api')
		asked.push(request.url ?? '')
		askedAt.push(performance.now())
		const peer = (request.socket as TLSSocket).getPeerCertificate().subject?.CN
		if (peer !== 'system:admin')
			return void send(response, 401, { kind: 'Status', code: 401, message: 'who?' })
		const resource = plurals.exec(url.pathname)?.[1] ?? ''
		const sort = url.searchParams.has('watch') ? 'watch' : 'list'
		const known = things.get(resource)
		const any = next.any?.shift() ?? steady.any
		const fault = any ?? (known ? (next[sort]?.shift() ?? steady[sort]) : undefined)
		if (fault !== undefined) {
			failing(fault, response, request)
			return
		}
		if (url.pathname === '/version') return void send(response, 200, { gitVersion: 'v1.36.2+k3s1' })
		const single = /\/namespaces\/([^/]+)\/([a-z]+)\/([^/]+)$/.exec(url.pathname)
		if (single) {
			const all = [...(things.get(single[2] ?? '')?.values() ?? [])]
			const found = all.find(
				({ metadata }) => metadata.namespace === single[1] && metadata.name === single[3],
			)
			return void send(
				response,
				found ? 200 : 404,
				found ?? { kind: 'Status', code: 404, message: 'not found' },
			)
		}
		if (!known)
			return void send(response, 404, { kind: 'Status', code: 404, message: 'the server has no such list' })
		if (sort === 'watch') {
			response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
			const watchers = open.get(resource) ?? new Set()
			open.set(resource, watchers.add(response))
			response.once('close', () => watchers.delete(response))
			return
		}
		const limit = Number(url.searchParams.get('limit') ?? 500)
		const from = Number(url.searchParams.get('continue') ?? 0)
		const all = [...known.values()]
		const rest = from + limit < all.length ? { continue: String(from + limit) } : {}
		const metadata = { resourceVersion: String(version), ...rest }
		send(response, 200, { kind: 'List', metadata, items: all.slice(from, from + limit) })
	}

	function tell(resource: string, type: string, thing: Thing): void {
		version += 1
		const object = { ...thing, metadata: { ...thing.metadata, resourceVersion: String(version) } }
		for (const watcher of open.get(resource) ?? []) watcher.write(`${JSON.stringify({ type, object })}\n`)
	}

	const server = createServer(
		{
			key: own.key,
			cert: own.certificate + ca.certificate,
			ca: clientCa.certificate,
			requestCert: true,
			rejectUnauthorized: false,
		},
		behave,
	)
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
	const address = server.address()
	const port = typeof address === 'object' && address ? address.port : 0
	server.on('connection', socket => socket.on('error', () => undefined))
	const base64 = (text: string) => Buffer.from(text).toString('base64')
	const kubeconfig = join(dir, 'k3s.yaml')
	const config = `apiVersion: v1
kind: Config
clusters:
- cluster:
    server: https://127.0.0.1:${port}
    certificate-authority-data: ${base64(ca.certificate)}
  name: default
users:
- name: default
  user:
    client-certificate-data: ${base64(admin.certificate)}
    client-key-data: ${base64(admin.key)}
contexts:
- {name: default, context: {cluster: default, user: default}}
current-context: default
`
	writeFileSync(kubeconfig, config)
	return {
		port,
		kubeconfig,
		asked,
		askedAt,
		fail: (sort, ...faults) => next[sort]?.push(...faults),
		always: (sort, fault) => {
			steady[sort] = fault
		},
		put: (resource, thing, type = 'MODIFIED') => {
			things.get(resource)?.set(thing.metadata.uid ?? thing.metadata.name, thing)
			tell(resource, type, thing)
		},
		remove: (resource, uid) => {
			const thing = things.get(resource)?.get(uid)
			things.get(resource)?.delete(uid)
			if (thing) tell(resource, 'DELETED', thing)
		},
		breakOff: () => {
			for (const watchers of open.values())
				for (const watcher of watchers) {
					watcher.write('{"type":"MODIFIED","object":{"metadata":{"name":"ha')
					setImmediate(() => watcher.socket?.destroy())
				}
		},
		watches: resource => open.get(resource)?.size ?? 0,
		close: () => {
			server.closeAllConnections()
			return new Promise(resolve => server.close(() => resolve()))
		},
	}
}
