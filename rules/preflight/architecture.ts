import { check, fail, pass, warn } from '../../src/check.js'

/** What `uname -m` says -> what k3s's releases call it. */
const published: ReadonlyMap<string, string> = new Map([
	['x86_64', 'k3s'],
	['amd64', 'k3s'],
	['aarch64', 'k3s-arm64'],
	['arm64', 'k3s-arm64'],
	['armv7l', 'k3s-armhf'],
	['s390x', 'k3s-s390x'],
])

export default check({
	id: 'architecture',
	list: 'preflight',
	title: 'There is a k3s for this processor',
	matters: true,
	explain:
		'k3s is published for x86_64, arm64/aarch64, armhf and s390x. On any other processor it does not start.',
	docs: ['https://docs.k3s.io/installation/requirements#architecture'],
	needs: ['kernel'],
	look: ({ kernel }) => {
		const quote = { file: 'commands/uname.txt', line: 1, text: kernel.arch }
		const file = published.get(kernel.arch)
		if (file !== undefined) return pass(`${kernel.arch} (file ${file})`, { source: 'kernel', quote })
		if (kernel.arch === '') return undefined
		if (/^armv8/.test(kernel.arch))
			return warn(`${kernel.arch}: a 64-bit processor that runs a 32-bit system; k3s-armhf is for it`, {
				source: 'kernel',
				quote,
			})
		return fail(`k3s is not published for ${kernel.arch}`, {
			source: 'kernel',
			quote,
			do: [{ tell: 'Use a host with an x86_64, arm64, armhf or s390x processor.' }],
		})
	},
})
