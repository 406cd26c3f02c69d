import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { cluster, justBooted, node } from '../cluster-text.js'

describe('cloud-provider-uninitialized', () => {
	const waiting = node({
		taints: [{ key: 'node.cloudprovider.kubernetes.io/uninitialized', value: 'true', effect: 'NoSchedule' }],
	})
	const off = {
		'files/etc/rancher/k3s/config.yaml':
			'disable-cloud-controller: true\nkubelet-arg:\n  - cloud-provider=external\n',
	}

	it('fires when the taint stays and k3s starts no cloud controller', () => {
		expect(rootsOf(judgeFiles(cluster({ nodes: [waiting] }, off)))).toEqual(['cloud-provider-uninitialized'])
	})

	it('is silent in the first seconds of a node', () => {
		const files = {
			...cluster({ nodes: [waiting] }),
			...justBooted,
		}
		expect(causesOf(judgeFiles(files))).toEqual({})
	})
})
