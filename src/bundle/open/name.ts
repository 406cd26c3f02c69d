/** Names of files inside a bundle: which are ours, which are refused, and how they are shown. */

const folders: ReadonlySet<string> = new Set(['commands', 'crictl', 'journal', 'files', 'api', 'probes'])

/** The top names of the layout; everything else in a folder or archive is not looked at. */
export const topNames: readonly string[] = ['bundle.json', ...folders]

/** Longer than any path that Linux takes. */
const longest = 4096

/** `./x//y` -> `x/y`. `undefined`: the name points out of the bundle, or is none that a node's file has. */
export function cleanName(name: string): string | undefined {
	if (name.length > longest || name.startsWith('/') || /[\u0000-\u001f\u007f]/.test(name)) return undefined
	const parts = name.split('/').filter(part => part !== '' && part !== '.')
	return parts.length === 0 || parts.includes('..') ? undefined : parts.join('/')
}

/** Whether a clean name belongs to the layout, seen from the bundle's top. */
export function isKnown(name: string): boolean {
	if (name === 'bundle.json') return true
	const slash = name.indexOf('/')
	return slash > 0 && folders.has(name.slice(0, slash))
}

/** `top/rest` -> [top, rest]; without a slash there is no top directory. */
export function splitTop(name: string): [top: string, rest: string] | undefined {
	const slash = name.indexOf('/')
	return slash < 0 ? undefined : [name.slice(0, slash), name.slice(slash + 1)]
}

/** Logs are worth their newest end, other files their beginning. */
export function worthOf(name: string): 'head' | 'tail' {
	return name.startsWith('journal/') || name.includes('/journal/') || /\.log(\.\d+)?$/.test(name)
		? 'tail'
		: 'head'
}

/**
 * A name for a sentence: without control characters, which would reach the operator's terminal, without
 * characters that turn the direction of text, and not longer than a line.
 */
export function shownName(name: string): string {
	const short = name.length > 100 ? `${name.slice(0, 99)}…` : name
	return short.replace(
		/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g,
		char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
	)
}
