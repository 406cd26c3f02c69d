/** Pods that wait for an image, in the words of containerd and the kubelet. */
import type { Examination } from '../../../src/examine.js'
import { judgeFiles } from '../../judge.js'
import { cluster, pod } from '../cluster-text.js'

export const pull = (image: string, why: string) =>
	`failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${why}`

/** The request that failed; what went wrong follows. */
export const head = (host: string, path = 'shop/api', scheme = 'https') =>
	`failed to do request: Head "${scheme}://${host}/v2/${path}/manifests/1": `

export function waiting(image: string, message: string, reason = 'ImagePullBackOff') {
	return pod({ containers: [{ image, state: { waiting: { reason, message } } }] })
}

/** Judges a node on which one pod waits so. */
export function judged(
	image: string,
	message: string,
	reason?: string,
	more: Record<string, string> = {},
): Examination {
	return judgeFiles(cluster({ pods: [waiting(image, message, reason)] }, more))
}
