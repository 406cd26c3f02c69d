import { describe, expect, it } from 'vitest'
import { causesOf } from '../../judge.js'
import { head, judged, pull } from './waiting.js'

describe('registry-auth-failed', () => {
	it('fires on 401, 403 and hidden repositories', () => {
		for (const why of [
			'unexpected status from HEAD request to https://r.example/v2/a/manifests/1: 403 Forbidden',
			'pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
		])
			expect(causesOf(judged('r.example/a:1', pull('r.example/a:1', why)))).toEqual({
				'registry-auth-failed': 'certain',
			})
	})

	it('is silent when the registry is not reached', () => {
		const examination = judged(
			'r.example/a:1',
			pull('r.example/a:1', `${head('r.example')}dial tcp 10.1.1.1:443: connect: no route to host`),
		)
		expect(causesOf(examination)).not.toHaveProperty('registry-auth-failed')
	})
})
