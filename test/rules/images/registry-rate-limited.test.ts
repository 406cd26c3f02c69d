import { describe, expect, it } from 'vitest'
import { causesOf } from '../../judge.js'
import { judged, pull } from './waiting.js'

describe('registry-rate-limited', () => {
	it('fires on Docker Hub’s words too', () => {
		const examination = judged(
			'nginx:1',
			pull(
				'docker.io/library/nginx:1',
				'toomanyrequests: You have reached your unauthenticated pull rate limit',
			),
		)
		expect(causesOf(examination)).toEqual({ 'registry-rate-limited': 'certain' })
	})

	it('is silent about an image whose tag merely holds the number', () => {
		const image = 'r.example/app:429'
		expect(causesOf(judged(image, pull(image, `${image}: not found`)))).toEqual({
			'image-not-found': 'certain',
		})
	})
})
