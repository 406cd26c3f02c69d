import { describe, expect, it } from 'vitest'
import { listenersOn } from '../../src/model/lookup.js'
import { sockets } from '../../src/sources/sockets.js'
import { bundleOf } from '../bundle-of.js'
import { scriptedHost } from './scripted-host.js'

const listening = `udp UNCONN 0      0        0.0.0.0:8472  0.0.0.0:*                                    
tcp LISTEN 0      4096   127.0.0.1:10010 0.0.0.0:* users:(("containerd",pid=87,fd=17))
tcp LISTEN 0      4096       [::1]:6444     [::]:* users:(("k3s-agent",pid=58,fd=8))  
tcp LISTEN 0      4096           *:10250       *:* users:(("k3s-agent",pid=58,fd=54)) 
tcp LISTEN 0      1    0.0.0.0:10257 0.0.0.0:* users:(("exporter",pid=1333,fd=3)) 
`

function parse(text: string, established = '') {
	return sockets.parse(
		bundleOf({ 'commands/ss-listening.txt': text, 'commands/ss-established.txt': established }),
	)
}

describe('listeners', () => {
	it('have an address, a port, a process and the line that says so', () => {
		const found = parse(listening)
		expect(found?.listening.map(({ protocol, address, port }) => `${protocol} ${address} ${port}`)).toEqual([
			'udp 0.0.0.0 8472',
			'tcp 127.0.0.1 10010',
			'tcp ::1 6444',
			'tcp * 10250',
			'tcp 0.0.0.0 10257',
		])
		expect(found && listenersOn(found, 10257)).toEqual([
			{
				protocol: 'tcp',
				address: '0.0.0.0',
				port: 10257,
				process: 'exporter',
				pid: 1333,
				quote: {
					file: 'commands/ss-listening.txt',
					line: 5,
					text: 'tcp LISTEN 0      1    0.0.0.0:10257 0.0.0.0:* users:(("exporter",pid=1333,fd=3))',
				},
			},
		])
		// The kernel holds the vxlan port itself.
		expect(found && listenersOn(found, 8472, 'udp')[0]).not.toHaveProperty('process')
	})

	it('are read in the other forms that ss has', () => {
		const forms: [string, object][] = [
			[
				'tcp   LISTEN 0 4096 [::ffff:127.0.0.1]:6443 *:* users:(("k3s-server",pid=7,fd=9))',
				{ address: '127.0.0.1', port: 6443 },
			],
			['tcp LISTEN 0 128 127.0.0.53%lo:53 0.0.0.0:*', { address: '127.0.0.53', port: 53 }],
			['tcp LISTEN 0 128 [fe80::1]%eth0:546 [::]:*', { address: 'fe80::1', port: 546 }],
			[
				'LISTEN 0 128 :::6443 :::* users:(("k3s-server",pid=7,fd=9))',
				{ protocol: 'tcp', address: '::', port: 6443 },
			],
			[
				'tcp LISTEN 0 1 *:80 *:* users:(("systemd",pid=1,fd=40),("my \\"odd\\" app",pid=9,fd=3))',
				{ process: 'my \\"odd\\" app', pid: 9 },
			],
			['tcp LISTEN 0 1 *:22 *:* users:(("systemd",pid=1,fd=40))', { process: 'systemd', pid: 1 }],
		]
		for (const [line, expected] of forms) expect(parse(`${line}\n`)?.listening).toMatchObject([expected])
	})
})

describe('connections', () => {
	it('have two ends', () => {
		const established = `0      0                127.0.0.1:6444            127.0.0.1:60754
132    0               10.99.0.21:43520          10.99.0.11:6443 
0      0      [::ffff:10.99.0.21]:10250 [::ffff:10.99.0.11]:27142
`
		expect(parse(listening, established)?.established).toEqual([
			{ local: '127.0.0.1', localPort: 6444, remote: '127.0.0.1', remotePort: 60754 },
			{ local: '10.99.0.21', localPort: 43520, remote: '10.99.0.11', remotePort: 6443 },
			{ local: '10.99.0.21', localPort: 10250, remote: '10.99.0.11', remotePort: 27142 },
		])
	})

	it('that are ending are none', () => {
		const text = `Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port Process
tcp   ESTAB      0 0 10.0.0.1:22 10.0.0.2:50000
tcp   CLOSE-WAIT 1 0 10.0.0.1:22 10.0.0.2:50001
udp   ESTAB      0 0 10.0.0.1:68 10.0.0.2:67
`
		expect(parse(text)?.established).toMatchObject([{ remotePort: 50000 }])
	})
})

describe('without ss', () => {
	const head =
		'  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
	const tcp = `${head}   0: 0100007F:192C 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   1: 1500630A:A9FC 0B00630A:192B 01 00000000:00000000 00:00000000 00000000     0        0 2 1
`
	const tcp6 = `${head}   0: 00000000000000000000000000000000:192B 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 3 1
   1: 0000000000000000FFFF00000100007F:280A 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 3 1
   2: 000080FE00000000FF00545056341 2FE:0016 0:0 0A
   3: 000080FE00000000FF005450563412FE:0016 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 3 1
   4: 00000000000000000000000001000000:192C 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 3 1
`
	const udp = `${head}   0: 00000000:2118 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4 2
`

	it('the kernel tells who listens where, but not who it is', async () => {
		const files = { '/proc/net/tcp': tcp, '/proc/net/tcp6': tcp6, '/proc/net/udp': udp }
		const { ask, bundle } = scriptedHost({ files })
		await sockets.collect(ask)
		const found = sockets.parse(bundle())
		expect(found?.listening.map(({ protocol, address, port }) => `${protocol} ${address} ${port}`)).toEqual([
			'tcp 127.0.0.1 6444',
			'tcp * 6443',
			'tcp 127.0.0.1 10250',
			'tcp fe80::5054:ff:fe12:3456 22',
			'tcp ::1 6444',
			'udp 0.0.0.0 8472',
		])
		expect(found?.listening[0]?.quote).toMatchObject({ file: 'files/proc/net/tcp', line: 2 })
		expect(found?.established).toEqual([
			{ local: '10.99.0.21', localPort: 43516, remote: '10.99.0.11', remotePort: 6443 },
		])
	})

	it('is not asked where ss answers', async () => {
		const { ask, bundle } = scriptedHost({
			commands: { 'ss -H -tulpn': listening, 'ss -H -tn state established': '' },
			files: { '/proc/net/tcp': tcp },
		})
		await sockets.collect(ask)
		expect(bundle().files.has('files/proc/net/tcp')).toBe(false)
		expect(sockets.parse(bundle())?.listening).toHaveLength(5)
	})
})

describe('broken answers', () => {
	it('give less, and nothing at all is no evidence', () => {
		const hostile = `tcp LISTEN\ntcp LISTEN 0 0 :\ntcp LISTEN 0 0 1.2.3.4:99999 *:*\ntcp LISTEN 0 0 ${'['.repeat(9000)}:1 *:*
tcp LISTEN 0 0 *:81 *:* users:(("${'\\'.repeat(9000)}\n${listening}`
		expect(parse(hostile)?.listening.map(({ port }) => port)).toEqual([81, 8472, 10010, 6444, 10250, 10257])
		expect(sockets.parse(bundleOf({ 'files/proc/net/udp': udp() }))).toBeUndefined()
	})
})

function udp(): string {
	return '   0: 00000000:2118 00000000:0000 07\n'
}
