import { fact, proof, rule, strong, unitName } from '../../src/rule.js'

export default rule({
	cause: 'service-stopped',
	title: 'k3s is stopped',
	severity: 'critical',
	explain:
		'The k3s service is installed but not running, and it did not fail: somebody stopped it, or it was never started. Pods that were running go on, but nothing watches over them any more.',
	docs: ['https://docs.k3s.io/upgrades/killall'],
	signs: [
		fact(['units', 'service'], ({ units, service }) => {
			if (service.state !== 'stopped' || !units.own || units.own.loadState !== 'loaded') return undefined
			const { own } = units
			return proof(
				'units',
				`${own.id} is ${own.activeState} (${own.subState}), its last result was ${own.result}`,
				{
					quote: own.quote,
					at: own.inactiveAt,
				},
			)
		}),
		fact(['units', 'service', 'files'], ({ units, service, files, node }) => {
			// Without a list of processes nothing says whether somebody runs it by hand.
			const idle = service.state === 'stopped' || service.state === 'unknown'
			if (!idle || node.init !== 'systemd' || units.own?.loadState !== 'not-found') return undefined
			const binary = ['/usr/local/bin/k3s', '/opt/bin/k3s', '/usr/bin/k3s'].find(path =>
				files.listed.has(path),
			)
			return (
				binary &&
				strong('files', `${binary} is there, but systemd knows no ${node.unit} that would start it`, {
					quote: units.own.quote,
				})
			)
		}),
		fact(['journal', 'service'], ({ journal, service }) => {
			const end = journal.newest?.end
			if (service.state !== 'stopped' || end?.how !== 'stopped') return undefined
			const line = journal.newest?.messages.find(({ text }) => /^(Stopping|Stopped) /.test(text))
			return line && strong('journal', 'systemd stopped it on request', line)
		}),
	],
	leadsTo: ['api-unreachable', 'node-not-ready'],
	remedies: evidence => [
		{
			title: 'Start k3s',
			why: 'Nothing failed; it only has to run.',
			risk: 'restart',
			interrupts: 'nothing that runs',
			steps: [
				{ run: ['systemctl', 'start', evidence.node.unit] },
				{ waitFor: { unitActive: evidence.node.unit }, limitSeconds: 180 },
			],
			undo: [{ run: ['systemctl', 'stop', evidence.node.unit] }],
			recheck: ['units', 'journal', 'api'],
		},
		{
			title: 'Find out who stopped it, before you start it',
			why: 'A colleague may be working on this node.',
			risk: 'safe',
			interrupts: 'nothing',
			steps: [
				{ run: ['journalctl', '-u', unitName(evidence), '-n', '20', '--no-pager'] },
				{ run: ['last', '-n', '10'] },
			],
			recheck: [],
		},
	],
})
