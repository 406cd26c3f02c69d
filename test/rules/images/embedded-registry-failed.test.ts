import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles } from '../../judge.js'
import { cluster } from '../cluster-text.js'
import { journalText } from '../unit.js'
import { judged, pull } from './waiting.js'

describe('embedded-registry-failed', () => {
	const line = 'time="x" level=error msg="Not starting distributed registry mirror: no registries configured"'

	it('fires when the mirror is on and no registry is named for it', () => {
		const files = cluster(
			{},
			{
				'files/etc/rancher/k3s/config.yaml': 'embedded-registry: true\n',
				'files/etc/rancher/k3s/registries.yaml': 'configs: {}\n',
			},
		)
		files['journal/k3s.log'] = journalText([
			[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
			[1, 'k3s', 'time="x" level=info msg="Starting k3s v1.33.4+k3s1 (abcdef12)"'],
			[2, 'k3s', line],
			[3, 'k3s', 'time="x" level=info msg="k3s is up and running"'],
		])
		expect(causesOf(judgeFiles(files))).toEqual({ 'embedded-registry-failed': 'likely' })
	})

	it('fires when the mirror on this host has no answer', () => {
		const image = 'docker.io/library/app:1'
		const why =
			'unexpected status from HEAD request to https://127.0.0.1:6443/v2/library/app/manifests/1?ns=docker.io: 500 Internal Server Error'
		expect(causesOf(judged(image, pull(image, why)))).toEqual({ 'embedded-registry-failed': 'likely' })
	})

	it('is silent where it is on and registries are named', () => {
		const files = cluster(
			{},
			{
				'files/etc/rancher/k3s/config.yaml': 'embedded-registry: true\n',
				'files/etc/rancher/k3s/registries.yaml': 'mirrors:\n  docker.io:\n',
			},
		)
		expect(causesOf(judgeFiles(files))).toEqual({})
	})
})
