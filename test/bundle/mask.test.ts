import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { maskSecrets } from '../../src/bundle/mask.js'
import { openRecording, recordingNames } from '../recording.js'

const hash = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'
const token = `K10${hash}::server:hunter2secret`
const config = 'files/etc/rancher/k3s/config.yaml'
const registries = 'files/etc/rancher/k3s/registries.yaml'
const environment = 'files/etc/systemd/system/k3s.service.env'
const unit = 'files/etc/systemd/system/k3s.service'
const journal = 'journal/k3s.log'
const ps = 'commands/ps.txt'

/** A private key of nobody: the words of one. */
const key = `-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIhunter2hunter2hunter2\nhunter2==\n-----END EC PRIVATE KEY-----`
const certificate = `-----BEGIN CERTIFICATE-----\nMIIBeDCCAR2gAwIBAgIBADAKBggqhkjOPQQDAjAjMSEwHwYDVQQDDBhrM3Mtc2Vy\n-----END CERTIFICATE-----`

describe('config.yaml', () => {
	it('loses its secrets and nothing else', () => {
		const text = `# token: hunter2
token: ${token}
agent-token: "hunter2" # since May
t: hunter2
token-file: /etc/token
etcd-s3-access-key: hunter2
etcd-s3-secret-key: 'hunter2'
"vpn-auth": name=tailscale,joinKey=hunter2
datastore-endpoint: "mysql://k3s:hun/t@er2?@tcp(10.0.0.1:3306)/k3s?tls=true"
secrets-encryption: true
tls-san:
  - token.lab.example
`
		const masked = maskSecrets(config, text)
		expect(masked).toBe(`# token: <redacted>
token: <redacted>
agent-token: "<redacted>"
t: <redacted>
token-file: /etc/token
etcd-s3-access-key: <redacted>
etcd-s3-secret-key: '<redacted>'
"vpn-auth": <redacted>
datastore-endpoint: "mysql://k3s:<redacted>@tcp(10.0.0.1:3306)/k3s?tls=true"
secrets-encryption: true
tls-san:
  - token.lab.example
`)
		expect(parse(masked)).toMatchObject({ token: '<redacted>', 'secrets-encryption': true })
	})

	it('keeps empty values: they are a fault of their own', () => {
		const text = 'token:\nagent-token: ""\nvpn-auth: \'\'\ncluster-secret: null\n'
		expect(maskSecrets(config, text)).toBe(text)
	})

	it('loses values that go over lines, and every line keeps its number', () => {
		const text = `token: |
  hunter2

  hunter2
agent-token: "hunter2
  hunter2"
vpn-auth: hunter2
  hunter2
cluster-secret:
  hunter2
etcd-s3-secret-key:
- hunter2
token+: [hunter2, hunter2]
node-name: n1
`
		const masked = maskSecrets(config, text)
		expect(masked).not.toContain('hunter2')
		expect(masked.split('\n').length).toBe(text.split('\n').length)
		expect(masked.split('\n')[13]).toBe('node-name: n1')
		expect(parse(masked)).toMatchObject({ token: '<redacted>', 'node-name': 'n1' })
	})

	it('that is broken stays broken in the same place', () => {
		expect(maskSecrets(config, 'tls-san:\n\t- a\n\ttoken: hunter2\n')).toBe(
			'tls-san:\n\t- a\n\ttoken: <redacted>\n',
		)
	})
})

