import { check, fail, pass, serviceStep, warn } from '../../src/check.js'
import { byArea } from './areas.js'

export default check({
	id: 'service',
	list: 'verify',
	title: 'The service runs, and comes back after a reboot',
	matters: true,
	explain: 'k3s is a service of systemd or OpenRC: it must be up, stay up, and be enabled.',
	docs: ['https://docs.k3s.io/quick-start'],
	needs: ['service'],
	look: ({ service, node }, { more, diagnoses }) => {
		const own = more.units?.own
		const seen = { source: 'units' as const, ...(own && { quote: own.quote }) }
		const found = byArea(diagnoses, 'service')
		if (service.state === 'starting')
			return [...found, warn(`k3s has been starting for ${Math.round(service.ageSeconds ?? 0)} s`, seen)]
		if (service.state === 'unknown') return undefined
		if (service.state !== 'running')
			return found.length > 0
				? found
				: fail(words[service.state], { ...seen, do: [serviceStep(node, 'start')] })
		const restarts = own?.restarts ?? 0
		const enabled = own?.unitFileState
		return [
			...found,
			pass(
				`${node.unit} is running${enabled ? `, ${enabled}` : ''}${restarts > 0 ? `, restarted ${restarts} times since it was set up` : ''}`,
				seen,
			),
		]
	},
})

const words = {
	'not-installed': 'k3s is not installed here',
	stopped: 'k3s is stopped',
	'crash-looping': 'k3s starts, fails and is started again',
	hanging: 'k3s started but does not get ready',
	failed: 'k3s has failed and is not being restarted',
} as const
