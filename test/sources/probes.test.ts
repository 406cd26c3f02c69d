import { describe, expect, it } from 'vitest'
import { probes } from '../../src/sources/probes.js'
import { bundleOf } from '../bundle-of.js'
import { type Script, scriptedHost } from './scripted-host.js'

const ports = `[
 {
  "host": "127.0.0.1",
  "port": 6443,
  "proto": "tcp",
  "result": "refused",
  "ms": 6
 },
 {
  "host": "s1.lab.exmaple",
  "port": 6443,
  "proto": "tcp",
  "result": "unresolved",
  "ms": 12
 }
]`

describe('what was probed', () => {
	it('is read with the place where it stands', () => {
		const found = probes.parse(bundleOf({ 'probes/ports.json': ports }))
		expect(found).toEqual({
			ports: [
				{
					host: '127.0.0.1',
					port: 6443,
					protocol: 'tcp',
					result: 'refused',
					ms: 6,
					quote: {
						file: 'probes/ports.json',
						line: 3,
						text: '{"host":"127.0.0.1","port":6443,"proto":"tcp","result":"refused","ms":6}',
					},
				},
				expect.objectContaining({ host: 's1.lab.exmaple', result: 'unresolved' }),
			],
			http: [],
			tls: [],
		})
		expect(found?.ports[1]?.quote.line).toBe(10)
	})

	it('of HTTP keeps the body, and quotes its beginning', () => {
		const http = JSON.stringify([
			{ url: 'https://127.0.0.1:6443/ping', status: 0, body: '', exit: 7 },
			{ url: 'https://127.0.0.1:6443/cacerts', status: 200, body: 'x'.repeat(3000), exit: 0 },
		])
		const found = probes.parse(bundleOf({ 'probes/http.json': http }))?.http
		expect(found).toMatchObject([
			{ status: 0, exit: 7 },
			{ status: 200, exit: 0 },
		])
		expect(found?.[1]?.body).toHaveLength(3000)
		expect(found?.[1]?.quote.text.length).toBeLessThan(500)
	})

	it('of TLS keeps the chain', () => {
		const pem = '-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n'
		const tls = JSON.stringify([
			{ host: '127.0.0.1', port: 6444, certificates: [pem, pem] },
			{ host: '127.0.0.1', port: 10250, certificates: [], error: 'ECONNRESET' },
		])
		expect(probes.parse(bundleOf({ 'probes/tls.json': tls }))?.tls).toEqual([
			{ host: '127.0.0.1', port: 6444, certificates: [pem, pem] },
			{ host: '127.0.0.1', port: 10250, certificates: [], error: 'ECONNRESET' },
		])
	})

	it('and makes no sense is left out', () => {
		const odd = `[null, 3, {"port": 1}, {"host": "a", "port": 70000, "result": "open"},
{"host": "b", "port": "6443", "result": "maybe"}, {"host": "c", "port": "6443", "result": "open", "proto": "udp"},
{"__proto__": {"host": "d", "port": 1, "result": "open"}}]`
		const found = probes.parse(
			bundleOf({ 'probes/ports.json': odd, 'probes/http.json': '{}', 'probes/tls.json': '[[' }),
		)
		expect(found).toMatchObject({
			ports: [{ host: 'c', port: 6443, protocol: 'udp', ms: 0 }],
			http: [],
			tls: [],
		})
		// Which line is whose cannot be told here.
		expect(found?.ports[0]?.quote).not.toHaveProperty('line')
		expect(probes.parse(bundleOf({}))).toBeUndefined()
	})
})

async function probed(script: Script) {
	const host = scriptedHost(script)
	await probes.collect(host.ask)
	const far = host.dialled.filter(target => !target.startsWith('127.0.0.1:'))
	return { ...host, far, evidence: probes.parse(host.bundle()) }
}

