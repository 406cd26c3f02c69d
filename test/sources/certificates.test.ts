import { describe, expect, it } from 'vitest'
import type { Host } from '../../src/host/host.js'
import { keyIdsOf } from '../../src/sources/certificates/key-ids.js'
import { certificates } from '../../src/sources/certificates.js'
import { bundleOf } from '../bundle-of.js'
import { openRecording } from '../recording.js'
import { fakeAsk } from './fake-ask.js'

const tls = '/var/lib/rancher/k3s/server/tls'

async function chainOf(file: string): Promise<string> {
	return (await openRecording('ha-healthy')).files.get(`files${tls}/${file}`) ?? ''
}

const read = (files: Record<string, string>) => certificates.parse(bundleOf(files))

describe('certificates', () => {
	it('are read with all that rules ask of them', async () => {
		const found = certificates.parse(await openRecording('ha-healthy'))?.certificates ?? []
		const [leaf, ca] = found.filter(({ path }) => path === `${tls}/serving-kube-apiserver.crt`)
		expect(leaf).toEqual({
			path: `${tls}/serving-kube-apiserver.crt`,
			position: 0,
			ca: false,
			subject: 'CN=kube-apiserver',
			commonName: 'kube-apiserver',
			organizations: [],
			issuer: 'CN=k3s-server-ca@1795236238',
			issuerCommonName: 'k3s-server-ca@1795236238',
			sans: [
				'kubernetes',
				'kubernetes.default',
				'kubernetes.default.svc',
				'kubernetes.default.svc.cluster.local',
				'localhost',
				'h2',
				'127.0.0.1',
				'::1',
				'10.99.0.12',
				'10.43.0.1',
			],
			notBefore: Date.UTC(2026, 10, 21, 3, 57, 6),
			notAfter: Date.UTC(2027, 10, 21, 3, 57, 6),
			fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
			authorityKeyId: 'c425464a26f254586cd61e4010de5707e8fc7b1d',
		})
		expect(ca).toMatchObject({
			position: 1,
			ca: true,
			keyId: leaf?.authorityKeyId,
			commonName: leaf?.issuerCommonName,
		})
	})

	it('name their organizations', async () => {
		const found = read({ [`files${tls}/client-admin.crt`]: await chainOf('client-admin.crt') })
			?.certificates[0]
		expect(found).toMatchObject({
			subject: 'O=system:masters, CN=system:admin',
			commonName: 'system:admin',
			organizations: ['system:masters'],
		})
	})

	it('that a port showed carry its address', async () => {
		const pem = await chainOf('client-ca.crt')
		const told = [
			{ host: '127.0.0.1', port: 6443, certificates: [pem, pem] },
			{ host: '::1', port: '10250', certificates: [pem] },
			{ host: 'x', port: 1, certificates: [] },
			{ host: 'y', port: 2 },
			null,
			'nonsense',
		]
		const found = read({ 'probes/tls.json': JSON.stringify(told) })
		expect(found?.certificates.map(({ path, position }) => [path, position])).toEqual([
			['tls://127.0.0.1:6443', 0],
			['tls://127.0.0.1:6443', 1],
			['tls://[::1]:10250', 0],
		])
		expect(found?.broken).toEqual([])
	})

	it('inside other files are found without the key beside them', async () => {
		const pem = await chainOf('client-admin.crt')
		const found = read({
			'files/etc/rancher/k3s/k3s.yaml': `users:\n- name: default\n  user:\n    client-certificate-data: ${btoa(pem)}\n    client-key-data: <redacted>\n`,
			[`files${tls}/dynamic-cert.json`]: JSON.stringify({ data: { 'tls.crt': btoa(pem), 'tls.key': 'x' } }),
		})
		expect(found?.certificates.filter(({ position }) => position === 0).map(({ path }) => path)).toEqual([
			`${tls}/dynamic-cert.json`,
			'/etc/rancher/k3s/k3s.yaml',
		])
	})

	it('printed by openssl are read too', () => {
		const text = `Certificate:
    Data:
        Version: 3 (0x2)
        Issuer: CN = k3s-client-ca@1712688659
        Validity
            Not Before: Apr  9 18:50:59 2024 GMT
            Not After : Apr  9 18:50:59 2025 GMT
        Subject: O = system:masters, CN = system:admin
        X509v3 extensions:
            X509v3 Authority Key Identifier:
                60:E6:26:D0:BD:F0
            X509v3 Subject Alternative Name: critical
                DNS:localhost, IP Address:0:0:0:0:0:0:0:1
`
		expect(read({ 'files/a/x.crt': text })?.certificates).toEqual([
			{
				path: '/a/x.crt',
				position: 0,
				ca: false,
				subject: 'O=system:masters, CN=system:admin',
				commonName: 'system:admin',
				organizations: ['system:masters'],
				issuer: 'CN=k3s-client-ca@1712688659',
				issuerCommonName: 'k3s-client-ca@1712688659',
				sans: ['localhost', '::1'],
				notBefore: Date.UTC(2024, 3, 9, 18, 50, 59),
				notAfter: Date.UTC(2025, 3, 9, 18, 50, 59),
				fingerprint: '',
				authorityKeyId: '60e626d0bdf0',
			},
		])
	})
})

