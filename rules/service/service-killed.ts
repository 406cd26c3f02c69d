import { fact, restartSteps, rule, strong } from '../../src/rule.js'

const signals: Record<string, string> = {
	'9': 'SIGKILL',
	'15': 'SIGTERM',
	'6': 'SIGABRT',
	'3': 'SIGQUIT',
	'2': 'SIGINT',
	'1': 'SIGHUP',
}

export default rule({
	cause: 'service-killed',
	title: 'k3s was killed from outside',
	severity: 'critical',
	explain:
		'The k3s process ended by a signal that it did not send itself: an operator or a script killed it, the kernel took it because memory ran out, or a watchdog lost patience. The last lines before it name no fault of its own.',
	docs: ['https://docs.k3s.io/installation/requirements'],
	signs: [
		fact(['journal', 'service'], ({ journal, service }) => {
			const dead = journal.current.find(({ end }) => end?.how === 'killed')
			if (!dead?.end || (service.state === 'running' && service.restarts === 0)) return undefined
			// A signal before the first word is a binary that cannot run; 4, 7 and 11 are faults of the program.
			if (!dead.version || /^(4|7|8|11)\//.test(dead.end.status ?? '')) return undefined
			const [number = ''] = (dead.end.status ?? '').split('/')
			const line = dead.messages.find(
				({ text }) => text.includes('Main process exited') || text.includes("result 'oom-kill'"),
			)
			const by =
				dead.end.result === 'watchdog'
					? 'by systemd, because its watchdog was not answered'
					: `by ${signals[number] ?? `signal ${number || 'unknown'}`}`
			return strong('journal', `k3s was killed ${by}`, line ?? { at: dead.end.at })
		}),
		fact(['units', 'service'], ({ units, service }) => {
			const { own } = units
			if (!own || service.state === 'running' || (own.result !== 'signal' && own.result !== 'watchdog'))
				return undefined
			if ([4, 7, 8, 11].includes(own.exitStatus)) return undefined
			return strong(
				'units',
				`systemd's result of ${own.id} is ${own.result} (${signals[String(own.exitStatus)] ?? own.exitStatus})`,
				{ quote: own.quote, at: own.exitedAt },
			)
		}),
	],
	leadsTo: ['api-unreachable', 'node-not-ready'],
	remedies: ({ node }) => [
		{
			title: 'Find out who killed it, then start it',
			why: 'The kernel writes down when it killed for memory; a person stands in the sudo log.',
			risk: 'restart',
			interrupts: 'nothing that runs',
			steps: [
				{
					run: ['journalctl', '-k', '--no-pager', '-n', '50', '-g', 'Killed process|Out of memory'],
					exits: [0, 1],
				},
				...restartSteps(node),
			],
			recheck: ['units', 'journal', 'memory'],
		},
	],
})
