/** From a kubeconfig to a way in: where the API is, whom to trust, and who we are. */
import { Agent } from 'node:https'
import { dirname } from 'node:path'
import type { KubeConfig } from '@kubernetes/client-node'
import { answered, unanswered } from '../answer.js'
import type { Answer, DialResult, Host } from '../host.js'
import { lookupWithin } from '../local/resolve.js'

export interface Access {
	/** `https://127.0.0.1:6443`, without a trailing slash. */
	server: string
	agent: Agent
	headers: Record<string, string>
	kubeconfig: string
}

type Hands = Pick<Host, 'read' | 'dial'>

const mostBytes = 1024 * 1024
const mostConnections = 16

export async function openKubeconfig(
	paths: readonly string[],
	hands: Hands,
	limitMs: number,
): Promise<Answer<Access>> {
	const started = performance.now()
	const found = await firstReadable(paths, hands)
	if (!found.ok) return found
	const { path, text } = found.value
	const silent = await unreachable(text, hands, limitMs)
	if (silent) return unanswered(silent.why, silent.detail, path, started)
	// Costs half a second and 80 MB, much more on a small board: only now that somebody is there to talk to.
	const { KubeConfig } = await import('@kubernetes/client-node')
	const config = new KubeConfig()
	try {
		config.loadFromString(text)
		config.makePathsAbsolute(dirname(path))
	} catch {
		// The parser quotes the file, which holds a private key.
		return unanswered('unreadable', 'not a kubeconfig', path, started)
	}
	return accessOf(config, path, hands)
}

async function firstReadable(
	paths: readonly string[],
	hands: Hands,
): Promise<Answer<{ path: string; text: string }>> {
	const started = performance.now()
	let failure: Answer<never> = unanswered('absent', 'no kubeconfig is known', 'kubeconfig', started)
	for (const path of paths) {
		const answer = await hands.read(path, { maxBytes: mostBytes })
		if (answer.ok) return answered({ path, text: answer.value.text }, started)
		// A file that we may not read says more than one that is not there.
		if (failure.ok || failure.unavailable.why === 'absent') failure = answer
	}
	return failure
}

const silences: ReadonlyMap<DialResult, string> = new Map([
	['refused', 'was refused'],
	['timeout', 'was not answered'],
	['unreachable', 'found no way there'],
	['unresolved', 'found no address for the name'],
	['failed', 'failed'],
])

/** Whether the one server of a kubeconfig cannot be reached. With several, only the parsed file tells which. */
async function unreachable(text: string, hands: Hands, limitMs: number) {
	const servers = [...text.matchAll(/^[ \t]*(?:- )?server:[ \t]*["']?(\S+?)["']?[ \t\r]*$/gm)]
	const url = servers.length === 1 ? URL.parse(servers[0]?.[1] ?? '') : null
	if (!url || /proxy-url/.test(text)) return undefined
	const port = Number(url.port || (url.protocol === 'http:' ? 80 : 443))
	const { result } = await hands.dial(url.hostname, port, Math.min(limitMs, 3000))
	const silence = silences.get(result)
	if (!silence) return undefined
	const detail = `The connection to the server ${url.hostname}:${port} ${silence}`
	return { why: result === 'timeout' ? 'timeout' : 'failed', detail } as const
}

async function accessOf(config: KubeConfig, path: string, hands: Hands): Promise<Answer<Access>> {
	const started = performance.now()
	const cluster = config.getCurrentCluster()
	const user = config.getCurrentUser()
	const refuse = (detail: string) => unanswered('failed', `${path} ${detail}`, path, started)
	if (!cluster || !user) return refuse('has no current context')
	if (!cluster.server.startsWith('https://')) return refuse('names a server that is not https')
	// A kubeconfig may name any program to be run for a token; root does not run it.
	if (user.exec || user.authProvider) return refuse('needs a helper program for its credentials')
	if (cluster.proxyUrl) return refuse('goes through a proxy')

	const pems: (Buffer | string | undefined)[] = []
	for (const [file, data] of [
		[cluster.caFile, cluster.caData],
		[user.certFile, user.certData],
		[user.keyFile, user.keyData],
	]) {
		if (!file) {
			pems.push(data ? Buffer.from(data, 'base64') : undefined)
			continue
		}
		const answer = await hands.read(file, { maxBytes: mostBytes })
		if (!answer.ok) return answer
		pems.push(answer.value.text)
	}
	const [ca, cert, key] = pems
	const headers: Record<string, string> = { accept: 'application/json', 'user-agent': 'k3s-doctor' }
	if (user.token) headers.authorization = `Bearer ${user.token}`
	else if (user.username)
		headers.authorization = `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}`
	const agent = new Agent({
		keepAlive: true,
		maxSockets: mostConnections,
		rejectUnauthorized: !cluster.skipTLSVerify,
		lookup: lookupWithin(3000),
		...(ca ? { ca } : {}),
		...(cert ? { cert } : {}),
		...(key ? { key } : {}),
		...(cluster.tlsServerName ? { servername: cluster.tlsServerName } : {}),
	})
	return answered({ server: cluster.server, agent, headers, kubeconfig: path }, started)
}
