/** The logs there are: of this host, and those that the bundle holds. Opened from a log, it also cuts that by time. */
import type { LogRef } from '../../model/log-ref.js'
import { bytes, counted } from '../format.js'
import { cell, ends, line, number, paragraph, span } from '../line.js'
import type { ListView } from '../list.js'
import { logPlaceBelow } from '../log/pick.js'
import type { LogSource } from '../log/wishes.js'
import { remembering } from '../memo.js'
import type { ListPlace, State } from '../state.js'
import type { Subject } from '../subject.js'
import { type Row, rowsView } from './rows.js'

type LogsPlace = Extract<ListPlace, { kind: 'logs' }>

export function logsView(state: State, list: LogsPlace, width: number): ListView {
	const { subject, logSources = [], mode } = state
	const below = logPlaceBelow(state)
	const since = below && !list.merge ? sinceRows : []
	const own = logSources.map(sourceRow)
	const taken = subject
		? bundleRows(subject, mode === 'live' ? 'As collected for the examination: ' : '')
		: []
	const words =
		subject || mode === 'live'
			? 'There is no log. Was the journal readable? 7 shows what had no answer.'
			: 'No logs have been read yet.'
	const empty = paragraph(words, width, { first: [span('  ')] })
	const head =
		list.merge && below ? [line(span(` Which log is to be read together with ${below.title}?`, 'faint'))] : []
	return rowsView([...since, ...own, ...taken], list, width, { empty, head })
}

const groups: readonly { title: string; holds: (file: string) => boolean }[] = [
	{ title: 'Journal', holds: file => file.startsWith('journal/') },
	{ title: 'containerd', holds: file => /\/containerd\.log/.test(file) },
	{ title: 'Pods', holds: file => file.startsWith('files/var/log/pods/') || file.includes('/pod-logs/') },
	{ title: 'Other', holds: file => /\.log(\.\d+)?$/.test(file) },
]

export function logFiles({ bundle }: Subject): string[] {
	return [...bundle.files.keys()].filter(isLogFile)
}

export function isLogFile(file: string): boolean {
	return groups.some(({ holds }) => holds(file))
}

const bundleRows = remembering((subject: Subject, before: string): readonly Row[] => {
	const files = logFiles(subject)
	return groups.flatMap(({ title, holds }, index) =>
		files
			.filter(file => holds(file) && !groups.slice(0, index).some(group => group.holds(file)))
			.map(file => bundleRow(subject, file, before + (before === '' ? title : title.toLowerCase()))),
	)
})

function bundleRow({ bundle, evidence }: Subject, file: string, group: string): Row {
	const text = bundle.files.get(file) ?? ''
	const log = evidence.podLogs?.find(candidate => candidate.file === file)
	const name = log ? `${log.namespace}/${log.pod}: ${log.container} #${log.instance}` : file
	const ref: LogRef = log
		? {
				kind: 'container',
				namespace: log.namespace,
				pod: log.pod,
				uid: log.uid,
				container: log.container,
				instance: log.instance,
			}
		: { kind: 'bundle', file }
	let lines = 0
	for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1
	return {
		id: file,
		group,
		search: `${name} ${file}`,
		target: { kind: 'log', ref: group.startsWith('As ') ? { kind: 'bundle', file } : ref },
		lines: width => [
			ends(
				[cell(name, Math.max(20, width - 24))],
				[number(counted(lines, 'line'), 13), number(bytes(text.length), 9, 'faint')],
				width,
			),
		],
	}
}

function sourceRow({ group, name, ref, says = '', filter }: LogSource): Row {
	return {
		id: `${group} ${name}`,
		group,
		search: `${name} ${group} ${says}`,
		target: { kind: 'log', ref, ...(filter && { filter }) },
		lines: width => [ends([cell(name, Math.max(20, width - 24))], [span(says, 'faint')], width)],
	}
}

const minute = 60_000
const spans = [
	['all of it', 'all'],
	['since k3s was started last', 'start'],
	['the last minute', minute],
	['the last 5 minutes', 5 * minute],
	['the last 15 minutes', 15 * minute],
	['the last hour', 60 * minute],
	['the last 6 hours', 360 * minute],
	['the last day', 1440 * minute],
] as const

const sinceRows: readonly Row[] = spans.map(([words, since]) => ({
	id: `since ${since}`,
	group: 'Of this log',
	search: words,
	target: { kind: 'since', since },
	lines: () => [line(span(words))],
}))
