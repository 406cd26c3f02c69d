import { describe, expect, it } from 'vitest'
import { registries } from '../../src/sources/registries.js'
import { bundleOf } from '../bundle-of.js'
import { openRecording } from '../recording.js'
import { fakeAsk } from './fake-ask.js'

const file = 'files/etc/rancher/k3s/registries.yaml'
const read = (text: string) => registries.parse(bundleOf({ [file]: text }))

describe('registries.yaml', () => {
	it('gives mirrors with their endpoints and places, and hosts with settings', () => {
		const text = `mirrors:
  docker.io:
    endpoint:
      - "https://registry.lab.example:5000"
      - http://second:80
    rewrite:
      "^rancher/(.*)": "mirror/$1"
  "*":
configs:
  "registry.lab.example:5000":
    auth:
      username: u
      password: <redacted>
    tls:
      insecure_skip_verify: true
`
		expect(read(text)).toEqual({
			file: '/etc/rancher/k3s/registries.yaml',
			mirrors: [
				{
					host: 'docker.io',
					endpoints: ['https://registry.lab.example:5000', 'http://second:80'],
					quote: { file, line: 2, text: '  docker.io:' },
				},
				{ host: '*', endpoints: [], quote: { file, line: 8, text: '  "*":' } },
			],
			configs: ['registry.lab.example:5000'],
		})
	})

	it('with a forgotten colon is refused in Go’s words', async () => {
		expect(registries.parse(await openRecording('registries-broken'))?.problem).toEqual({
			file: '/etc/rancher/k3s/registries.yaml',
			line: 3,
			message: 'cannot unmarshal !!str `endpoin...` into registries.Mirror',
			text: '   endpoint',
		})
	})

	it.each([
		['mirrors:\n  - docker.io\n', 2, 'cannot unmarshal !!seq into map[string]registries.Mirror'],
		[
			'mirrors:\n  docker.io:\n    endpoint: https://x.lab\n',
			3,
			'cannot unmarshal !!str `https:/...` into []string',
		],
		['mirrors:\n  docker.io:\n    endpoint:\n      - url: x\n', 4, 'cannot unmarshal !!map into string'],
		['mirrors:\n  docker.io:\n    - https://x\n', 3, 'cannot unmarshal !!seq into registries.Mirror'],
		['configs:\n  x:\n    auth: user:pw\n', 3, 'cannot unmarshal !!str into registries.AuthConfig'],
		[
			'configs:\n  x:\n    tls:\n      insecure_skip_verify: maybe\n',
			4,
			'cannot unmarshal !!str `maybe` into bool',
		],
		['- mirrors\n', 1, 'cannot unmarshal !!seq into registries.Registry'],
		['mirrors: 5\n', 1, 'cannot unmarshal !!int `5` into map[string]registries.Mirror'],
	])('of the wrong shape %j is a problem', (text, line, message) => {
		expect(read(text)?.problem).toMatchObject({ line, message })
	})

	it.each(['mirrors:\n\tdocker.io:\n', 'mirrors:\n  docker.io:\n    endpoint: ["https://x"\n'])(
		'that is no YAML %j is a problem',
		text => {
			expect(read(text)?.problem?.line).toBeGreaterThan(1)
		},
	)

	it.each([
		'',
		'mirrors:\n',
		'mirrors: {}\nunknown: [x]\n',
		'configs:\n  x:\n    auth:\n      username: 5\n',
	])('that Go takes %j is none', text => {
		expect(read(text)).not.toHaveProperty('problem')
	})

	it('may lie elsewhere', () => {
		const files = {
			'files/etc/rancher/k3s/config.yaml': 'private-registry: /srv/r.yaml\n',
			'files/srv/r.yaml': 'mirrors:\n  a:\n',
			[file]: 'mirrors:\n  b:\n',
		}
		expect(registries.parse(bundleOf(files))).toMatchObject({ file: '/srv/r.yaml', mirrors: [{ host: 'a' }] })
	})

	it('that is not there is absent', () => {
		expect(registries.parse(bundleOf({}))).toBeUndefined()
	})

	it('gives less when it is hostile, never an exception', () => {
		for (const text of [
			`mirrors: &a\n  x: *a\n`,
			`mirrors:\n${'  '.repeat(20_000)}x:\n`,
			'{'.repeat(100_000),
			'__proto__:\n  x: y\nmirrors:\n  __proto__:\n    endpoint: [1, null, {}]\n  ? [a]\n  : b\n',
		])
			expect(() => read(text)).not.toThrow()
	})
})

describe('asking for registries', () => {
	it('asks for the file that the configuration names, too', async () => {
		const paths = { '/etc/rancher/k3s/config.yaml.d/a.yaml': 'private-registry: "/srv/r.yaml"\n' }
		const { ask, read: asked } = fakeAsk({ paths })
		await registries.collect(ask)
		expect(asked.map(({ path }) => path)).toEqual([
			'/etc/rancher/k3s/registries.yaml',
			'/etc/rancher/k3s/config.yaml',
			'/etc/systemd/system/k3s.service',
			'/etc/rancher/k3s/config.yaml.d/a.yaml',
			'/srv/r.yaml',
		])
	})
})