describe('probing', () => {
	it('dials the ports of k3s, and asks those that are open for certificates', async () => {
		const { dialled, shown, got, evidence } = await probed({
			ports: { '127.0.0.1:6443': 'open', '127.0.0.1:10250': 'timeout', '127.0.0.1:10010': 'open' },
			certificates: { '127.0.0.1:6443': ['leaf', 'ca'] },
			urls: { 'https://127.0.0.1:6443/ping': 'pong' },
		})
		for (const port of [
			6443, 6444, 10250, 10256, 10248, 10249, 10257, 10259, 2379, 2380, 2381, 10010, 80, 443,
		])
			expect(dialled.filter(target => target === `127.0.0.1:${port}`)).toHaveLength(1)
		expect(shown).toEqual(['127.0.0.1:6443'])
		expect(got).toContain('http://127.0.0.1:10248/healthz')
		expect(evidence?.ports.find(({ port }) => port === 10250)).toMatchObject({ result: 'timeout', ms: 1 })
		expect(evidence?.tls).toEqual([{ host: '127.0.0.1', port: 6443, certificates: ['leaf', 'ca'] }])
		expect(evidence?.http.find(({ url }) => url.endsWith('6443/ping'))).toMatchObject({
			status: 200,
			body: 'pong',
		})
		// A quote is the line that it names.
		const text = evidence?.ports[2]?.quote
		const lines = (await probedFile({})).split('\n')
		expect(lines[(text?.line ?? 0) - 1]).toMatch(/^\{"host":"127\.0\.0\.1","port":10250,/)
	})

	it('goes to the server of an agent, and to its usual port, too', async () => {
		const { far, shown, got } = await probed({
			node: { role: 'agent', unit: 'k3s-agent.service' },
			files: {
				'/etc/systemd/system/k3s-agent.service.env':
					"K3S_TOKEN=<redacted>\nK3S_URL='https://s1.lab.example:8443'\n",
				'/var/lib/rancher/k3s/agent/etc/k3s-agent-load-balancer.json':
					'{"ServerURL":"https://s1.lab.example:8443","ServerAddresses":["10.99.0.11:6443","[fd00::2]:6443"]}',
			},
			ports: { 's1.lab.example:8443': 'open' },
		})
		expect(far).toEqual(['s1.lab.example:8443', 's1.lab.example:6443', '10.99.0.11:6443', 'fd00::2:6443'])
		expect(shown).toEqual(['s1.lab.example:8443'])
		expect(got).toEqual(
			expect.arrayContaining(['https://s1.lab.example:8443/ping', 'https://s1.lab.example:8443/cacerts']),
		)
	})

	it('finds the server wherever it is configured', async () => {
		const unit =
			"ExecStart=/usr/local/bin/k3s \\\n    agent \\\n\t'--server' \\\n\t'https://10.1.1.1:6443' \\\n"
		const places: [Record<string, string>, string][] = [
			[{ '/etc/rancher/k3s/config.yaml': 'server: "https://10.1.1.2:6443" # ours\n' }, '10.1.1.2'],
			[{ '/etc/rancher/k3s/config.yaml.d/9.yaml': "server: 'https://[fd00::5]'\n" }, 'fd00::5'],
			[{ '/etc/systemd/system/k3s.service': unit }, '10.1.1.1'],
			[{ '/etc/systemd/system/k3s.service': 'ExecStart=k3s agent --server=https://10.1.1.4\n' }, '10.1.1.4'],
			[
				{
					'/etc/systemd/system/k3s.service.d/a.conf':
						'[Service]\nEnvironment="K3S_URL=https://10.1.1.5:6443"\n',
				},
				'10.1.1.5',
			],
		]
		for (const [files, host] of places) {
			const { far } = await probed({ files })
			expect(far).toContain(`${host}:6443`)
		}
		// The command line wins over a file.
		const { far } = await probed({
			files: {
				'/etc/rancher/k3s/config.yaml': 'server: https://a.example:6443',
				'/etc/systemd/system/k3s.service': unit,
			},
		})
		expect(far).toEqual(['10.1.1.1:6443'])
	})

	it('follows other ports and addresses of this node', async () => {
		const { dialled, got } = await probed({
			files: {
				'/etc/rancher/k3s/config.yaml':
					'https-listen-port: 7443\nbind-address: 10.0.0.5\nlb-server-port: 7000\n',
			},
		})
		expect(dialled).toEqual(
			expect.arrayContaining([
				'127.0.0.1:7443',
				'127.0.0.1:7444',
				'127.0.0.1:7000',
				'10.0.0.5:7443',
				'127.0.0.1:6443',
			]),
		)
		expect(got).toContain('https://10.0.0.5:7443/ping')
	})

	it('goes to an external datastore, of any kind', async () => {
		const endpoints: [string, string[]][] = [
			['postgres://k3s:<redacted>@pg.corp.example:5433/k3s?sslmode=disable', ['pg.corp.example:5433']],
			['postgres://k3s:p%40ss@db1,db2:6000/k3s', ['db1:5432', 'db2:6000']],
			['mysql://k3s:p@ss/w:rd@tcp(10.0.0.30:3306)/k3s', ['10.0.0.30:3306']],
			['mysql://k3s@tcp([fd00::9])/k3s', ['fd00::9:3306']],
			['https://e1:2379,https://e2:2379', ['e1:2379', 'e2:2379']],
			['mysql://root@unix(/run/mysqld/mysqld.sock)/k3s', []],
			['sqlite:///var/lib/x.db', []],
		]
		for (const [endpoint, expected] of endpoints) {
			const { far } = await probed({
				files: { '/etc/rancher/k3s/config.yaml': `datastore-endpoint: "${endpoint}"\n` },
			})
			expect(far).toEqual(expected)
		}
	})

	it("goes to registries, and to etcd's other members, but not twice to itself", async () => {
		const { far } = await probed({
			files: {
				'/etc/rancher/k3s/registries.yaml':
					'mirrors:\n  "r.example:5000":\n    endpoint:\n      - "http://r.example:5000"\n      # - https://old.example\n  docker.io:\n    endpoint: [https://m1.example/v2, "https://m2.example:444"]\n',
				'/var/lib/rancher/k3s/server/db/etcd/config':
					'initial-cluster: h1-a=https://10.99.0.11:2380,h2-b=https://10.99.0.12:2380\nlisten-peer-urls: https://127.0.0.1:2380,https://10.99.0.12:2380\n',
			},
			commands: {
				'ss -H -tn state established':
					'0 0 10.99.0.12:2380 10.99.0.13:40000\n0 0 10.99.0.12:50000 10.99.0.12:2379\n0 0 127.0.0.1:2379 127.0.0.1:9\n0 0 10.7.0.5:40001 10.7.0.5:2380\n0 0 10.99.0.12:22 10.99.0.99:5000\n',
			},
		})
		expect(far).toEqual([
			'10.99.0.13:2379',
			'10.99.0.13:2380',
			'10.99.0.13:6443',
			'10.99.0.11:2379',
			'10.99.0.11:2380',
			'10.99.0.11:6443',
			'r.example:5000',
			'm1.example:443',
			'm2.example:444',
		])
	})

	it('dials no host whose name is none, and not without end', async () => {
		const many = Array.from({ length: 500 }, (_, at) => `"10.9.${at % 256}.${at >> 8}:6443"`).join(',')
		const { far, dialled } = await probed({
			files: {
				'/etc/rancher/k3s/config.yaml':
					'server: https://$(reboot):6443\ndatastore-endpoint: "postgres://u@-oProxy:1/x"\n',
				'/var/lib/rancher/k3s/agent/etc/k3s-agent-load-balancer.json': `{"ServerAddresses":["a b:1","x:99999",{},${many}]}`,
			},
		})
		expect(far.every(target => target.startsWith('10.9.'))).toBe(true)
		expect(dialled.length).toBeLessThan(100)
	})
})

async function probedFile(script: Script): Promise<string> {
	const { bundle } = await probed(script)
	return bundle().files.get('probes/ports.json') ?? ''
}
