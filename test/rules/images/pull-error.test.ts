import { describe, expect, it } from 'vitest'
import { imageIn, readPullError } from '../../../rules/images/pull-error.js'
import { head, pull } from './waiting.js'

describe('words of a failed pull', () => {
	it.each([
		['dial tcp: lookup harbor.corp: no such host', 'name-unknown'],
		[
			'dial tcp: lookup harbor.corp on 10.0.0.2:53: read udp 10.0.0.9:4->10.0.0.2:53: i/o timeout',
			'name-unknown',
		],
		['dial tcp 10.0.0.7:443: connect: connection refused', 'unreachable'],
		['dial tcp 10.0.0.7:443: i/o timeout', 'unreachable'],
		['net/http: TLS handshake timeout', 'unreachable'],
		[
			'unexpected status from HEAD request to https://r.example/v2/a/manifests/1: 503 Service Unavailable',
			'unreachable',
		],
		[
			'unexpected status from HEAD request to https://r.example/v2/a/manifests/1: 429 Too Many Requests',
			'rate-limited',
		],
		['toomanyrequests: You have reached your pull rate limit.', 'rate-limited'],
		[
			'unexpected status from HEAD request to https://r.example/v2/a/manifests/1: 401 Unauthorized',
			'refused',
		],
		[
			'pull access denied, repository does not exist or may require authorization: insufficient_scope',
			'refused',
		],
		['tls: failed to verify certificate: x509: certificate signed by unknown authority', 'tls'],
		['http: server gave HTTP response to HTTPS client', 'tls'],
		['r.example/a:1.404: not found', 'not-found'],
		['no match for platform in manifest: not found', 'no-platform'],
		['Container image "a:1" is not present with pull policy of Never', 'never'],
	])('%s', (text, problem) => {
		expect(readPullError(pull('r.example/a:1', text))?.problem).toBe(problem)
	})

	it('about a full disk or a cancelled pull are none about the registry', () => {
		expect(readPullError(pull('a', 'write /var/lib/x: no space left on device'))).toBeUndefined()
		expect(readPullError('context canceled')).toBeUndefined()
		expect(readPullError('Back-off pulling image "a"')).toBeUndefined()
	})

	it('name the image and who was asked, and nothing that could become a command', () => {
		expect(imageIn(pull('r.example:5000/a/b:2', 'x'))).toBe('r.example:5000/a/b:2')
		expect(imageIn('PullImage \\"a/b:1\\" failed')).toBe('a/b:1')
		expect(readPullError(`${head('r.example:5000')}EOF`)).toMatchObject({
			host: 'r.example:5000',
			scheme: 'https',
		})
		expect(readPullError('Head "https://$(reboot)/v2/": connection refused')?.host).toBe('')
	})
})
