import { createHash, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { redactor } from '../../src/bundle/redact/redactor.js'
import { caHash, preflightSource } from '../../src/sources/preflight.js'
import { formOf } from '../../src/sources/preflight-token.js'
import { bundleOf } from '../bundle-of.js'
import { issue } from '../host/certificate.js'
import { type Script, scriptedHost } from './scripted-host.js'

const authority = issue({ commonName: 'k3s-server-ca', ca: true })
const hash = createHash('sha256').update(authority.certificate).digest('hex')
const secret = 'abcdef0123456789abcdef'
const server = 'https://10.0.0.1:6443'
const speed = { path: '/var/lib/.trial', writes: 200, bytes: 2300, median: 0.4, p99: 2.5, slowest: 9 }

async function asked(script: Script, intent: Parameters<typeof preflightSource>[0] = {}) {
	const host = scriptedHost(script)
	const source = preflightSource(intent)
	await source.collect(host.ask)
	return { ...host, evidence: source.parse(host.bundle()) }
}

describe('before an installation', () => {
	it('asks the registry and the server that was named, and compares its authorities', async () => {
		const { dialled, got, evidence } = await asked(
			{
				ports: { 'registry-1.docker.io:443': 'timeout', '10.0.0.1:6443': 'open' },
				urls: { [`${server}/ping`]: 'pong', [`${server}/cacerts`]: authority.certificate },
				files: { '/etc/rancher/k3s/config.yaml': `token: "K10${hash}::server:${secret}"\n` },
			},
			{ server },
		)
		expect(dialled).toEqual(['registry-1.docker.io:443', '10.0.0.1:6443'])
		expect(got).toEqual(['https://registry-1.docker.io/v2/', `${server}/ping`, `${server}/cacerts`])
		expect(evidence).toMatchObject({
			disk: { skipped: 'nothing may be written' },
			egress: [{ port: { result: 'timeout' }, http: { status: 0 } }],
			server: { url: server, port: { result: 'open' }, ping: { body: 'pong' } },
			token: { form: 'full', caHash: hash, where: '/etc/rancher/k3s/config.yaml' },
		})
		expect(evidence?.caHashes.get(`${server}/cacerts`)).toBe(hash)
	})

	it('files no secret of the token, and its hash survives the mask', async () => {
		const token = `K10${hash}::server:${secret}`
		const { bundle } = await asked({ files: { '/etc/rancher/k3s/config.yaml': `token: ${token}\n` } })
		const mask = redactor()
		const filed = [...bundle().files].map(([file, text]) => mask.text(file, text))
		expect(filed.join('\n')).not.toContain(secret)
		expect(filed.join('\n')).toContain(hash)
	})

	it.each([
		[
			'a later file wins',
			{
				'/etc/rancher/k3s/config.yaml': 'token: a\n',
				'/etc/rancher/k3s/config.yaml.d/9.yaml': `token: K10${hash}::server:x\n`,
			},
			'full',
		],
		[
			'the environment of the service',
			{ '/etc/systemd/system/k3s.service.env': "K3S_TOKEN='short-one'\n" },
			'short',
		],
		[
			'a file that is named',
			{
				'/etc/rancher/k3s/config.yaml': 'token-file: /root/t\n',
				'/root/t': `K10${hash.slice(1)}::server:x\n`,
			},
			'broken',
		],
		['an empty one', { '/etc/rancher/k3s/config.yaml': 'token: ""\n' }, 'empty'],
	])('finds the token: %s', async (_what, files, form) => {
		expect((await asked({ files: files as Record<string, string> })).evidence?.token?.form).toBe(form)
	})

	it('knows the modules that are there; a host that shows none says nothing', async () => {
		const line =
			'modinfo -F name overlay br_netfilter nf_conntrack veth bridge vxlan wireguard ip_set iptable_nat nf_tables'
		const some = await asked({ commands: { [line]: [1, 'overlay\nbr-netfilter\nmodinfo: ERROR\n'] } })
		expect([...(some.evidence?.modules ?? [])]).toEqual(['overlay', 'br_netfilter'])
		expect((await asked({ commands: { [line]: [1, ''] } })).evidence?.modules).toBeUndefined()
	})

	it('keeps what the trial of the disk gave', async () => {
		expect((await asked({}, { disk: async () => speed })).evidence?.disk).toEqual(speed)
	})

	it('makes nothing of what is no answer of its own', () => {
		const { parse } = preflightSource()
		expect(parse(bundleOf({}))).toBeUndefined()
		const odd = {
			'preflight/disk.json': '{"path":3,"writes":"x"}',
			'preflight/intent.json': '[[',
			'preflight/ports.json': '{',
		}
		expect(parse(bundleOf(odd))).toEqual({ egress: [], caHashes: new Map() })
	})
})

describe('the hash of authorities', () => {
	it('is of the text where there is one certificate, and of the root where there are several', () => {
		const leaf = issue({ commonName: 'between', ca: true, issuer: authority })
		expect(caHash(authority.certificate)).toBe(hash)
		const root = createHash('sha256').update(new X509Certificate(authority.certificate).raw).digest('hex')
		expect(caHash(leaf.certificate + authority.certificate)).toBe(root)
		expect(caHash('<html>')).toBeUndefined()
	})
})

describe('the form of a token', () => {
	it.each([
		['', 'empty'],
		['mysecret', 'short'],
		['abcdef.0123456789abcdef', 'short'],
		[`K10${'a'.repeat(64)}::server:x`, 'full'],
		[`K10${'a'.repeat(64)}::abcdef.0123456789abcdef`, 'full'],
		[`K10${'a'.repeat(63)}::server:x`, 'broken'],
		['K10', 'broken'],
	])('%s is %s', (token, form) => {
		expect(formOf(token).form).toBe(form)
	})
})
