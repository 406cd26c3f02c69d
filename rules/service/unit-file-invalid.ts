import { fact, pathArgument, proof, restartSteps, rule, strong } from '../../src/rule.js'
import { withoutSystemd } from '../kinds.js'
import { lostStart, usual } from './lost-start.js'

const refusal =
	/(?:has more than one ExecStart=|Refusing|lacks both ExecStart|Unknown (?:key|lvalue|section)|Invalid (?:section|unit)|Failed to parse|bad unit file setting|is not absolute|Missing '=')/

export default rule({
	cause: 'unit-file-invalid',
	title: 'systemd refuses the k3s unit file',
	severity: 'critical',
	notFor: withoutSystemd,
	explain:
		'The unit file of k3s or one of its drop-ins holds a setting that systemd does not accept, so systemd does not run k3s at all and k3s logs nothing. A common slip: a drop-in adds an `ExecStart=` without clearing the old one by an empty `ExecStart=` first.',
	docs: [
		'https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html',
		'https://docs.k3s.io/installation/configuration',
	],
	signs: [
		fact(['units'], ({ units }) => {
			const { own } = units
			if (!own || (own.loadState !== 'bad-setting' && own.loadState !== 'error')) return undefined
			const dropIns = own.dropIns.length > 0 ? `; its drop-ins: ${own.dropIns.join(', ')}` : ''
			const several =
				own.exec.length > 1 && own.type !== 'oneshot' ? `; it has ${own.exec.length} ExecStart lines` : ''
			return proof('units', `systemd says of ${own.id}: ${own.loadState}${several}${dropIns}`, {
				quote: own.quote,
			})
		}),
		fact(['units', 'journal'], ({ units, journal }) => {
			const { own } = units
			if (!own || (own.loadState !== 'bad-setting' && own.loadState !== 'error')) return undefined
			return (journal.newest?.messages ?? [])
				.filter(({ component, text }) => component === 'systemd' && refusal.test(text))
				.map(message => strong('journal', 'systemd refused it', message))
		}),
		fact(['units', 'service', 'files'], ({ units, service, files }) => {
			const start = lostStart(units, service, files)
			return (
				start !== undefined &&
				!usual.includes(start.path) &&
				proof('files', `the unit starts ${start.path}, which does not exist`, { quote: start.quote })
			)
		}),
	],
	leadsTo: ['service-stopped', 'api-unreachable', 'node-not-ready'],
	remedies: ({ node, units }) => {
		const own = units?.own
		const dropIns = (own?.dropIns ?? []).flatMap(path => pathArgument(path) ?? [])
		const guilty = units?.cat.find(
			({ path, text }) =>
				dropIns.includes(path) && /^ExecStart=\S/m.test(text) && !/^ExecStart=\s*$/m.test(text),
		)
		const line = guilty?.text.split('\n').find(text => /^ExecStart=\S/.test(text))
		const several = (own?.exec.length ?? 0) > 1
		return [
			several && guilty && line !== undefined
				? {
						title: `Clear the old ExecStart in ${guilty.path} first`,
						why: 'An empty ExecStart= takes the one of the unit file away; then the new one is the only one.',
						risk: 'restart' as const,
						interrupts: 'nothing that runs',
						steps: [
							{ editLines: guilty.path, changes: [{ line, becomes: ['ExecStart=', line] }] },
							{ run: ['systemctl', 'daemon-reload'] as const },
							...restartSteps(node),
						],
						recheck: ['units' as const, 'journal' as const],
					}
				: undefined,
			{
				title: 'Let systemd say which line it refuses, and mend that',
				why: 'systemd-analyze names the file and the line.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						run: [
							'systemd-analyze',
							'verify',
							'--man=no',
							own?.fragmentPath && pathArgument(own.fragmentPath)
								? own.fragmentPath
								: `/etc/systemd/system/${node.unit}`,
						],
						exits: [0, 1],
					},
					{ run: ['systemctl', 'cat', '--no-pager', node.unit] },
					{
						tell: 'Correct the file, then:',
						commands: ['systemctl daemon-reload', `systemctl restart ${node.unit}`],
					},
				],
				recheck: ['units'],
			},
		]
	},
})
