/** The name that is asked inside the cluster, by a resolver of our own and by one that is not there. */
import { createSocket } from 'node:dgram'
import { describe, expect, it } from 'vitest'
import { queryName } from '../../src/host/dns-query.js'
import { verifySource } from '../../src/sources/verify.js'
import { bundleOf } from '../bundle-of.js'
import { scriptedHost } from './scripted-host.js'

describe('after an installation', () => {
	it.each([
		[{}, '10.43.0.10', 'kubernetes.default.svc.cluster.local'],
		[
			{ '/etc/rancher/k3s/config.yaml': 'cluster-dns: 10.9.0.10\ncluster-domain: corp.test\n' },
			'10.9.0.10',
			'kubernetes.default.svc.corp.test',
		],
	])('asks the resolver of the cluster for its API: %j', async (files, server, name) => {
		const host = scriptedHost({ files: files as Record<string, string> })
		const source = verifySource(async (at, wanted) => ({
			server: at,
			name: wanted,
			addresses: ['10.43.0.1'],
			ms: 2,
		}))
		await source.collect(host.ask)
		expect(source.parse(host.bundle())).toEqual({ dns: { server, name, addresses: ['10.43.0.1'], ms: 2 } })
	})

	it('asks nobody by a name that is none, and reads nothing from noise', async () => {
		const host = scriptedHost({ files: { '/etc/rancher/k3s/config.yaml': 'cluster-dns: "$(reboot)"\n' } })
		const source = verifySource(() => Promise.reject(new Error('asked')))
		await source.collect(host.ask)
		expect(source.parse(host.bundle())).toBeUndefined()
		expect(source.parse(bundleOf({ 'verify/dns.json': '[[' }))).toBeUndefined()
	})
})

describe('a query', () => {
	it('brings the addresses that a resolver gives', async () => {
		const server = createSocket('udp4')
		server.on('message', (message, from) => {
			const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 10, 43, 0, 1])
			const end = 12 + message.subarray(12).indexOf(0) + 5
			const reply = Buffer.concat([message.subarray(0, end), answer])
			reply.writeUInt16BE(0x8180, 2)
			reply.writeUInt16BE(1, 6)
			reply.writeUInt32BE(0, 8)
			server.send(reply, from.port, from.address)
		})
		await new Promise<void>(resolve => server.bind(0, '127.0.0.1', resolve))
		const { port } = server.address()
		try {
			const found = await queryName(`127.0.0.1:${port}`, 'kubernetes.default.svc.cluster.local')
			expect(found).toMatchObject({ addresses: ['10.43.0.1'] })
		} finally {
			server.close()
		}
	})

	it('ends where nobody answers, with the reason', async () => {
		const deaf = createSocket('udp4')
		await new Promise<void>(resolve => deaf.bind(0, '127.0.0.1', resolve))
		const found = await queryName(`127.0.0.1:${deaf.address().port}`, 'a.test', 100)
		deaf.close()
		expect(found).toMatchObject({ addresses: [], error: 'ETIMEOUT' })
		expect(await queryName('no address', 'a.test')).toMatchObject({
			addresses: [],
			error: expect.any(String),
		})
	})
})
