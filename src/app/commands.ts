/** The command line: its commands, what completes them, and how a typed line is read. */
import { kindTable } from './cluster/kinds.js'
import { podRows } from './cluster/pods.js'
import { namespacesOf } from './cluster/scope.js'
import { sightOf } from './cluster/sight.js'
import { everyLog } from './log/named.js'
import { sectionNames } from './screens/node.js'
import { type State, type Tab, tabs, tabTitles } from './state.js'

export interface Command {
	name: string
	/** Other spellings that people have in their fingers. */
	also?: readonly string[]
	takes?: string
	says: string
	/** What may stand after the name; absent: free text or nothing. */
	among?: (state: State) => readonly string[]
}

const tabCommands: Command[] = tabs
	.filter(tab => tab !== 'pods' && tab !== 'logs' && tab !== 'node' && tab !== 'evidence')
	.map(tab => ({ name: tab, says: `the tab ${tabTitles[tab]}` }))

const also: Readonly<Partial<Record<Tab, readonly string[]>>> = { diagnoses: ['home', 'd'] }

function namespaces(state: State): readonly string[] {
	const sight = sightOf(state)
	return ['all', ...(sight ? namespacesOf(sight, podRows(sight, '')) : [])]
}

const bundleFiles = ({ subject }: State) => [...(subject?.bundle.files.keys() ?? [])]

export const commands: readonly Command[] = [
	...tabCommands.map(command => {
		const other = also[command.name as Tab]
		return other ? { ...command, also: other } : command
	}),
	{
		name: 'pods',
		also: ['po', 'pod'],
		takes: '[NAMESPACE]',
		says: 'the tab Pods, of one namespace or of all',
		among: namespaces,
	},
	{
		name: 'logs',
		takes: '[NAME]',
		says: 'the tab Logs, or a log: of a unit, a pod, a file',
		among: state => everyLog(state).map(({ name }) => name),
	},
	{
		name: 'node',
		takes: '[SECTION]',
		says: 'the tab Node, or one of its sections',
		among: () => sectionNames,
	},
	{
		name: 'evidence',
		takes: '[FILE]',
		also: ['open'],
		says: 'the tab Evidence, or one file',
		among: bundleFiles,
	},
	{
		name: 'cause',
		takes: 'CAUSE',
		says: 'open a diagnosis',
		among: ({ subject }) => subject?.report.diagnoses.map(({ cause }) => cause) ?? [],
	},
	{
		name: 'fix',
		also: ['remedy'],
		takes: 'CAUSE [N]',
		says: 'show the plan of a remedy',
		among: ({ subject }) =>
			subject?.report.diagnoses.filter(({ remedies }) => remedies.length > 0).map(({ cause }) => cause) ?? [],
	},
	{
		name: 'save',
		also: ['export', 'w'],
		takes: '[PATH]',
		says: 'save the report; .md, .html … choose the format, .tar.gz the bundle',
	},
	{ name: 'save!', also: ['w!'], takes: '[PATH]', says: 'the same, also over a file that is there' },
	...kindTable
		.filter(({ of }) => of !== 'pods')
		.map(({ of, title, also, namespaced }) => ({
			name: of,
			also,
			says: `the list: ${title}`,
			...(namespaced && { takes: '[NAMESPACE]', among: namespaces }),
		})),
	{ name: 'find', says: 'find a pod, a node, a diagnosis … by a few letters' },
	{
		name: 'namespace',
		also: ['ns'],
		takes: '[NAME|all]',
		says: 'pods of one namespace, or of all',
		among: namespaces,
	},
	{ name: 'examine', also: ['r'], says: 'look again and show what has changed' },
	{ name: 'redraw', says: 'draw the screen again' },
	{ name: 'help', also: ['h', '?'], says: 'keys and commands' },
	{ name: 'quit', also: ['q', 'q!', 'exit', 'wq'], says: 'leave' },
]

export function commandNamed(word: string): Command | undefined {
	return commands.find(({ name, also }) => name === word || also?.includes(word))
}

export interface Typed {
	command: Command | undefined
	word: string
	argument: string
}

/** `:logs journal/k3s.log` -> the command and its argument. A name may be shortened as long as it is clear. */
export function readCommand(text: string): Typed {
	const [word = '', ...rest] = text.trim().replace(/^:/, '').split(/\s+/)
	const begun = commands.filter(({ name }) => word !== '' && name.startsWith(word))
	const command = commandNamed(word) ?? (begun.length === 1 ? begun[0] : undefined)
	return { command, word, argument: rest.join(' ') }
}

const mostSuggestions = 50

/** Whole lines that the typed one may become. */
export function suggestions(state: State, text: string): string[] {
	const trimmed = text.replace(/^[:\s]+/, '')
	const space = trimmed.indexOf(' ')
	if (space < 0) return commands.map(({ name }) => name).filter(name => name.startsWith(trimmed))
	const name = trimmed.slice(0, space)
	const begun = trimmed
		.slice(space + 1)
		.trim()
		.toLowerCase()
	const command = commandNamed(name)
	const among = command?.among?.(state) ?? []
	const starts = among.filter(item => item.toLowerCase().startsWith(begun))
	const holds = among.filter(item => !starts.includes(item) && item.toLowerCase().includes(begun))
	return [...starts, ...holds].slice(0, mostSuggestions).map(item => `${name} ${item}`)
}
