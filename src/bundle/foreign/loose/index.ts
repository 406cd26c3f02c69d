/** Files that somebody gathered by hand: each is recognised by what is in it, whatever it is called. */
import { hostArgument } from '../../../model/argument.js'
import { unnamed } from '../../../model/bundle.js'
import { defaultUnit, lastTime, nodeOfFiles, nodeOfLog, unitOf, yearHint } from '../../open/guess.js'
import { exportRecords } from '../../open/journal-export.js'
import { jsonRecord } from '../../open/journal-json.js'
import { formOf } from '../../open/lines.js'
import { type JournalRecord, lineMaker, logOf } from '../../open/records.js'
import { plainLog } from '../../open/terminal-log.js'
import { spokenBy } from '../answers/spoken.js'
import { isoWithOffset, offsetOfLog, readDate } from '../dates.js'
import { type Draft, draft, type Placed, placed, type Source } from '../draft.js'
import type { Foreign, Layout, Translated } from '../layout.js'
import { type Budget, fileObjects, type Gathering, takeData, yamlBudget } from './json.js'
import { takePodWords } from './pod-words.js'
import { describedKind, fileTables, type Tables, tableKind } from './tables.js'
import { takeText } from './texts.js'
import { answersIn } from './transcript.js'

/** Names that promise no text. */
const binary =
	/\.(?:gz|xz|zst|bz2|zip|tar|tgz|png|jpe?g|gif|pdf|so|bin|exe|db|db-wal|db-shm|pcap|html?|css|js|journal|key)$/i

export interface Logs {
	own: Placed[]
	kernel: Placed[]
}

/** An export has many lines for each record: all that can be said is which file it is. */
function ofRecords(records: Iterable<JournalRecord>, { file }: Source): Logs {
	const make = lineMaker()
	const logs: Logs = { own: [], kernel: [] }
	for (const record of records) {
		const of = logOf(record)
		const text = of === 'other' ? undefined : make(record)
		for (const part of text?.split('\n') ?? [])
			logs[of === 'k3s' ? 'own' : 'kernel'].push({ text: part, file, line: 0 })
	}
	return logs
}

/**
 * The lines of k3s and of the kernel in a log of any form; `undefined` when it is no log. `endsAt`, epoch milliseconds:
 * when its last line was written, for logs that do not tell.
 */
export function logsOf({ file, text }: Source, endsAt = Date.now()): Logs | undefined {
	if (/^__[A-Z_]+=/.test(text)) return ofRecords(exportRecords(Buffer.from(text)), { file, text })
	const from = { file, text: plainLog(text, endsAt).text }
	const form = formOf(from.text)
	if (form === 'none' || form === 'empty') return undefined
	const lines = placed(from)
	if (form === 'json') {
		const make = lineMaker()
		const logs: Logs = { own: [], kernel: [] }
		for (const line of lines) {
			const record = jsonRecord(line.text)
			const text = record && make(record)
			const of = record && logOf(record)
			if (text === undefined || of === undefined || of === 'other') continue
			// One line for each: what stands below it stands in the same line of the file.
			for (const part of text.split('\n')) logs[of === 'k3s' ? 'own' : 'kernel'].push({ ...line, text: part })
		}
		return logs
	}
	// Many programs write like k3s; its own log names it.
	if (form === 'bare') return /\bk3s\b/.test(from.text) ? { own: lines, kernel: [] } : undefined
	return { own: spokenBy(lines, 'k3s'), kernel: spokenBy(lines, 'kernel') }
}

const containerdLog = 'files/var/lib/rancher/k3s/agent/containerd/containerd.log'

/** containerd writes nanoseconds, and speaks of what only it does. */
const containerdWords =
	/^time="[^"]{19,40}" level=\w+ msg="(?:starting containerd|loading plugin|PullImage |RunPodSandbox |CreateContainer within |StartContainer for |StopPodSandbox |StopContainer for |ImageCreate event |TearDown network )/m

/** Logs of containerd and of containers, which look like k3s's: told by their names. */
function takeOtherLog(into: Draft, { file, text }: Source): boolean {
	if (/(?:^|\/)containerd\.log$/.test(file) || containerdWords.test(text.slice(0, 64 * 1024))) {
		into.raw(containerdLog, file)
		return true
	}
	const path = /(?:^|\/)([^/_]+_[^/_]+_[^/_]+\/[^/]+\/\d+\.log)$/.exec(file)?.[1]
	if (path) into.raw(`files/var/log/pods/${path}`, file)
	return path !== undefined
}

/** What SELinux refused, of the audit log or ausearch, as the kernel writes it into its own log without auditd. */
function deniedIn(from: Source): Placed[] {
	return placed(from).flatMap(line => {
		const [, seconds, fraction, what] =
			/^type=AVC msg=audit\((\d{9,11})\.(\d{3}):\d{1,10}\) ?: (avc: +denied .+)$/.exec(line.text) ?? []
		if (!what) return []
		const at = new Date(Number(seconds) * 1000 + Number(fraction)).toISOString()
		return [{ ...line, text: `${at} localhost kernel: audit: type=1400 ${what}` }]
	})
}

