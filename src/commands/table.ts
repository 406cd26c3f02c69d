/** The one table of commands and flags: parsing, help, completion and the man page are made from it. */

/** What stands in a place of the command line, for the shells to complete. */
export type Offers = 'file' | 'folder' | 'causes' | 'recordings' | readonly string[]

export interface Flag {
	/** Long name without dashes. */
	name: string
	short?: string
	/** What the value is called in help; without it the flag is a switch. */
	value?: string
	/** Allowed values, where there are few. */
	among?: readonly string[]
	/** What else the value can be. */
	offers?: Offers
	/** May stand several times. */
	many?: boolean
	says: string
}

export interface Command {
	name: string
	/** Positional arguments as help shows them, e.g. `[CAUSE]`. */
	takes: string
	/** How many positional arguments at least and at most. */
	arity: readonly [number, number]
	/** What the positional arguments can be. */
	offers?: Offers
	says: string
	flags: readonly string[]
	/** Flags that take fewer values here than elsewhere. */
	among?: Readonly<Record<string, readonly string[]>>
}

export const formats = ['text', 'json', 'markdown', 'sarif', 'junit', 'html'] as const
export const failLevels = ['critical', 'warning', 'never'] as const
export const roles = ['server', 'agent'] as const
export const shells = ['bash', 'zsh', 'fish'] as const

export const flags: readonly Flag[] = [
	{
		name: 'from',
		value: 'PATH',
		offers: 'file',
		many: true,
		says: 'a saved bundle (folder or tar archive), also one of Rancher, sos or Replicated, loose files, or a log, instead of this host; - reads standard input; several times: one for each node',
	},
	{ name: 'format', value: 'FORMAT', among: formats, says: 'text, json, markdown, sarif, junit or html' },
	{
		name: 'output',
		short: 'o',
		value: 'PATH',
		offers: 'file',
		says: 'write there instead of to standard output',
	},
	{ name: 'force', says: 'replace the output file if there is one' },
	{
		name: 'fail-on',
		value: 'LEVEL',
		among: failLevels,
		says: 'exit 3 on critical, 4 on warning diagnoses (default critical), or never',
	},
	{ name: 'show', says: 'list what would be taken and masked, and write nothing' },
	{
		name: 'anonymise',
		says: 'mask addresses and names of hosts, namespaces, workloads and accounts as well, each always the same way',
	},
	{
		name: 'redact',
		value: 'FILE',
		offers: 'file',
		says: 'your own rules (YAML): what else to mask, what to leave out',
	},
	{ name: 'read-only', says: 'look, never change anything' },
	{
		name: 'role',
		value: 'ROLE',
		among: roles,
		says: 'what the host is to become: server (default) or agent',
	},
	{ name: 'server', value: 'URL', says: 'the server that is to be joined, e.g. https://10.0.0.1:6443' },
	{ name: 'since', value: 'TIME', says: "journal from this time on, as journalctl takes it: '1 hour ago'" },
	{ name: 'unit', value: 'UNIT', says: 'the k3s unit, where it has another name' },
	{
		name: 'data-dir',
		value: 'PATH',
		offers: 'folder',
		says: "k3s's data directory, where it is another one",
	},
	{ name: 'kubeconfig', value: 'PATH', offers: 'file', says: 'kubeconfig for the Kubernetes API' },
	{ name: 'timeout', value: 'SECONDS', says: 'limit for all questions together (default 45)' },
	{ name: 'no-color', says: 'no colours (NO_COLOR does the same)' },
	{ name: 'ascii', says: 'no characters outside ASCII' },
	{ name: 'remedy', value: 'N', says: 'which remedy of the cause (default 1)' },
	{ name: 'dry-run', says: 'show what would run, run nothing' },
	{ name: 'yes', short: 'y', says: 'answer the confirmation with yes; never covers destructive remedies' },
	{ name: 'version', short: 'V', says: 'print the version' },
	{ name: 'help', short: 'h', says: 'print help' },
]

const node = ['since', 'unit', 'data-dir', 'kubeconfig', 'timeout']
const paint = ['no-color', 'ascii']

