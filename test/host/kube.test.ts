import { mkdirSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { createServer as createPlain } from 'node:net'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { kubeconfigsOf } from '../../src/host/kube.js'
import { localHost } from '../../src/host/local.js'
import { issue } from './certificate.js'
import { closedPort, listen } from './listen.js'
import { scratchDir } from './scratch.js'

const ca = issue({ commonName: 'server-ca', ca: true })
const clientCa = issue({ commonName: 'client-ca', ca: true })
const server = issue({ commonName: 'k3s', names: ['127.0.0.1'], issuer: ca })
const admin = issue({ commonName: 'system:admin', issuer: clientCa })

const pods = JSON.stringify({ kind: 'PodList', apiVersion: 'v1', items: [] })

/** What the API server does with each path. */
function behave(request: IncomingMessage, response: ServerResponse): void {
	const send = (status: number, body: string) => response.writeHead(status).end(body)
	const peer = (request.socket as TLSSocket).getPeerCertificate().subject?.CN
	const endless = () => {
		while (response.write('x'.repeat(100_000)));
		response.once('drain', endless)
	}
	const breakOff = () => {
		response.writeHead(200, { 'content-length': '1000' }).write('half')
		setImmediate(() => request.socket.destroy())
	}
	const behaviours: Record<string, () => void> = {
		'/who': () => send(200, `${peer} ${request.headers.authorization ?? '-'}`),
		'/api/v1/pods?limit=5': () => send(200, pods),
		'/readyz?verbose': () => send(500, '[-]etcd failed: reason withheld\nreadyz check failed'),
		'/forbidden': () => send(403, '{"kind":"Status","code":403}'),
		'/unauthorized': () => send(401, 'Unauthorized'),
		'/hangs': () => undefined,
		'/drips': () => response.writeHead(200).write('{"items":['),
		'/breaks': breakOff,
		'/huge': endless,
	}
	const behaviour = behaviours[request.url ?? ''] ?? (() => send(404, 'not found'))
	behaviour()
}

async function apiServer(identity = server) {
	let connections = 0
	const options = { key: identity.key, cert: identity.certificate + ca.certificate }
	const api = createServer(
		{ ...options, ca: clientCa.certificate, requestCert: true, rejectUnauthorized: false },
		behave,
	)
	api.on('secureConnection', () => connections++)
	return { port: await listen(api), connections: () => connections }
}

const base64 = (text: string) => Buffer.from(text).toString('base64')

function kubeconfig(port: number, parts: { cluster?: string; user?: string } = {}): string {
	const path = join(scratchDir(), 'k3s.yaml')
	const cluster = parts.cluster ?? `certificate-authority-data: ${base64(ca.certificate)}`
	const user =
		parts.user ??
		`client-certificate-data: ${base64(admin.certificate)}\n    client-key-data: ${base64(admin.key)}`
	writeFileSync(
		path,
		`apiVersion: v1
kind: Config
clusters:
- cluster:
    server: https://127.0.0.1:${port}
    ${cluster}
  name: default
users:
- name: default
  user:
    ${user}
contexts:
- context: {cluster: default, user: default}
  name: default
current-context: default
`,
	)
	return path
}

const askWith = (...kubeconfigs: string[]) => localHost({ kubeconfigs }).kube

describe('the Kubernetes API', () => {
	it('is asked with the client certificate of the kubeconfig', async () => {
		const { port } = await apiServer()
		const kube = askWith(kubeconfig(port))
		expect(await kube('/who')).toMatchObject({ ok: true, value: { status: 200, body: 'system:admin -' } })
		expect(await kube('/api/v1/pods?limit=5')).toMatchObject({ ok: true, value: { body: pods } })
	})

	it('is asked with certificates in files, as the kubelet has them', async () => {
		const { port } = await apiServer()
		const dir = scratchDir()
		mkdirSync(join(dir, 'tls'))
		writeFileSync(join(dir, 'ca.crt'), ca.certificate)
		writeFileSync(join(dir, 'tls/client.crt'), admin.certificate)
		writeFileSync(join(dir, 'tls/client.key'), admin.key)
		const path = kubeconfig(port, {
			cluster: `certificate-authority: ${dir}/ca.crt`,
			user: `client-certificate: ${dir}/tls/client.crt\n    client-key: ${dir}/tls/client.key`,
		})
		expect(await askWith(path)('/who')).toMatchObject({ ok: true, value: { body: 'system:admin -' } })
	})

	it('is asked with a token', async () => {
		const { port } = await apiServer()
		const path = kubeconfig(port, { user: 'token: abc' })
		expect(await askWith(path)('/who')).toMatchObject({ ok: true, value: { body: 'undefined Bearer abc' } })
	})

	it.each([
		['/readyz?verbose', 500],
		['/forbidden', 403],
		['/unauthorized', 401],
		['/nowhere', 404],
	])('may answer anything: %s with %i', async (path, status) => {
		const { port } = await apiServer()
		expect(await askWith(kubeconfig(port))(path)).toMatchObject({ ok: true, value: { status } })
	})

	it.each([
		['/hangs', 'timeout', /no answer within 0\.\d s/],
		['/drips', 'timeout', /no answer within/],
		['/breaks', 'failed', /broke|aborted/],
		['/huge', 'unreadable', /larger than 16 MiB/],
	])('may fail to: %s is %s', async (path, why, detail) => {
		const { port } = await apiServer()
		const kube = askWith(kubeconfig(port))
		// Loading the client is not what is measured.
		await kube('/who')
		const answer = await kube(path, path === '/huge' ? 20_000 : 500)
		expect(answer).toMatchObject({ ok: false, unavailable: { why, asked: path } })
		expect(answer.ok || answer.unavailable.detail).toMatch(detail)
	})

	it('answers many questions over few connections', async () => {
		const { port, connections } = await apiServer()
		const kube = askWith(kubeconfig(port))
		const answers = await Promise.all(Array.from({ length: 100 }, () => kube('/who')))
		expect(answers.every(answer => answer.ok)).toBe(true)
		expect(await kube('/who')).toMatchObject({ ok: true })
		expect(connections()).toBeLessThanOrEqual(16)
	})

	it('is not believed with a certificate of somebody else', async () => {
		const stranger = issue({ commonName: 'k3s', names: ['127.0.0.1'] })
		const { port } = await apiServer(stranger)
		const answer = await askWith(kubeconfig(port))('/who')
		expect(answer).toMatchObject({ ok: false, unavailable: { why: 'failed' } })
		expect(answer.ok || answer.unavailable.detail).toMatch(/certificate .* was not accepted/)
	})

	it('is not believed with an expired certificate', async () => {
		const names = ['127.0.0.1']
		const notAfter = new Date(Date.now() - 60_000)
		const { port } = await apiServer(issue({ commonName: 'k3s', names, issuer: ca, notAfter }))
		const answer = await askWith(kubeconfig(port))('/who')
		expect(answer.ok || answer.unavailable.detail).toMatch(/CERT_HAS_EXPIRED/)
	})

	it('may not be there, and may be there later', async () => {
		const kubeconfigs = [kubeconfig(await closedPort())]
		const kube = askWith(...kubeconfigs)
		const answer = await kube('/who')
		expect(answer).toMatchObject({ ok: false, unavailable: { why: 'failed', asked: '/who' } })
		expect(answer.ok || answer.unavailable.detail).toMatch(
			/The connection to the server 127\.0\.0\.1:\d+ was refused/,
		)
		const { port } = await apiServer()
		writeFileSync(kubeconfigs[0] ?? '', '')
		const again = askWith(kubeconfig(port))
		expect(await again('/who')).toMatchObject({ ok: true })
	})

	it('may be silent', async () => {
		const port = await listen(createPlain())
		const answer = await askWith(kubeconfig(port))('/who', 1500)
		expect(answer).toMatchObject({ ok: false, unavailable: { why: 'timeout' } })
	})
})

describe('a kubeconfig', () => {
	it('is the first that is there', async () => {
		const { port } = await apiServer()
		const kube = askWith('/nonexistent/k3s.yaml', kubeconfig(port))
		expect(await kube('/who')).toMatchObject({ ok: true })
	})

	it('may be missing', async () => {
		expect(await askWith('/nonexistent/k3s.yaml')('/who')).toMatchObject({
			ok: false,
			unavailable: { why: 'absent', asked: '/who' },
		})
		expect(await askWith()('/who')).toMatchObject({ ok: false, unavailable: { why: 'absent' } })
	})

	it.each([
		['not YAML', 'a: [\nprivate-key-of-somebody'],
		['an empty file', ''],
		['a list', '- 1\n- 2'],
		['a number', '42'],
		['no clusters', 'clusters: 7\nusers: {}\ncurrent-context: [x]'],
	])('may be broken: %s', async (_, text) => {
		const path = join(scratchDir(), 'k3s.yaml')
		writeFileSync(path, text)
		const answer = await askWith(path)('/who')
		expect(answer.ok).toBe(false)
		expect(JSON.stringify(answer)).not.toContain('private-key-of-somebody')
	})

	it.each([
		['client-certificate-data: AAAA\n    client-key-data: AAAA', /could not be asked|cannot be used/],
		['client-certificate: /nonexistent.crt\n    client-key: /nonexistent.key', /no such file/],
		['exec: {apiVersion: client.authentication.k8s.io/v1, command: touch}', /helper program/],
	])('may have credentials that are of no use', async (user, detail) => {
		const { port } = await apiServer()
		const answer = await askWith(kubeconfig(port, { user }))('/who')
		expect(answer.ok).toBe(false)
		expect(answer.ok || answer.unavailable.detail).toMatch(detail)
	})

	it('is looked for where the node has it', () => {
		const dataDir = '/data'
		expect(kubeconfigsOf({ dataDir, role: 'server' })).toEqual([
			'/data/server/cred/admin.kubeconfig',
			'/etc/rancher/k3s/k3s.yaml',
		])
		expect(kubeconfigsOf({ dataDir, role: 'agent' })).toEqual(['/data/agent/kubelet.kubeconfig'])
		expect(kubeconfigsOf({ dataDir, role: 'unknown' })).toHaveLength(3)
		expect(kubeconfigsOf({ dataDir, role: 'server' }, '/home/me/config')).toEqual(['/home/me/config'])
	})
})
