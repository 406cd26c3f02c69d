import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles } from '../../judge.js'
import { ago, cluster, pod } from '../cluster-text.js'

describe('image-wrong-arch', () => {
	const looping = pod({
		containers: [{ restarts: 2, state: died255(5), last: died255(18) }],
	})
	function died255(secondsAgo: number) {
		return {
			terminated: { exitCode: 255, reason: 'Error', startedAt: ago(secondsAgo), finishedAt: ago(secondsAgo) },
		}
	}
	const log = (text: string) => ({
		'files/var/log/pods/shop_api-1_uid-api-1/main/2.log': `${ago(6)} stderr F ${text}\n`,
	})

	it('fires on the words of newer and older runtimes', () => {
		for (const text of [
			'exec /server: exec format error',
			'standard_init_linux.go:228: exec user process caused: exec format error',
		])
			expect(causesOf(judgeFiles(cluster({ pods: [looping] }, log(text))))).toEqual({
				'image-wrong-arch': 'certain',
			})
	})

	it('fires when the runtime itself says so', () => {
		const message =
			'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec /app: exec format error: unknown'
		const started = pod({
			containers: [{ restarts: 1, state: { waiting: { reason: 'RunContainerError', message } } }],
		})
		expect(causesOf(judgeFiles(cluster({ pods: [started] })))).toMatchObject({
			'image-wrong-arch': 'certain',
		})
	})

	it('is silent when the program ends with other words, or when the pod is well again', () => {
		expect(
			causesOf(judgeFiles(cluster({ pods: [looping] }, log('bind: address already in use')))),
		).not.toHaveProperty('image-wrong-arch')
		expect(causesOf(judgeFiles(cluster({ pods: [pod()] }, log('exec /server: exec format error'))))).toEqual(
			{},
		)
	})
})
