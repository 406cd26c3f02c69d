import { describe, expect, it } from 'vitest'
import { api } from '../../src/sources/api.js'
import { bundleOf } from '../bundle-of.js'

const ready = '[+]ping ok\n[+]log ok\n[+]etcd ok\n[+]shutdown ok\nreadyz check passed\n'
const failedByKubectl =
	'Error from server (InternalError): an error on the server ("[+]ping ok\\n[+]log ok\\n[-]etcd failed: reason withheld\\n[-]etcd-readiness failed: reason withheld\\n[+]informer-sync ok\\n[+]shutdown ok\\nreadyz check failed") has prevented the request from succeeding\n'
const both = JSON.stringify({
	clientVersion: { gitVersion: 'v1.36.2+k3s1' },
	serverVersion: { gitVersion: 'v1.35.4+k3s1' },
})
const clientOnly = JSON.stringify({ clientVersion: { gitVersion: 'v1.36.2+k3s1' } })
const refused =
	'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?'
const emptyList = '{"apiVersion": "v1", "items": [], "kind": "List"}'

describe('api', () => {
	it('reads a ready API', () => {
		expect(
			api.parse(bundleOf({ 'api/readyz.txt': ready, 'api/version.json': both, 'api/pods.json': emptyList })),
		).toEqual({
			answered: true,
			resources: new Set(['pods']),
			readyz: { ok: true, failed: [] },
			serverVersion: 'v1.35.4+k3s1',
		})
	})

	it("reads the server's own answer to /version", () => {
		const own = '{"major": "1", "minor": "36", "gitVersion": "v1.36.2+k3s1"}'
		expect(api.parse(bundleOf({ 'api/version.json': own }))?.serverVersion).toBe('v1.36.2+k3s1')
	})

	it('reads failed checks, as the API prints them and as kubectl repeats them', () => {
		const printed = ready.replace('[+]etcd ok', '[-]etcd failed: reason withheld').replace('passed', 'failed')
		expect(api.parse(bundleOf({ 'api/readyz.txt': printed }))?.readyz).toEqual({
			ok: false,
			failed: ['etcd'],
		})
		const found = api.parse(bundleOf({}, {}, [{ file: 'api/readyz.txt', exit: 1, stderr: failedByKubectl }]))
		expect(found?.readyz).toEqual({ ok: false, failed: ['etcd', 'etcd-readiness'] })
		expect(found?.answered).toBe(true)
		expect(found?.error).toBeUndefined()
	})

	it('does not take the client for the server, and quotes the error behind the warnings', () => {
		const stderr = `time="2026-11-21T04:58:39Z" level=warning msg="yaml: line 5: found character that cannot start any token"\n${refused}\n`
		const found = api.parse(
			bundleOf({ 'api/version.json': clientOnly }, {}, [{ file: 'api/version.json', exit: 1, stderr }]),
		)
		expect(found).toEqual({ answered: false, resources: new Set(), error: refused })
	})

	it('does not count the empty list that kubectl prints beside an error', () => {
		const stderr =
			'Error from server (Forbidden): nodes is forbidden: User "system:node:a1" cannot list resource "nodes"\n'
		const found = api.parse(
			bundleOf({ 'api/nodes.json': emptyList }, {}, [{ file: 'api/nodes.json', exit: 1, stderr }]),
		)
		expect(found?.answered).toBe(false)
		expect(found?.error).toMatch(/^Error from server \(Forbidden\)/)
	})

	it('is absent where nothing was asked', () => {
		expect(api.parse(bundleOf({ 'commands/df.txt': 'x' }))).toBeUndefined()
	})

	it('survives hostile answers and says nothing by them', () => {
		const found = api.parse(
			bundleOf({
				'api/readyz.txt': `\0${'[-]'.repeat(100_000)}`,
				'api/version.json': '{"serverVersion": ["x"], "gitVersion": {}}',
				'api/pods.json': '{"items": {"length": 3}}',
				'api/nodes.json': '<html>Bad Gateway</html>',
			}),
		)
		expect(found).toEqual({ answered: false, resources: new Set() })
	})
})
