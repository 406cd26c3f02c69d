import { fact, proof, rule } from '../../src/rule.js'

export default rule({
	cause: 'service-disabled',
	title: 'k3s is not started at boot',
	severity: 'critical',
	explain:
		'The k3s unit is installed but disabled or masked, so the machine came up without it. Somebody ran `systemctl disable` or `mask`, or the installer was told to skip enabling it.',
	docs: ['https://docs.k3s.io/installation/configuration'],
	signs: [
		fact(['units', 'service'], ({ units, service }, { journal, clock, kernel }) => {
			const { own } = units
			if (service.state !== 'stopped' || !own) return undefined
			const masked = own.loadState === 'masked' || own.unitFileState.startsWith('masked')
			if (!masked && own.unitFileState !== 'disabled') return undefined
			const up = kernel?.uptimeSeconds
			const bootedAt = clock && up !== undefined ? clock.now - up * 1000 : undefined
			const ranThisBoot =
				bootedAt !== undefined && (journal?.lastAt ?? 0) > bootedAt + 1000 && own.inactiveAt !== undefined
			const since = ranThisBoot
				? 'and was stopped since the last boot'
				: 'and has not run since the last boot'
			return proof('units', `${own.id} is ${masked ? 'masked' : 'disabled'} ${since}`, { quote: own.quote })
		}),
	],
	leadsTo: ['service-stopped', 'api-unreachable', 'node-not-ready'],
	remedies: ({ node, units }) => {
		const masked = units?.own?.loadState === 'masked' || units?.own?.unitFileState.startsWith('masked')
		return [
			{
				title: 'Enable and start k3s',
				why: 'It then runs now and after every boot.',
				risk: 'restart',
				interrupts: 'nothing that runs',
				steps: [
					...(masked ? [{ run: ['systemctl', 'unmask', node.unit] as const }] : []),
					{ run: ['systemctl', 'enable', node.unit] },
					{ run: ['systemctl', '--no-block', 'start', node.unit] },
					{ waitFor: { unitActive: node.unit }, limitSeconds: 180 },
				],
				recheck: ['units', 'journal', 'api'],
			},
		]
	},
})
