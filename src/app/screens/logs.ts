/** The logs that the bundle holds; each opens in the text viewer. */
import { bytes, counted } from '../format.js'
import { cell, ends, line, number, paragraph, span } from '../line.js'
import type { ListView } from '../list.js'
import { remembering } from '../memo.js'
import type { ListState, State } from '../state.js'
import type { Subject } from '../subject.js'
import { type Row, rowsView } from './rows.js'

export function logsView(state: State, list: ListState, width: number): ListView {
	const { subject } = state
	if (!subject) return rowsView([], list, width, { empty: [line(span('  No logs have been read yet.'))] })
	const empty = paragraph('There is no log. Was the journal readable? 7 shows what had no answer.', width, {
		first: [span('  ')],
	})
	return rowsView(logRows(subject, ''), list, width, { empty })
}

const groups: readonly { title: string; holds: (file: string) => boolean }[] = [
	{ title: 'Journal', holds: file => file.startsWith('journal/') },
	{ title: 'containerd', holds: file => /\/containerd\.log/.test(file) },
	{ title: 'Pods', holds: file => file.startsWith('files/var/log/pods/') || file.includes('/pod-logs/') },
	{ title: 'Other', holds: file => /\.log(\.\d+)?$/.test(file) },
]

export function logFiles({ bundle }: Subject): string[] {
	return [...bundle.files.keys()].filter(file => groups.some(({ holds }) => holds(file)))
}

const logRows = remembering((subject: Subject, _: string): readonly Row[] => {
	const files = logFiles(subject)
	return groups.flatMap(({ title, holds }, index) =>
		files
			.filter(file => holds(file) && !groups.slice(0, index).some(group => group.holds(file)))
			.map(file => logRow(subject, file, title)),
	)
})

function logRow({ bundle, evidence }: Subject, file: string, group: string): Row {
	const text = bundle.files.get(file) ?? ''
	const log = evidence.podLogs?.find(candidate => candidate.file === file)
	const name = log ? `${log.namespace}/${log.pod}: ${log.container} #${log.instance}` : file
	let lines = 0
	for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1
	return {
		id: file,
		group,
		search: `${name} ${file}`,
		target: { kind: 'file', file, line: Math.max(1, lines) },
		lines: width => [
			ends(
				[cell(name, Math.max(20, width - 24))],
				[number(counted(lines, 'line'), 13), number(bytes(text.length), 9, 'faint')],
				width,
			),
		],
	}
}