describe('files that hold no certificate although their name says so', () => {
	it('are told with their size and what is wrong', async () => {
		const pem = await chainOf('server-ca.crt')
		const middle = Math.floor(pem.length / 2)
		const damaged = `${pem.slice(0, middle)}AAAA${pem.slice(middle + 4)}`
		const found = read({
			'files/a/empty.crt': '',
			'files/a/blank.crt': '\n\n',
			'files/a/garbage.crt': '\0\0\0ü',
			'files/a/cut.crt': pem.slice(0, middle),
			'files/a/second.crt': `${pem}\n${damaged.replace('MII', 'XXX')}`,
			'files/a/fine.crt': pem,
		})
		expect(found?.broken).toEqual([
			{ path: '/a/empty.crt', problem: 'the file is empty', size: 0 },
			{ path: '/a/blank.crt', problem: 'the file is empty', size: 2 },
			{ path: '/a/garbage.crt', problem: 'there is no certificate in the file', size: 5 },
			{ path: '/a/cut.crt', problem: 'the file ends inside a certificate', size: middle },
			{
				path: '/a/second.crt',
				problem: 'certificate 2 of the file does not parse',
				size: expect.any(Number),
			},
		])
		expect(found?.certificates.map(({ path }) => path)).toEqual(['/a/second.crt', '/a/fine.crt'])
	})

	it('are known from the listing where their empty text is not in the bundle', () => {
		const line = `f\t644\t0\t0\t0\t2026-11-21T04:24:13.38\t${tls}/client-ca.crt\t\n`
		expect(read({ 'commands/files.tsv': line })?.broken).toEqual([
			{ path: `${tls}/client-ca.crt`, problem: 'the file is empty', size: 0 },
		])
	})
})

describe('no certificates', () => {
	it('are none on a node that never made one, and unknown on one that nobody looked at', async () => {
		expect(certificates.parse(await openRecording('extdb-mysql-password'))).toEqual({
			certificates: [],
			broken: [],
		})
		expect(read({})).toBeUndefined()
		expect(read({ 'commands/files.tsv': '' })).toBeUndefined()
	})
})

