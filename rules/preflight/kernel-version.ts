import { check, fail, pass, warn } from '../../src/check.js'

/** Of the kubelet: https://kubernetes.io/docs/reference/node/kernel-version-requirements/ */
const least: readonly [number, number] = [3, 10]
const wanted: readonly [number, number] = [4, 19]
/** From here on cgroup v2 is whole. */
const unified: readonly [number, number] = [5, 8]

export default check({
	id: 'kernel-version',
	list: 'preflight',
	title: 'The kernel is new enough',
	matters: true,
	explain:
		'Kubernetes is tested on kernels with long-term support, 4.19 and newer; older ones lack features that kube-proxy, containers and cgroup v2 rely on.',
	docs: ['https://kubernetes.io/docs/reference/node/kernel-version-requirements/'],
	needs: ['kernel'],
	look: ({ kernel }) => {
		const found = /^(\d{1,3})\.(\d{1,4})/.exec(kernel.release)
		if (!found) return undefined
		const version = [Number(found[1]), Number(found[2])] as const
		const seen = {
			source: 'kernel' as const,
			quote: { file: 'commands/uname.txt', line: 1, text: kernel.release },
			do: [
				{
					tell: 'Update the kernel by the packages of the distribution, or take a newer release of it, and reboot.',
				},
			],
		}
		if (before(version, least)) return fail(`${kernel.release} is older than ${least.join('.')}`, seen)
		if (before(version, wanted))
			return warn(
				`${kernel.release} is older than ${wanted.join('.')}, with which Kubernetes is tested`,
				seen,
			)
		if (kernel.cgroup.version === 2 && before(version, unified))
			return warn(`${kernel.release} with cgroup v2, which is whole from ${unified.join('.')} on`, seen)
		return pass(kernel.release, seen)
	},
})

function before(version: readonly [number, number], other: readonly [number, number]): boolean {
	return version[0] !== other[0] ? version[0] < other[0] : version[1] < other[1]
}
