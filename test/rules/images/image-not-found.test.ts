import { describe, expect, it } from 'vitest'
import { causesOf } from '../../judge.js'
import { head, judged, pull } from './waiting.js'

describe('image-not-found', () => {
	it('fires on a missing tag, a bad name, a foreign platform, and the policy Never', () => {
		for (const [image, message, reason] of [
			['r.example/a:typo', pull('r.example/a:typo', 'r.example/a:typo: not found'), 'ImagePullBackOff'],
			[
				'UPPER/case:1',
				'Failed to apply default image tag "UPPER/case:1": couldn\'t parse image name "UPPER/case:1": invalid reference format',
				'InvalidImageName',
			],
			[
				'r.example/arm:1',
				pull('r.example/arm:1', 'no match for platform in manifest: not found'),
				'ErrImagePull',
			],
			[
				'own/build:dev',
				'Container image "own/build:dev" is not present with pull policy of Never',
				'ErrImageNeverPull',
			],
		] as const)
			expect(causesOf(judged(image, message, reason))).toEqual({ 'image-not-found': 'certain' })
	})

	it('is silent when the host is not found instead of the image', () => {
		const examination = judged(
			'r.example/a:1',
			pull('r.example/a:1', `${head('r.example')}dial tcp: lookup r.example: no such host`),
		)
		expect(causesOf(examination)).not.toHaveProperty('image-not-found')
	})
})