describe('registries.yaml', () => {
	it('loses credentials', () => {
		const text = `mirrors:
  docker.io:
    endpoint: ["https://bob:hunter2@registry:5000/v2"]
configs:
  registry:5000:
    auth:
      username: bob
      password: hunter2
      auth: aHVudGVyMg==
      identity_token: hunter2
    tls: {ca_file: /ca.crt, key_file: /k.key}
  other: {auth: {username: bob, password: "hunter2"}}
`
		const masked = maskSecrets(registries, text)
		expect(masked).not.toMatch(/hunter2|aHVudGVyMg/)
		const [host] = Object.values<{ auth: object; tls: object }>(parse(masked).configs)
		expect(host?.auth).toEqual({
			username: 'bob',
			password: '<redacted>',
			auth: '<redacted>',
			identity_token: '<redacted>',
		})
		expect(host?.tls).toEqual({ ca_file: '/ca.crt', key_file: '/k.key' })
		expect(masked).toContain('https://bob:<redacted>@registry:5000/v2')
	})
})

describe('environment files', () => {
	it('lose values of secret names, in whatever quotes', () => {
		const text = `K3S_TOKEN='hunter2 with blanks'
export K3S_AGENT_TOKEN="hunter2"
#K3S_TOKEN=hunter2
K3S_TOKEN_FILE=/etc/token
K3S_URL='https://10.99.0.11:6443'
K3S_DATASTORE_ENDPOINT=postgres://k3s:hun@ter2@10.99.0.30:5432/k3s
AWS_SECRET_ACCESS_KEY=hunter2
HTTPS_PROXY=http://bob:hunter2@proxy.lab.example:3128
K3S_VPN_AUTH="hunter2
hunter2"
K3S_NODE_NAME=n1
K3S_CLUSTER_SECRET=
`
		expect(maskSecrets(environment, text)).toBe(`K3S_TOKEN='<redacted>'
export K3S_AGENT_TOKEN="<redacted>"
#K3S_TOKEN=<redacted>
K3S_TOKEN_FILE=/etc/token
K3S_URL='https://10.99.0.11:6443'
K3S_DATASTORE_ENDPOINT=postgres://k3s:<redacted>@10.99.0.30:5432/k3s
AWS_SECRET_ACCESS_KEY=<redacted>
HTTPS_PROXY=http://bob:<redacted>@proxy.lab.example:3128
K3S_VPN_AUTH="<redacted>"

K3S_NODE_NAME=n1
K3S_CLUSTER_SECRET=
`)
	})
})

describe('command lines', () => {
	it.each([
		['k3s server --token hunter2 --debug', 'k3s server --token <redacted> --debug'],
		['k3s agent --token=hunter2', 'k3s agent --token=<redacted>'],
		['k3s agent -t hunter2 -s https://s1:6443', 'k3s agent -t <redacted> -s https://s1:6443'],
		['k3s server --agent-token "hunter 2" --x', 'k3s server --agent-token "<redacted>" --x'],
		['k3s server --etcd-s3-secret-key=hunter2', 'k3s server --etcd-s3-secret-key=<redacted>'],
		[
			'k3s server --datastore-endpoint mysql://k3s:h/u@nter2@tcp(db:3306)/k3s --x',
			'k3s server --datastore-endpoint mysql://k3s:<redacted>@tcp(db:3306)/k3s --x',
		],
		['k3s server --vpn-auth name=tailscale,joinKey=hunter2', 'k3s server --vpn-auth <redacted>'],
		['["server","--token","hunter2","--debug"]', '["server","--token","<redacted>","--debug"]'],
		['[\\"agent\\",\\"--token\\",\\"hunter2\\"]', '[\\"agent\\",\\"--token\\",\\"<redacted>\\"]'],
		[
			'Environment=K3S_TOKEN=hunter2 K3S_URL=https://s1',
			'Environment=K3S_TOKEN=<redacted> K3S_URL=https://s1',
		],
		['mysqld --password=hunter2', 'mysqld --password=<redacted>'],
	])('%s', (line, masked) => {
		expect(maskSecrets(ps, line)).toBe(masked)
	})

	it('of unit files, one word on each line', () => {
		const text =
			"ExecStart=/usr/local/bin/k3s \\\n    server \\\n\t'--token' \\\n\t'hunter2' \\\n\t'-t' \\\n\t'hunter2' \\\n\n"
		expect(maskSecrets(unit, text)).toBe(text.replaceAll('hunter2', '<redacted>'))
	})

	it.each([
		'level=fatal msg="Error: --token is required"',
		'please pass --token to complete the restoration',
		'k3s server -s https://10.99.0.11:6443 -t $' + '{SERVER_NODE_TOKEN}',
		'--token-auth-file=/etc/tokens --service-account-key-file=/k.key --use-service-account-credentials=true',
		'--authentication-token-webhook=true --anonymous-auth=false --secrets-encryption=true',
		'MountVolume.SetUp failed for volume "kube-api-access-x" : secret "web-token" not found',
		'E1121 secret.go:189] "Couldn\'t get secret" secret="default/web-token"',
		'token CA hash does not match the Cluster CA certificate hash: aaaa != bbbb',
		"Access denied for user 'k3s'@'10.99.0.1' (using password: YES)",
		'password authentication failed for user "k3s" (SQLSTATE 28P01)',
		'"initial-cluster-token":"etcd-cluster"',
		'iptables -t nat -A KUBE-SERVICES',
		'-A POSTROUTING -t nat',
		'Server token is available at /var/lib/rancher/k3s/server/token',
	])('that hold no secret stay: %s', line => {
		expect(maskSecrets(journal, line)).toBe(line)
	})
})

