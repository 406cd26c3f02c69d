import { check, fail, pass } from '../../src/check.js'
import { fromCauses } from '../verify/from-causes.js'

export default check({
	id: 'configuration',
	list: 'preflight',
	title: 'The configuration of k3s is valid',
	explain:
		'k3s reads /etc/rancher/k3s/config.yaml and its drop-ins when it starts, and ends at the first mistake in them.',
	docs: ['https://docs.k3s.io/installation/configuration'],
	needs: ['node'],
	look: (_have, { more: { config }, diagnoses }) => {
		if (!config || config.files.length === 0) return { because: 'there is none yet' }
		const problems = config.problems.map(({ file, line, message, text }) =>
			fail(message, {
				source: 'config',
				quote: { file: `files${file}`, ...(line !== undefined && { line }), text: text ?? '' },
			}),
		)
		if (problems.length > 0) return problems
		const found = fromCauses(diagnoses, cause => areas.has(cause))
		return found.length > 0 ? found : pass(config.files.join(', '), { source: 'config' })
	},
})

const areas: ReadonlySet<string> = new Set([
	'config-invalid-yaml',
	'config-unreadable',
	'config-unknown-flag',
	'config-bad-value',
	'config-conflicting-flags',
	'component-arg-invalid',
	'proxy-misconfigured',
])
