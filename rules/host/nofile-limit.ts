import {
	type Evidence,
	fact,
	interruptsOfRestart,
	log,
	proof,
	type Remedy,
	restartSteps,
	rule,
	strong,
	unitArgument,
} from '../../src/rule.js'
import { isOfInotify, tooMany } from './open-files.js'
import { said } from './said.js'
import { goesOn, isRunning } from './state.js'
import { liftLimit, unitLimit } from './unit-limits.js'

/** Below this k3s runs into its limit sooner or later; it ships with 1048576. */
const small = 4096

function isLow({ units }: Evidence): boolean {
	const limit = units?.own?.limitNofile
	return limit !== undefined && limit > 0 && limit < small
}

/** The whole system's table, from `fs.file-nr`: open, free, most. */
function systemTable({ kernel }: Evidence): { open: number; most: number } | undefined {
	const [open, , most] = (kernel?.sysctl.get('fs.file-nr') ?? '').split(/\s+/).map(Number)
	return open !== undefined && most !== undefined && open > 0 && most > 0 ? { open, most } : undefined
}

/** What it was about: the words before the error. */
function subject(text: string): string {
	const before = /(?<before>[^:"]{3,160}): too many open files/i.exec(text)?.groups?.before?.trim()
	return before ? ` (${before})` : ''
}

export default rule({
	cause: 'nofile-limit',
	title: 'k3s may not open as many files as it needs',
	severity: 'critical',
	severityHere: evidence => (isRunning(evidence) ? 'warning' : undefined),
	explain:
		'Each file and each connection that a process has open counts against a limit. k3s needs thousands; its unit allows 1048576. A hand-made unit, a drop-in or a container runtime has lowered the limit, or something leaks files until even a large one is reached.',
	docs: [
		'https://docs.k3s.io/installation/requirements',
		'https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Process%20Properties',
	],
	signs: [
		fact(['units', 'journal'], ({ units, journal }, evidence) => {
			const limit = units.own?.limitNofile
			if (!isLow(evidence) || limit === undefined) return undefined
			const line = unitLimit(evidence, 'LimitNOFILE')
			const cite = {
				quote: line?.quote ?? { file: 'commands/systemctl-show.txt', text: `LimitNOFILE=${limit}` },
			}
			const says = `the unit allows k3s only ${limit} open files (1048576 is usual)`
			const met = journal.messages.some(
				({ lastText, lastAt }) => tooMany.test(lastText) && goesOn(evidence, lastAt),
			)
			return met ? proof('units', says, cite) : limit < 512 && strong('units', says, cite)
		}),
		said(
			tooMany,
			(_match, { lastText }) => `k3s could not open another file or connection${subject(lastText)}`,
			{
				if: (evidence, { lastText }) =>
					!/Probe failed|output=/.test(lastText) && (isLow(evidence) || !isOfInotify(lastText)),
			},
		),
		log(tooMany, 'containerd could not open another file or connection', {
			in: 'containerd',
			if: (evidence, { lastText, lastAt }) =>
				goesOn(evidence, lastAt) && (isLow(evidence) || !isOfInotify(lastText)),
		}),
		fact(['kernel'], (_have, evidence) => {
			const table = systemTable(evidence)
			if (!table || table.open < table.most * 0.95) return undefined
			return strong('kernel', `the whole system has ${table.open} files open, and may have ${table.most}`, {
				quote: { file: 'commands/sysctl.txt', text: `fs.file-nr = ${table.open} 0 ${table.most}` },
			})
		}),
	],
	leadsTo: [
		'inotify-limit',
		'sqlite-slow',
		'containerd-failed',
		'konnectivity-tunnel-down',
		'api-unreachable',
		'node-not-ready',
	],
	remedies: evidence => {
		const { node } = evidence
		const limit = unitLimit(evidence, 'LimitNOFILE')
		const raise: Remedy = limit
			? liftLimit(evidence, limit, '1048576')
			: {
					title: "Raise the limit of k3s's unit",
					why: "k3s's own unit allows 1048576.",
					risk: 'restart',
					interrupts: interruptsOfRestart(node),
					steps: [
						{
							write: `/etc/systemd/system/${unitArgument(node.unit) ?? 'k3s.service'}.d/nofile.conf`,
							content: '[Service]\nLimitNOFILE=1048576\n',
							mode: 0o644,
						},
						{ run: ['systemctl', 'daemon-reload'] },
						...restartSteps(node),
					],
					recheck: ['units', 'journal'],
				}
		const leak: Remedy = {
			title: 'Find who has so many files open',
			why: 'With a usual limit reached, something leaks: a larger limit only puts it off.',
			risk: 'safe',
			interrupts: 'nothing',
			steps: [
				{
					tell: 'Count per process, and update or restart the one that grows:',
					commands: [
						'for p in /proc/[0-9]*; do echo "$(ls $p/fd 2>/dev/null | wc -l) $(tr "\\0" " " < $p/cmdline | cut -c1-80)"; done | sort -rn | head',
						'sysctl fs.file-nr',
					],
				},
			],
			recheck: ['kernel', 'journal'],
		}
		return isLow(evidence) || !evidence.units ? [raise, leak] : [leak, raise]
	},
})