describe('anywhere', () => {
	it.each([
		['full tokens', `msg="token ${token} refused"`, 'msg="token <redacted> refused"'],
		['bootstrap tokens', `x K10${hash}::abcdef.0123456789abcdef y`, 'x <redacted> y'],
		['JWTs', 'got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl.', 'got <redacted>.'],
		['bearer headers', 'Authorization: Bearer abc.def-123_x', 'Authorization: Bearer <redacted>'],
		['basic headers', '"Authorization":["Basic bm9kZTpodW50ZXIy"]', '"Authorization":["Basic <redacted>"]'],
		[
			'addresses',
			'Get "https://node:hunter2@10.0.0.1:6443/cacerts": EOF',
			'Get "https://node:<redacted>@10.0.0.1:6443/cacerts": EOF',
		],
		[
			'MySQL addresses',
			'dsn k3s:hunter2@tcp(10.0.0.1:3306)/k3s',
			'dsn k3s:<redacted>@tcp(10.0.0.1:3306)/k3s',
		],
		['queries', 'postgres://db/k3s?password=hunter2&x=1', 'postgres://db/k3s?password=<redacted>&x=1'],
		['JSON', '{"username":"bob","password":"hun\\"ter2"}', '{"username":"bob","password":"<redacted>"}'],
		['TOML', 'password = "hunter2"', 'password = "<redacted>"'],
		[
			'mount options',
			'//nas/x /mnt cifs user=bob,password=hunter2,rw',
			'//nas/x /mnt cifs user=bob,password=<redacted>,rw',
		],
	])('%s', (_, line, masked) => {
		expect(maskSecrets(journal, line)).toBe(masked)
	})

	it('private keys, in PEM and in base64, each line keeping its number', () => {
		expect(maskSecrets('files/x.pem', `${certificate}\n${key}\nafter\n`)).toBe(
			`${certificate}\n<redacted>\n\n\n\nafter\n`,
		)
		expect(maskSecrets(journal, `{"k":"${key.replaceAll('\n', '\\n')}","a":1}`)).toBe(
			'{"k":"<redacted>","a":1}',
		)
		const kubeconfig = `    client-certificate-data: ${btoa(certificate)}\n    client-key-data: ${btoa(key)}\n`
		expect(maskSecrets('files/etc/rancher/k3s/k3s.yaml', kubeconfig)).toBe(
			`    client-certificate-data: ${btoa(certificate)}\n    client-key-data: <redacted>\n`,
		)
		expect(maskSecrets('x.json', JSON.stringify({ a: btoa(certificate), b: btoa(certificate + key) }))).toBe(
			JSON.stringify({ a: btoa(certificate), b: '<redacted>' }),
		)
	})

	it('private keys that are cut off', () => {
		const cut = key.slice(0, 60)
		expect(maskSecrets('x.json', `{"k":"${cut.replaceAll('\n', '\\n')}","a":1}`)).toBe(
			'{"k":"<redacted>","a":1}',
		)
		expect(maskSecrets(journal, cut)).toBe('<redacted>\n')
	})

	it('the values of Secrets in manifests', () => {
		const text = `kind: ConfigMap
data:
  color: blue
---
kind: Secret
metadata:
  name: web
stringData:
  color: blue
  text: |
    hunter2
data:
  other: aHVudGVyMg==
type: Opaque
`
		const masked = maskSecrets('files/var/lib/rancher/k3s/server/manifests/web.yaml', text)
		expect(masked).not.toMatch(/hunter2|aHVudGVyMg/)
		expect(masked).toContain('data:\n  color: blue\n---')
		expect(masked).toContain('  name: web\n')
		expect(masked.split('\n').length).toBe(text.split('\n').length)
	})

	it.each([
		'files/var/lib/rancher/k3s/server/tls/server-ca.key',
		'files/var/lib/rancher/k3s/server/token',
		'files/var/lib/rancher/k3s/server/node-token',
		'files/var/lib/rancher/k3s/server/cred/passwd',
		'files/etc/rancher/node/password',
	])('files that are nothing but a secret: %s', file => {
		expect(maskSecrets(file, 'hunter2\n')).toBe('<redacted>\n')
	})
})

