/**
 * The one table of keys. The footer, the help screen and the README's table are made of it; what a key does is in
 * `actions/` under the same name.
 */
import type { Key } from './key.js'

/** Where a key is valid: wherever one is, in lists (and pages of blocks), of the cluster, in logs, in texts, while typing. */
export type Scope = 'everywhere' | 'list' | 'cluster' | 'log' | 'text' | 'prompt'

export interface Binding {
	does: ActionName
	keys: readonly Key[]
	in: Scope
	/** One or two words for the footer; absent: it is only in the help. */
	label?: string
	says: string
}

const bindings = [
	{ does: 'open', keys: ['enter'], in: 'list', label: 'open', says: 'open what the cursor is on' },
	{ does: 'view', keys: ['v'], in: 'list', label: 'evidence', says: 'show the quoted line where it stands' },
	{
		does: 'remedy',
		keys: ['r'],
		in: 'list',
		label: 'remedy',
		says: 'show a remedy as an exact plan',
	},
	{
		does: 'run',
		keys: ['x'],
		in: 'list',
		label: 'run',
		says: 'carry out the plan that is shown; it asks first',
	},
	{ does: 'go-on', keys: ['y'], in: 'list', label: 'done, go on', says: 'what was for you to do is done' },
	{
		does: 'undo',
		keys: ['u'],
		in: 'list',
		label: 'undo',
		says: 'show how an action is taken back, and do it; it asks first',
	},
	{
		does: 'discard',
		keys: ['D'],
		in: 'list',
		label: 'delete backup',
		says: 'delete what an action has kept; it asks first',
	},
	{
		does: 'copy',
		keys: ['c'],
		in: 'list',
		label: 'copy',
		says: 'copy the command, or what the cursor is on',
	},
	{
		does: 'unfold',
		keys: ['right'],
		in: 'list',
		label: 'unfold',
		says: 'show the consequences of a root cause',
	},
	{ does: 'fold', keys: ['left'], in: 'list', label: 'fold', says: 'hide the consequences again' },
	{
		does: 'suppress',
		keys: ['-'],
		in: 'list',
		label: 'put aside',
		says: 'put a diagnosis aside, with a reason; again takes it back',
	},
	{ does: 'logs', keys: ['l'], in: 'list', label: 'logs', says: 'logs of what the cursor is on' },
	{
		does: 'filter',
		keys: ['/'],
		in: 'list',
		label: 'search',
		says: 'show only what matches; ! in front inverts, ~ is fuzzy',
	},
	{ does: 'sort', keys: ['o'], in: 'list', label: 'sort', says: 'next sort order' },
	{ does: 'invert', keys: ['O'], in: 'list', says: 'turn the sort order around' },
	{ does: 'save', keys: ['S'], in: 'list', says: 'save the report as a file' },
	{ does: 'down', keys: ['down', 'j'], in: 'list', says: 'down' },
	{ does: 'up', keys: ['up', 'k'], in: 'list', says: 'up' },
	{ does: 'page-down', keys: ['pagedown', ' '], in: 'list', says: 'a page down' },
	{ does: 'page-up', keys: ['pageup', 'b'], in: 'list', says: 'a page up' },
	{ does: 'half-down', keys: ['ctrl-d'], in: 'list', says: 'half a page down' },
	{ does: 'half-up', keys: ['ctrl-u'], in: 'list', says: 'half a page up' },
	{ does: 'first', keys: ['g', 'home'], in: 'list', says: 'to the first' },
	{ does: 'last', keys: ['G', 'end'], in: 'list', says: 'to the last' },

	{
		does: 'log-search',
		keys: ['/'],
		in: 'log',
		label: 'search',
		says: 'find text or a pattern; ! inverts, ~ is fuzzy',
	},
	{ does: 'next-hit', keys: ['n'], in: 'log', label: 'next', says: 'next hit' },
	{ does: 'previous-hit', keys: ['N'], in: 'log', says: 'previous hit' },
	{ does: 'log-only', keys: ['&'], in: 'log', label: 'only', says: 'show only the lines that match' },
	{ does: 'more-context', keys: ['+'], in: 'log', says: 'one more line around each that matches' },
	{ does: 'less-context', keys: ['_'], in: 'log', says: 'one line less around each that matches' },
	{ does: 'next-error', keys: ['e'], in: 'log', label: 'error', says: 'next error' },
	{ does: 'previous-error', keys: ['E'], in: 'log', says: 'previous error' },
	{
		does: 'follow',
		keys: ['f', 'F'],
		in: 'log',
		label: 'follow',
		says: 'follow the log, or stop; going up stops as well',
	},
	{ does: 'source', keys: ['s'], in: 'log', label: 'source', says: 'another log, or only its last minutes' },
	{ does: 'noise', keys: ['z'], in: 'log', label: 'noise', says: 'hide what healthy nodes say as well' },
	{
		does: 'repeats',
		keys: ['u'],
		in: 'log',
		says: 'count lines that say the same instead of repeating them',
	},
	{ does: 'wrap', keys: ['w'], in: 'log', label: 'wrap', says: 'wrap long lines, or cut them' },
	{ does: 'times', keys: ['t'], in: 'log', label: 'times', says: 'local times, UTC, distances, none' },
	{ does: 'columns', keys: ['x'], in: 'log', says: 'all columns, only what was said, the raw lines' },
	{ does: 'log-time', keys: ['T'], in: 'log', says: 'go to a time or line; since, until' },
	{ does: 'histogram', keys: ['i'], in: 'log', says: 'errors over time, in a row above' },
	{ does: 'next-errors', keys: ['>'], in: 'log', says: 'to the next time with errors' },
	{ does: 'previous-errors', keys: ['<'], in: 'log', says: 'to the time with errors before' },
	{ does: 'next-warning', keys: ['}'], in: 'log', says: 'next warning' },
	{ does: 'previous-warning', keys: ['{'], in: 'log', says: 'previous warning' },
	{
		does: 'previous',
		keys: ['p'],
		in: 'log',
		says: 'the instance of the container before; the start of k3s before',
	},
	{ does: 'merge', keys: ['M'], in: 'log', says: 'read another log with this one, by time' },
	{ does: 'mark', keys: ['m'], in: 'log', says: 'mark the line, or no longer' },
	{ does: 'next-mark', keys: ["'"], in: 'log', says: 'next marked line' },
	{ does: 'copy', keys: ['c', 'Y'], in: 'log', label: 'copy', says: 'copy the marked lines, or the line' },
	{ does: 'log-save', keys: ['S'], in: 'log', says: 'save what is shown, with its secrets masked' },
	{ does: 'pager', keys: ['|'], in: 'log', says: 'open what is shown in $PAGER' },
	{ does: 'open', keys: ['enter'], in: 'log', says: 'the diagnosis that quotes the line; else down' },
	{ does: 'down', keys: ['down', 'j'], in: 'log', says: 'down' },
	{ does: 'up', keys: ['up', 'k'], in: 'log', says: 'up' },
	{ does: 'page-down', keys: ['pagedown', ' '], in: 'log', says: 'a page down' },
	{ does: 'page-up', keys: ['pageup', 'b'], in: 'log', says: 'a page up' },
	{ does: 'half-down', keys: ['ctrl-d'], in: 'log', says: 'half a page down' },
	{ does: 'half-up', keys: ['ctrl-u'], in: 'log', says: 'half a page up' },
	{ does: 'first', keys: ['g'], in: 'log', says: 'to the first line' },
	{ does: 'last', keys: ['G'], in: 'log', says: 'to the last line; follows where the log grows' },
	{ does: 'left', keys: ['left'], in: 'log', says: 'a column to the left' },
	{ does: 'right', keys: ['right'], in: 'log', says: 'a column to the right' },
	{ does: 'far-left', keys: ['H'], in: 'log', says: 'ten columns to the left' },
	{ does: 'far-right', keys: ['L'], in: 'log', says: 'ten columns to the right' },
	{ does: 'line-start', keys: ['^', 'home'], in: 'log', says: 'to the first column' },
	{ does: 'line-end', keys: ['$', 'end'], in: 'log', says: 'to the end of the longest line' },

	{
		does: 'search',
		keys: ['/'],
		in: 'text',
		label: 'search',
		says: 'find text or a pattern; ! inverts, ~ is fuzzy',
	},
	{ does: 'next-hit', keys: ['n'], in: 'text', label: 'next', says: 'next hit' },
	{ does: 'previous-hit', keys: ['N'], in: 'text', says: 'previous hit' },
	{ does: 'only', keys: ['&'], in: 'text', label: 'only', says: 'show only the lines that match' },
	{ does: 'next-error', keys: ['e'], in: 'text', label: 'error', says: 'next error' },
	{ does: 'previous-error', keys: ['E'], in: 'text', says: 'previous error' },
	{ does: 'next-warning', keys: ['}'], in: 'text', says: 'next warning' },
	{ does: 'previous-warning', keys: ['{'], in: 'text', says: 'previous warning' },
	{ does: 'wrap', keys: ['w'], in: 'text', label: 'wrap', says: 'wrap long lines, or cut them' },
	{ does: 'copy', keys: ['c'], in: 'text', label: 'copy', says: 'copy the line' },
	{ does: 'down', keys: ['down', 'j', 'enter'], in: 'text', says: 'down' },
	{ does: 'up', keys: ['up', 'k'], in: 'text', says: 'up' },
	{ does: 'page-down', keys: ['pagedown', ' '], in: 'text', says: 'a page down' },
	{ does: 'page-up', keys: ['pageup', 'b'], in: 'text', says: 'a page up' },
	{ does: 'half-down', keys: ['ctrl-d'], in: 'text', says: 'half a page down' },
	{ does: 'half-up', keys: ['ctrl-u'], in: 'text', says: 'half a page up' },
	{ does: 'first', keys: ['g'], in: 'text', says: 'to the first line' },
	{ does: 'last', keys: ['G'], in: 'text', says: 'to the last line' },
	{ does: 'left', keys: ['left'], in: 'text', says: 'a column to the left' },
	{ does: 'right', keys: ['right'], in: 'text', says: 'a column to the right' },
	{ does: 'far-left', keys: ['H'], in: 'text', says: 'ten columns to the left' },
	{ does: 'far-right', keys: ['L'], in: 'text', says: 'ten columns to the right' },
	{ does: 'line-start', keys: ['^', 'home'], in: 'text', says: 'to the first column' },
	{ does: 'line-end', keys: ['$', 'end'], in: 'text', says: 'to the end of the longest line' },

	{ does: 'describe', keys: ['d'], in: 'cluster', label: 'describe', says: 'describe what the cursor is on' },
	{ does: 'logs-before', keys: ['p'], in: 'cluster', label: 'previous', says: 'logs of the instance before' },
	{ does: 'yaml', keys: ['y'], in: 'cluster', label: 'YAML', says: 'the same as YAML, secrets masked' },
	{
		does: 'faults',
		keys: ['f'],
		in: 'cluster',
		label: 'faults',
		says: 'only what is at fault, or all again',
	},
	{
		does: 'act',
		keys: ['r'],
		in: 'cluster',
		label: 'do',
		says: 'delete, restart, cordon: what can be done with it',
	},
	{ does: 'namespace', keys: ['n'], in: 'cluster', label: 'namespace', says: 'choose a namespace' },
	{
		does: 'kinds',
		keys: ['K'],
		in: 'cluster',
		label: 'more',
		says: 'nodes, events, services and all other lists',
	},
	{ does: 'nodes', keys: ['N'], in: 'cluster', label: 'nodes', says: 'pods of this node, or of all nodes' },

	{ does: 'help', keys: ['?'], in: 'everywhere', label: 'help', says: 'the keys that are valid here' },
	{
		does: 'find',
		keys: ['ctrl-p'],
		in: 'everywhere',
		says: 'find a pod, a node, a diagnosis … by a few letters',
	},
	{ does: 'command', keys: [':'], in: 'everywhere', label: 'command', says: 'type a command; Tab completes' },
	{
		does: 'examine',
		keys: ['R', 'ctrl-r'],
		in: 'everywhere',
		label: 're-examine',
		says: 'look again and show what has changed',
	},
	{ does: 'save', keys: ['X'], in: 'everywhere', says: 'save the report as a file' },
	{ does: 'copy-report', keys: ['C'], in: 'everywhere', says: 'copy the whole report' },
	{
		does: 'tab',
		keys: ['1', '2', '3', '4', '5', '6', '7'],
		in: 'everywhere',
		says: 'Diagnoses, Pods, Logs, Node, Report, Actions, Evidence',
	},
	{ does: 'next-tab', keys: ['tab', ']'], in: 'everywhere', says: 'next tab' },
	{ does: 'previous-tab', keys: ['shift-tab', '['], in: 'everywhere', says: 'previous tab' },
	{
		does: 'back',
		keys: ['esc'],
		in: 'everywhere',
		label: 'back',
		says: 'clear the search, then go back one level',
	},
	{
		does: 'quit',
		keys: ['q'],
		in: 'everywhere',
		label: 'quit',
		says: 'go back one level; at the top leave, after asking',
	},
	{ does: 'leave', keys: ['ctrl-c'], in: 'everywhere', says: 'leave at once' },
	{ does: 'redraw', keys: ['ctrl-l'], in: 'everywhere', says: 'draw the screen again' },
	{ does: 'suspend', keys: ['ctrl-z'], in: 'everywhere', says: 'back to the shell; fg returns' },

	{ does: 'accept', keys: ['enter'], in: 'prompt', label: 'accept', says: 'accept what is typed' },
	{ does: 'cancel', keys: ['esc'], in: 'prompt', label: 'cancel', says: 'forget what is typed' },
	{ does: 'complete', keys: ['tab'], in: 'prompt', label: 'complete', says: 'complete a command' },
	{ does: 'choose-next', keys: ['down'], in: 'prompt', says: 'next suggestion' },
	{ does: 'choose-previous', keys: ['up'], in: 'prompt', says: 'previous suggestion' },
	{ does: 'leave', keys: ['ctrl-c'], in: 'prompt', says: 'leave at once' },
	{ does: 'suspend', keys: ['ctrl-z'], in: 'prompt', says: 'back to the shell; fg returns' },
	{ does: 'char-left', keys: ['left'], in: 'prompt', says: 'a character to the left' },
	{ does: 'char-right', keys: ['right'], in: 'prompt', says: 'a character to the right' },
	{ does: 'text-start', keys: ['home', 'ctrl-a'], in: 'prompt', says: 'to the beginning' },
	{ does: 'text-end', keys: ['end', 'ctrl-e'], in: 'prompt', says: 'to the end' },
	{ does: 'erase', keys: ['backspace'], in: 'prompt', says: 'erase the character before the cursor' },
	{ does: 'erase-next', keys: ['delete'], in: 'prompt', says: 'erase the character under the cursor' },
	{ does: 'erase-word', keys: ['ctrl-w'], in: 'prompt', says: 'erase the word before the cursor' },
	{ does: 'erase-all', keys: ['ctrl-u'], in: 'prompt', says: 'erase everything before the cursor' },
] as const satisfies readonly (Omit<Binding, 'does'> & { does: string })[]

export type ActionName = (typeof bindings)[number]['does']

export const keyTable: readonly Binding[] = bindings

const byKey = new Map<string, Binding>(
	keyTable.flatMap(binding => binding.keys.map(key => [`${binding.in} ${key}`, binding] as const)),
)

/** What a key does in the first of these scopes that knows it. */
export function bindingOf(key: Key, scopes: readonly Scope[]): Binding | undefined {
	for (const scope of scopes) {
		const binding = byKey.get(`${scope} ${key}`)
		if (binding) return binding
	}
	return undefined
}