export const commands: readonly Command[] = [
	{
		name: '',
		takes: '',
		arity: [0, 0],
		says: 'examine this node; on a terminal opens the app, otherwise prints the report',
		flags: ['from', 'read-only', 'fail-on', 'redact', ...node, ...paint],
	},
	{
		name: 'diagnose',
		takes: '',
		arity: [0, 0],
		says: 'print one report, without the app',
		flags: ['from', 'format', 'output', 'force', 'fail-on', 'anonymise', 'redact', ...node, ...paint],
	},
	{
		name: 'pods',
		takes: '[NAMESPACE]',
		arity: [0, 1],
		says: 'open the app at the pods; without a terminal print them as a table',
		flags: ['from', 'read-only', ...node, ...paint],
	},
	{
		name: 'logs',
		takes: '[UNIT|POD]',
		arity: [0, 1],
		says: 'open the app at a log (of k3s, where none is named); without a terminal print its end',
		flags: ['from', 'read-only', ...node, ...paint],
	},
	{
		name: 'collect',
		takes: '',
		arity: [0, 0],
		says: 'write a bundle of this node with its secrets masked (.tar.gz or a folder)',
		flags: ['from', 'output', 'force', 'show', 'anonymise', 'redact', ...node],
	},
	{
		name: 'fix',
		takes: '[CAUSE]',
		arity: [0, 1],
		offers: 'causes',
		says: 'show a remedy, ask, run it, and see whether it helped',
		flags: ['from', 'remedy', 'dry-run', 'yes', 'read-only', ...node, ...paint],
	},
	{
		name: 'history',
		takes: '',
		arity: [0, 0],
		says: 'what was run on this node, by whom, with what result',
		flags: ['data-dir', ...paint],
	},
	{
		name: 'undo',
		takes: '[N]',
		arity: [0, 1],
		says: 'take the last action, or action N, back',
		flags: ['yes', 'dry-run', 'read-only', ...node, ...paint],
	},
	{
		name: 'explain',
		takes: 'CAUSE',
		arity: [1, 1],
		offers: 'causes',
		says: 'what a cause means, its signs and its remedies',
		flags: paint,
	},
	{
		name: 'diff',
		takes: 'A B',
		arity: [2, 2],
		offers: 'file',
		says: 'what changed between two bundles, A the older one',
		flags: ['format', 'output', 'force', 'redact', ...paint],
		among: { format: ['text', 'markdown', 'json'] },
	},
	{ name: 'causes', takes: '', arity: [0, 0], says: 'the list of all causes', flags: paint },
	{
		name: 'demo',
		takes: '[NAME]',
		arity: [0, 1],
		offers: 'recordings',
		says: 'a recorded broken node that ships with the package; without a name also lists them',
		flags: ['read-only', ...paint],
	},
	{
		name: 'preflight',
		takes: '',
		arity: [0, 0],
		says: 'before an installation: is this host fit for k3s',
		flags: ['role', 'server', 'from', 'format', 'output', 'force', 'fail-on', 'read-only', ...node, ...paint],
		among: { format: ['text', 'json'] },
	},
	{
		name: 'verify',
		takes: '',
		arity: [0, 0],
		says: 'after an installation: does all work as it should',
		flags: ['from', 'format', 'output', 'force', 'fail-on', ...node, ...paint],
		among: { format: ['text', 'json'] },
	},
	{
		name: 'self-check',
		takes: '',
		arity: [0, 0],
		says: 'what the doctor itself can and cannot reach on this host, and how long each took',
		flags: ['unit', 'data-dir', 'kubeconfig', 'timeout', ...paint],
	},
	{
		name: 'completion',
		takes: 'SHELL',
		arity: [1, 1],
		offers: shells,
		says: 'print the completion script for bash, zsh or fish',
		flags: [],
	},
	{
		name: 'man',
		takes: '',
		arity: [0, 0],
		says: 'print the manual page (k3s-doctor man | man -l -)',
		flags: [],
	},
]

export function commandOf(name: string): Command | undefined {
	return commands.find(command => command.name === name)
}