describe('what is no secret', () => {
	it.each([
		certificate,
		`sha256:${hash}`,
		`K10${hash}`,
		'uid: 039e587d-9f73-4843-96b3-56e0c47df774',
		'http://registry.lab.example:5000/v2/app/manifests/app@sha256:0123',
		'registry.lab.example:5000/app:1.2@sha256:0123',
		'ssh-rsa user@host',
		'k3s-server-ca@1795236238',
		'http://[fd00::5]:6443/x',
		'tcp 0 0 10.0.0.1:6443 10.0.0.2:443',
		'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1J',
		'',
	])('stays: %s', text => {
		expect(maskSecrets(journal, text)).toBe(text)
	})

	it('in recorded nodes, whose secrets were taken out before, is not touched', async () => {
		for (const name of recordingNames().filter((_, at) => at % 12 === 0)) {
			for (const [file, text] of (await openRecording(name)).files)
				if (maskSecrets(file, text) !== text) throw new Error(`${name}/${file} was changed`)
		}
	})
})

describe('hostile text', () => {
	it.each([
		['nothing but flags', '--token '.repeat(60_000)],
		['nothing but names', 'token='.repeat(60_000)],
		['open quotes', 'password="'.repeat(60_000)],
		['open keys', '-----BEGIN RSA PRIVATE KEY-----\n'.repeat(20_000)],
		['half keys', 'LS0tLS1CRUdJTi'.repeat(40_000)],
		['addresses', '://a:b'.repeat(60_000)],
		['half tokens', `K10${'a'.repeat(200_000)}`],
		['half JWTs', `eyJ${'a'.repeat(200_000)}.`],
		['one line', 'x'.repeat(1_000_000)],
		['blanks', `token: ${' '.repeat(500_000)}x`],
		['dashes', '- '.repeat(200_000)],
		['NULs', '\0token: x\0'.repeat(30_000)],
		['backslashes', `--token ${'\\\n'.repeat(100_000)}`],
		['empty lines below a key', `token:\n${'\n'.repeat(100_000)}`],
		['many keys with much below', 'token: x\n  y\n'.repeat(20_000)],
	])('takes no longer than it must: %s', (_, text) => {
		const started = performance.now()
		for (const file of [journal, config, environment, unit]) maskSecrets(file, text)
		expect(performance.now() - started).toBeLessThan(4000)
	})
})
