import { fact, interruptsOfRestart, proof, restartSteps, rule, strong } from '../../src/rule.js'

export default rule({
	cause: 'upgrade-incomplete',
	title: 'k3s was upgraded but still runs the old version',
	severity: 'warning',
	effect: 'at-risk',
	explain:
		'The binary on disk is of another version than the process that runs: it was replaced and k3s not restarted, or an upgrade plan stopped half way. The new version begins, with all its changes, at the next restart or reboot, perhaps at a bad moment.',
	docs: ['https://docs.k3s.io/upgrades/manual', 'https://docs.k3s.io/upgrades/automated'],
	signs: [
		fact(['k3s', 'service', 'journal'], ({ k3s, service, journal }) => {
			const running = journal.newest?.version ?? k3s.runningVersion
			if (service.state !== 'running' || !k3s.version || !running || k3s.version === running) return undefined
			const line = journal.newest?.milestones.find(({ name }) => name === 'starting')
			return proof(
				'k3s',
				`${running} runs, ${k3s.version} lies on disk`,
				line ? { quote: line.quote, at: line.at } : {},
			)
		}),
		fact(['cluster'], ({ cluster }) =>
			(cluster.workloads ?? [])
				.filter(
					({ kind, namespace, name, failed, succeeded }) =>
						kind === 'Job' &&
						namespace === 'system-upgrade' &&
						/^apply-/.test(name) &&
						(failed ?? 0) > 0 &&
						(succeeded ?? 0) === 0,
				)
				.map(({ name, failed }) => strong('cluster', `upgrade job ${name} has failed ${failed} times`)),
		),
	],
	leadsTo: ['version-skew'],
	remedies: ({ node }) => [
		{
			title: 'Restart k3s, so that the new version runs',
			why: 'Servers first, one by one, then agents.',
			risk: 'restart',
			interrupts: interruptsOfRestart(node),
			steps: restartSteps(node, 300),
			recheck: ['k3s', 'units', 'journal'],
		},
	],
})