describe('hostile certificates', () => {
	it('give less, never an exception', async () => {
		const pem = await chainOf('client-admin.crt')
		const begin = '-----BEGIN CERTIFICATE-----\n'
		for (const text of [
			begin.repeat(20_000),
			`${begin}${'A'.repeat(1_000_000)}\n-----END CERTIFICATE-----`,
			`${begin}====\n-----END CERTIFICATE-----`,
			`Certificate:\n${' '.repeat(500_000)}`,
			pem.replaceAll('\n', '\0'),
		])
			expect(() =>
				read({ 'files/x.crt': text, 'probes/tls.json': text, 'files/etc/rancher/k3s/k3s.yaml': text }),
			).not.toThrow()
	})

	it('of damaged DER have no key ids', async () => {
		const pem = await chainOf('client-admin.crt')
		const der = Buffer.from(pem.split('-----')[2]?.replace(/\s/g, '') ?? '', 'base64')
		expect(keyIdsOf(der).authorityKeyId).toBe('60e626d0bdf09b40fa395872e618729ca651e8f3')
		for (let cut = 0; cut < der.length; cut += 7) expect(() => keyIdsOf(der.subarray(0, cut))).not.toThrow()
		for (let at = 0; at < der.length; at += 1) {
			const bent = Uint8Array.from(der)
			bent[at] = 0xff
			expect(() => keyIdsOf(bent)).not.toThrow()
		}
	})
})

describe('asking for certificates', () => {
	it('takes certificates and leaves keys', async () => {
		const paths = {
			'/data/k3s/server/tls/client-ca.crt': 'x',
			'/data/k3s/server/tls/client-ca.key': 'x',
			'/data/k3s/server/tls/etcd/peer-ca.crt': 'x',
			'/data/k3s/agent/client-kubelet.crt': 'x',
			'/data/k3s/agent/client-kubelet.key': 'x',
		}
		const { ask, read: asked, ran } = fakeAsk({ node: { dataDir: '/data/k3s' }, paths })
		await certificates.collect(ask)
		expect(asked.map(({ path }) => path).sort()).toEqual([
			'/data/k3s/agent/client-kubelet.crt',
			// Asked for in any case: a refusal is to be told.
			'/data/k3s/server/tls/client-admin.crt',
			'/data/k3s/server/tls/client-ca.crt',
			'/data/k3s/server/tls/etcd/peer-ca.crt',
		])
		expect(ran).toEqual(['k3s certificate check --output text --data-dir /data/k3s'])
	})

	it('files kubeconfig and dynamic certificate without what is secret in them', async () => {
		const kubeconfig = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: Q0E=
    server: https://127.0.0.1:6443
  name: default
users:
- name: default
  user:
    client-certificate-data: Q0VSVA==
    client-key-data: S0VZ
    token: hunter2
    password: |
      hunter3
`
		const dynamic = JSON.stringify({ data: { 'tls.crt': 'Q0VSVA==', 'tls.key': 'S0VZ', other: 'hunter4' } })
		const paths = { '/etc/rancher/k3s/k3s.yaml': kubeconfig, [`${tls}/dynamic-cert.json`]: dynamic }
		const filed: Record<string, string> = {}
		const { ask } = fakeAsk({ paths })
		const put = (file: string, text: string) => {
			filed[file] = text
		}
		await certificates.collect({ ...ask, put })
		const all = Object.values(filed).join('')
		expect(all).not.toMatch(/hunter|S0VZ/)
		expect(filed['files/etc/rancher/k3s/k3s.yaml']).toContain('client-certificate-data: Q0VSVA==\n')
		expect(JSON.parse(filed[`files${tls}/dynamic-cert.json`] ?? '')).toEqual({
			data: { 'tls.crt': 'Q0VSVA==', 'tls.key': '<redacted>' },
		})
	})

	it('files nothing of a file that it cannot read as what it should be', async () => {
		const { ask } = fakeAsk({ paths: { [`${tls}/dynamic-cert.json`]: '{"data": {"tls.key": "S0VZ"' } })
		await expect(certificates.collect(ask)).resolves.toBeUndefined()
		const host: Partial<Host> = {
			read: async () => ({ ok: true, value: { text: '{"data":{"tls.crt":"x"}}', truncated: true }, ms: 0 }),
		}
		await expect(certificates.collect({ ...ask, host: host as Host })).resolves.toBeUndefined()
	})
})
