import { check, fail, pass } from '../../src/check.js'

export default check({
	id: 'registries',
	list: 'preflight',
	title: 'registries.yaml is as k3s reads it',
	explain:
		'k3s makes the configuration of containerd of it when it starts. A file that does not parse, or has a key at the wrong place, keeps k3s from starting or is passed over.',
	docs: ['https://docs.k3s.io/installation/private-registry'],
	needs: ['node'],
	look: (_have, { more: { registries } }) => {
		if (!registries) return { because: 'there is none' }
		const { problem, mirrors, file } = registries
		if (problem)
			return fail(`${problem.message}`, {
				source: 'registries',
				quote: {
					file: `files${problem.file}`,
					...(problem.line !== undefined && { line: problem.line }),
					text: problem.text ?? '',
				},
				do: [
					{
						tell: 'It has the two keys mirrors and configs; see the documentation for what stands below them.',
					},
				],
			})
		return pass(`${file}: ${mirrors.map(({ host }) => host).join(', ') || 'no mirrors'}`, {
			source: 'registries',
		})
	},
})
