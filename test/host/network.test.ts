import { spawn } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { createServer as createHttp } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { connect, createServer } from 'node:net'
import { createServer as createTls } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { addressesInHosts } from '../../src/host/local/resolve.js'
import { localHost } from '../../src/host/local.js'
import { issue } from './certificate.js'
import { closedPort, listen } from './listen.js'
import { programs, withPrograms } from './scratch.js'

const host = localHost()
const local = '127.0.0.1'

const ca = issue({ commonName: 'k3s-server-ca@1', ca: true })
const leaf = issue({ commonName: 'k3s', names: [local], issuer: ca })
const served = { key: leaf.key, cert: leaf.certificate + ca.certificate }

/** A port whose queue is full: as silent as a firewall that drops. */
async function withSilentPort(work: (port: number) => Promise<void>): Promise<void> {
	const program = `
		require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
			require('fs').writeSync(1, String(this.address().port))
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
		})`
	const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
	const port = await new Promise<number>(resolve => child.stdout.once('data', data => resolve(Number(data))))
	const queued = Array.from({ length: 4 }, () => connect(port, local).on('error', () => undefined))
	try {
		await new Promise(resolve => queued[0]?.once('connect', resolve))
		await new Promise(resolve => queued[1]?.once('connect', resolve))
		await work(port)
	} finally {
		for (const socket of queued) socket.destroy()
		child.kill('SIGKILL')
	}
}

describe('dialling a port', () => {
	it('finds it open or refused', async () => {
		const port = await listen(createServer())
		expect(await host.dial(local, port)).toMatchObject({ result: 'open' })
		expect(await host.dial('[::1]', await closedPort())).toMatchObject({
			result: expect.stringMatching(/^(refused|unreachable)$/),
		})
		expect(await host.dial(local, await closedPort())).toMatchObject({ result: 'refused' })
	})

	it('gives up in time', async () => {
		await withSilentPort(async port => {
			const { result, ms } = await host.dial(local, port, 300)
			expect(result).toBe('timeout')
			expect(ms).toBeLessThan(3000)
		})
	})

	it.each([0, -1, 70000, 1.5, Number.NaN])('is impossible for port %s', async port => {
		expect(await host.dial(local, port)).toMatchObject({ result: 'failed' })
	})

	it('asks for the addresses of a name as the system does', async () => {
		const port = await listen(createServer())
		const known = programs(
			['getent'],
			'[ "$*" = "ahosts server.lab" ] && echo "127.0.0.1  STREAM server.lab"',
		)
		await withPrograms(known, async () => {
			expect(await host.dial('server.lab', port)).toMatchObject({ result: 'open' })
		})
		const unknown = programs(['getent'], 'exit 2')
		await withPrograms(unknown, async () => {
			expect(await host.dial('server.lab', port)).toMatchObject({ result: 'unresolved' })
			expect(await host.get(`http://server.lab:${port}/`)).toMatchObject({ status: 0, exit: 6 })
			expect(await host.tls('server.lab', port)).toMatchObject({ certificates: [], error: 'ENOTFOUND' })
		})
		expect(await host.dial('-f /etc/passwd', port)).toMatchObject({ result: 'unresolved' })
	})

	it('does not wait for a name server that is dead', async () => {
		const dead = programs(['getent'], 'sleep 100')
		await withPrograms(dead, async () => {
			const { result, ms } = await host.dial('server.lab', 80, 300)
			expect(result).toBe('timeout')
			expect(ms).toBeLessThan(5000)
			expect(await host.get('https://server.lab:6443/ping', 300)).toMatchObject({ status: 0, exit: 28 })
			expect(await host.tls('server.lab', 6443, 300)).toMatchObject({ error: 'ETIMEDOUT' })
		})
	})

	it('reads the hosts file where there is no getent', () => {
		const hosts = '127.0.0.1 localhost # s1\n10.0.0.1\ts1 S1.lab\nfd00::1 s1\nnonsense s1\n'
		expect(addressesInHosts(hosts, 's1')).toEqual(['10.0.0.1', 'fd00::1'])
		expect(addressesInHosts(hosts, 's1.LAB')).toEqual(['10.0.0.1'])
		expect(addressesInHosts(hosts, '10.0.0.1')).toEqual([])
	})
})

