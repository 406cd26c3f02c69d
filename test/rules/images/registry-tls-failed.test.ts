import { describe, expect, it } from 'vitest'
import { causesOf, rootsOf } from '../../judge.js'
import { head, judged, pull } from './waiting.js'

describe('registry-tls-failed', () => {
	it('fires on an unknown CA and on plain http, each with its own remedy first', () => {
		const ca = judged(
			'r.example/a:1',
			pull(
				'r.example/a:1',
				`${head('r.example')}tls: failed to verify certificate: x509: certificate signed by unknown authority`,
			),
		)
		expect(causesOf(ca)).toEqual({ 'registry-tls-failed': 'certain' })
		expect(ca.report.diagnoses[0]?.remedies[0]?.title).toBe('Trust the CA of r.example')
		const http = judged(
			'r.example:5000/a:1',
			pull('r.example:5000/a:1', `${head('r.example:5000')}http: server gave HTTP response to HTTPS client`),
		)
		expect(http.report.diagnoses[0]?.remedies[0]?.title).toBe('Ask r.example:5000 with http')
	})

	it('is silent about a time-out in the handshake: that is the network', () => {
		const examination = judged(
			'r.example/a:1',
			pull('r.example/a:1', `${head('r.example')}net/http: TLS handshake timeout`),
		)
		expect(rootsOf(examination)).toEqual(['registry-unreachable'])
	})
})
