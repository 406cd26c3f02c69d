/** What the API server says about itself, and what it says when it refuses. */
import type { Entry, NodeFacts } from '../../model/bundle.js'
import { kubectl } from './lists.js'

/** Cheap, allowed to every authenticated client, and so the first thing to ask. */
export const endpoints = [
	{ file: 'api/readyz.txt', path: '/readyz?verbose' },
	{ file: 'api/livez.txt', path: '/livez?verbose' },
	{ file: 'api/version.json', path: '/version' },
] as const

export function endpointCommand(node: NodeFacts, path: string): string {
	return path === '/version' ? kubectl(node, 'version') : kubectl(node, 'get', '--raw', `'${path}'`)
}

/**
 * `[+]name ok` and `[-]name failed: reason withheld` lines, also where kubectl put them into one line of an error.
 * `undefined` when the text holds no verdict.
 */
export function readHealth(content: string | undefined): { ok: boolean; failed: string[] } | undefined {
	if (!content) return undefined
	const failed: string[] = []
	for (const line of content.split(/\\n|\n/)) {
		const name = /\[-\]([\w./-]{1,100})/.exec(line)?.[1]
		if (name && !failed.includes(name)) failed.push(name)
	}
	if (failed.length || /\b(readyz|livez|healthz) check failed/.test(content)) return { ok: false, failed }
	const passed = /\b(readyz|livez|healthz) check passed/.test(content) || content.trim() === 'ok'
	return passed ? { ok: true, failed } : undefined
}

const longestError = 400

/** The line of stderr that says what went wrong; kubectl and k3s put warnings before it. */
export function errorOf(entry: Entry): string | undefined {
	if (!entry.why && !entry.exit) return undefined
	const lines = (entry.stderr ?? '').split('\n').filter(line => line.trim())
	const said = lines.findLast(line => /^(unable|error|the connection)\b/i.test(line)) ?? lines.at(-1)
	if (!said) return undefined
	return said.length > longestError ? `${said.slice(0, longestError)}…` : said
}