describe('the chain that a port shows', () => {
	it('comes leaf first, expired or not', async () => {
		const late = issue({ commonName: 'late', issuer: ca, notAfter: new Date(Date.now() - 1000) })
		const port = await listen(createTls({ key: late.key, cert: late.certificate + ca.certificate }))
		const { certificates, error } = await host.tls(local, port)
		expect(error).toBeUndefined()
		expect(certificates.map(pem => new X509Certificate(pem).subject)).toEqual([
			'CN=late',
			'CN=k3s-server-ca@1',
		])
	})

	it('is only what was shown', async () => {
		const port = await listen(createTls({ key: leaf.key, cert: leaf.certificate }))
		expect((await host.tls(local, port)).certificates).toEqual([leaf.certificate])
	})

	it('comes also from a server that wants to know who asks', async () => {
		for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
			const options = { ...served, ca: ca.certificate, requestCert: true, rejectUnauthorized: true }
			const port = await listen(createTls({ ...options, minVersion: version, maxVersion: version }))
			expect((await host.tls(local, port)).certificates, version).toHaveLength(2)
		}
	})

	it('is missing with a reason', async () => {
		const silent = await listen(createServer())
		expect(await host.tls(local, silent, 300)).toMatchObject({ certificates: [], error: 'ETIMEDOUT' })
		const plain = await listen(createHttp((_, response) => response.end('no TLS here')))
		const { certificates, error } = await host.tls(local, plain)
		expect(certificates).toEqual([])
		expect(error).toMatch(/\w/)
		expect(await host.tls(local, await closedPort())).toMatchObject({ error: 'ECONNREFUSED' })
		const rude = await listen(createServer(socket => socket.end()))
		expect((await host.tls(local, rude)).error).toMatch(/\w/)
	})
})

describe('a small request', () => {
	it('is answered over HTTP and HTTPS, whoever signed it', async () => {
		const plain = await listen(createHttp((_, response) => response.end('ok')))
		expect(await host.get(`http://127.0.0.1:${plain}/healthz`)).toMatchObject({
			status: 200,
			body: 'ok',
			exit: 0,
		})
		const secure = createHttps(served, ({ url, headers }, response) =>
			response.writeHead(401).end(`${url} ${headers.authorization ?? 'nobody'}`),
		)
		expect(await host.get(`https://user:word@127.0.0.1:${await listen(secure)}/ping`)).toMatchObject({
			status: 401,
			body: '/ping nobody',
			exit: 0,
		})
	})

	it('takes no more than 64 KiB', async () => {
		const endless = createHttp((_, response) => {
			const more = () => {
				while (response.write('x'.repeat(10_000)));
				response.once('drain', more)
			}
			more()
		})
		const { status, body, exit } = await host.get(`http://127.0.0.1:${await listen(endless)}/`)
		expect({ status, exit, length: body.length }).toEqual({ status: 200, exit: 0, length: 65536 })
	})

	it.each([
		['a server that says nothing', createServer(), 'http', 28],
		['a server that hangs up', createServer(socket => socket.once('data', () => socket.end())), 'http', 52],
		[
			'a server that speaks something else',
			createServer(socket => socket.end('220 smtp ready\r\n')),
			'http',
			8,
		],
		['plain HTTP on a TLS port', createHttp(), 'https', 35],
		['a TLS port that hangs up', createServer(socket => socket.end()), 'https', 35],
		[
			'a body that breaks off',
			createServer(socket =>
				socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx')),
			),
			'http',
			18,
		],
	])('tells as curl does: %s', async (_, server, scheme, exit) => {
		const url = `${scheme}://127.0.0.1:${await listen(server)}/`
		expect(await host.get(url, 400)).toMatchObject({ exit })
	})

	it('tells what never became a connection', async () => {
		expect(await host.get(`https://127.0.0.1:${await closedPort()}/`)).toMatchObject({ status: 0, exit: 7 })
		expect(await host.get('no url')).toMatchObject({ status: 0, exit: 3 })
		expect(await host.get('ftp://127.0.0.1/')).toMatchObject({ status: 0, exit: 1 })
		await withSilentPort(async port => {
			expect(await host.get(`http://127.0.0.1:${port}/`, 300)).toMatchObject({ status: 0, exit: 28 })
		})
	})
})