/** Of a cluster of one node it is clear whose files they are. */
function onlyNode(gathered: Gathering): string | undefined {
	const nodes = gathered.get('nodes')?.items ?? []
	const [first] = nodes
	const { metadata } = (first?.object ?? {}) as { metadata?: { name?: unknown } }
	return nodes.length === 1 && typeof metadata?.name === 'string' ? hostArgument(metadata.name) : undefined
}

/** Takes everything that is recognised; the names of what is not. */
export function takeAll(
	into: Draft,
	sources: readonly Source[],
	modifiedAt: number,
): { unknown: string[] } & Translated {
	const gathered: Gathering = new Map()
	const tables: Tables = { byKind: new Map(), pods: [], others: [], bare: [] }
	const others: Source[] = []
	const left: Budget = { yaml: yamlBudget }
	for (const from of sources) {
		if (takeData(into, gathered, from, left)) continue
		const described = describedKind(from.text)
		const kind = described ? undefined : tableKind(from)
		if (described === 'pods') tables.pods.push(from)
		else if (described === 'nodes') tables.nodes ??= from
		else if (described === 'others') tables.others.push(from)
		else if (described === 'bare') tables.bare.push(from)
		else if (kind) {
			if (!tables.byKind.has(kind)) tables.byKind.set(kind, from)
		} else others.push(from)
	}
	const unknown: string[] = []
	const texts: Source[] = []
	const logs: { from: Source; told: Logs }[] = []
	for (const from of others) {
		if (takeOtherLog(into, from)) continue
		const told = logsOf(from, modifiedAt || undefined)
		// A dmesg or a list of sockets is no log of k3s, whatever program it names.
		if (told && told.own.length + told.kernel.length > 0) logs.push({ from, told })
		else texts.push(from)
	}
	// The longest goes first; what the others say beyond it is mostly the same.
	logs.sort((a, b) => b.told.own.length - a.told.own.length)
	const journal = logs[0]?.told.own ?? []
	const text = journal.map(line => line.text).join('\n')
	const denials = texts.flatMap(from => deniedIn(from))
	// Where only others were heard, they tell the time.
	const spoken =
		text || (into.files.get(containerdLog) ?? denials.map(({ text: denial }) => denial).join('\n'))
	const said = nodeOfLog(text, 'systemd')
	const date = sources.map(from => (from.text.length < 100 ? readDate(from.text) : undefined)).find(Boolean)
	const offset = date?.offset ?? offsetOfLog(text) ?? 0
	const dated = date
		? date.local - offset * 60_000
		: lastTime(spoken, { ...yearHint(modifiedAt || Date.now(), spoken), offset })
	const now = dated ?? (modifiedAt || Date.now())
	// Without the answer of `date` the log tells in which zone its own stamps are.
	const [line] = journal
	if (!date && line && offset !== 0)
		into.lines('commands/date.txt', [{ text: isoWithOffset(now, offset), file: line.file, line: 0 }])
	const strange = texts.filter(from => !takeText(into, from, said.unit, { now, offset }))
	fileObjects(into, gathered)
	fileTables(into, tables, now)
	for (const from of strange)
		if (!takePodWords(into, from, now) && !denials.some(({ file }) => file === from.file))
			unknown.push(from.file)
	// The name of an own journal would say whether it is a server's; this one's name is but a guess unless the log tells.
	const told: [string, string][] =
		unitOf(text) === undefined ? [] : [[`journal/${said.unit.replace(/\.service$/, '')}.log`, text]]
	const guessed = nodeOfFiles(new Map([...into.files, ...told]))
	const role = said.role === 'unknown' ? guessed.role : said.role
	const unit = text === '' ? (guessed.unit ?? defaultUnit(role)) : said.unit
	if (journal.length > 0) into.lines(`journal/${unit.replace(/\.service$/, '')}.log`, journal)
	const kernel = logs.map(({ told }) => told.kernel).find(lines => lines.length > 0) ?? denials
	if (kernel.length > 0 && !into.files.has('commands/dmesg.txt')) into.lines('journal/kernel.log', kernel)
	const known = guessed.hostname === unnamed ? said.hostname : guessed.hostname
	const hostname = known === unnamed ? (onlyNode(gathered) ?? known) : known
	return {
		unknown,
		draft: into,
		takenAt: now,
		node: { ...said, role, unit, hostname, init: 'systemd' },
	}
}

function translate({ files, modifiedAt, notes }: Foreign): Translated | undefined {
	const answers = new Map([...files].flatMap(([file, text]) => answersIn(file, text)))
	const into = draft(answers)
	const sources = [...answers]
		.map(([file, text]) => ({ file, text }))
		.filter(({ text }) => text.trim() !== '')
	const made = takeAll(into, sources, modifiedAt)
	if (into.files.size === 0) return undefined
	notes.say(
		`Loose files: ${sources.length - made.unknown.length} of ${sources.length} were recognised by their content; what is not among them is unknown.`,
	)
	for (const file of made.unknown) notes.about('Not recognised', file)
	return made
}

export const loose: Layout = {
	name: 'whoever gathered these files',
	marks: [],
	wants: name => name.split('/').length <= 2 && !binary.test(name),
	fits: names => names.size > 0,
	translate,
}
