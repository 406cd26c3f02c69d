import { describe, expect, it } from 'vitest'
import { fullImage, isDockerHub, isSystemImage, registryOf } from '../../../rules/images/image-name.js'

describe('image names', () => {
	it('are completed as containerd files them', () => {
		expect(fullImage('nginx')).toBe('docker.io/library/nginx:latest')
		expect(fullImage('rancher/klipper-helm:v0.9.3')).toBe('docker.io/rancher/klipper-helm:v0.9.3')
		expect(fullImage('localhost:5000/a/b')).toBe('localhost:5000/a/b:latest')
		expect(fullImage('quay.io/a/b@sha256:00')).toBe('quay.io/a/b@sha256:00')
		expect(registryOf('a/b')).toBe('docker.io')
		expect(isDockerHub('registry-1.docker.io')).toBe(true)
		expect(isDockerHub('docker.io.example.org')).toBe(false)
		expect(isSystemImage('registry.corp:5000/rancher/mirrored-pause:3.6')).toBe(true)
		expect(isSystemImage('corp/pause-button:1')).toBe(false)
	})
})
