/** From which log is meant to a reader of it. */
import { existsSync } from 'node:fs'
import { bundleFileOf, logName } from '../../app/log/names.js'
import type { State } from '../../app/state.js'
import { journalReader } from '../../host/logs/journal.js'
import type { LogReader } from '../../host/logs/reader.js'
import { textReader } from '../../host/logs/text.js'
import type { RawLine } from '../../model/log-line.js'
import type { LogRef } from '../../model/log-ref.js'
import type { YearHint } from '../../sources/journal/prefix.js'
import { timeOfLine } from '../../sources/log/entry.js'
import { mergedReader } from './merged.js'
import { containerFiles, laterInstances, withRotated } from './places.js'
import { filesReader } from './rotating.js'

export interface Opened {
	reader: LogReader
	title: string
	/** It may still grow. */
	live: boolean
}

export interface LogHost {
	/** Instead of this host's journal. */
	journal?: readonly string[]
	/** Instead of /var/log/pods. */
	podLogs?: string
}

/** Throws what a person can read when the log cannot be opened. */
export function openRef(
	ref: LogRef,
	state: State,
	hint: YearHint,
	host: LogHost = {},
): Opened | Promise<Opened> {
	if (ref.kind === 'merged') {
		return Promise.all(ref.of.map(one => openRef(one, state, hint, host))).then(parts => ({
			reader: mergedReader(
				parts.map(({ reader }) => reader),
				(line: RawLine) => timeOfLine(line, hint),
			),
			title: parts.map(({ title }) => title).join(' + '),
			live: parts.some(({ live }) => live),
		}))
	}
	if (state.mode !== 'live' || ref.kind === 'bundle') return openTaken(ref, state)
	return openLive(ref, hint, host).then(reader =>
		reader ? { reader, title: logName(ref), live: reader.follow !== undefined } : openTaken(ref, state),
	)
}

/** The log as the bundle has it. */
function openTaken(ref: LogRef, state: State): Opened {
	const file = bundleFileOf(state, ref)
	const text = file === undefined ? undefined : state.subject?.bundle.files.get(file)
	if (text !== undefined) return { reader: textReader(text), title: logName(ref), live: false }
	throw new Error(
		state.subject
			? `There is no log of ${logName(ref)} ${state.mode === 'live' ? 'on this host' : 'in this bundle'}.`
			: 'The examination is not that far yet.',
	)
}

/** `undefined` when this host has no such log. */
async function openLive(
	ref: Exclude<LogRef, { kind: 'merged' | 'bundle' }>,
	hint: YearHint,
	{ journal, podLogs }: LogHost,
): Promise<LogReader | undefined> {
	const from = journal === undefined ? {} : { from: journal }
	switch (ref.kind) {
		case 'unit': {
			// Without systemd, OpenRC writes what a service says to a file of its name.
			const file = `/var/log/${ref.unit.replace(/\.service$/, '')}.log`
			if (journal === undefined && !existsSync('/run/systemd/system') && existsSync(file))
				return filesReader(withRotated(file))
			return journalReader({ match: ['-u', ref.unit], ...from })
		}
		case 'kernel':
			return journalReader({ match: ['_TRANSPORT=kernel'], ...from })
		case 'file':
			return filesReader(ref.path.endsWith('.gz') ? [ref.path] : withRotated(ref.path))
		case 'container': {
			// Who reads the newest instance goes on in the one that comes after it.
			const goesOn = ref.instance === undefined || ref.instance === 'all'
			const lists = containerFiles(ref, podLogs)
			const readers = lists.map(paths => filesReader(paths, goesOn ? laterInstances : undefined))
			const [only] = readers
			return readers.length > 1 ? mergedReader(readers, line => timeOfLine(line, hint)) : only
		}
	}
}
