import type { Answer, FileStat, Host } from '../../src/host/host.js'
import type { Entry, NodeFacts } from '../../src/model/bundle.js'
import type { Argv } from '../../src/model/remedy.js'
import type { Ask } from '../../src/sources/source.js'
import { server } from '../bundle-of.js'

export interface FakeNode {
	node?: Partial<NodeFacts>
	/** Absolute path -> content; `''` for a path that only exists. */
	paths?: Record<string, string>
	/** API path -> body; a path that is missing gives no answer. */
	api?: Record<string, string>
	/** First words of a command line -> its output. */
	commands?: Record<string, string>
}

export interface Asked {
	ask: Ask
	/** `argv` of everything that was run, joined by blanks. */
	ran: string[]
	/** Paths of the files that were read for the bundle, with their byte limits. */
	read: { path: string; maxBytes?: number }[]
	/** API paths in the order in which they were asked. */
	kube: string[]
	skipped: Entry[]
}

function absent<T>(asked: string): Answer<T> {
	return { ok: false, unavailable: { why: 'absent', detail: 'no such file', asked }, ms: 0 }
}

/** A host that has what `fake` says, and remembers what it was asked. Everything else about it throws. */
export function fakeAsk(fake: FakeNode): Asked {
	const asked: Omit<Asked, 'ask'> = { ran: [], read: [], kube: [], skipped: [] }
	const paths = new Map(Object.entries(fake.paths ?? {}))
	const stat: FileStat = { type: 'file', mode: 0o644, uid: 0, gid: 0, size: 1, modifiedAt: 0 }
	const host: Partial<Host> = {
		stat: async path => (paths.has(path) ? { ok: true, value: stat, ms: 0 } : absent(path)),
		read: async path => {
			const text = paths.get(path)
			return text === undefined ? absent(path) : { ok: true, value: { text, truncated: false }, ms: 0 }
		},
	}
	const ask: Ask = {
		host: host as Host,
		node: { ...server, ...fake.node },
		run: async (_file, argv: Argv) => {
			const line = argv.join(' ')
			asked.ran.push(line)
			return Object.entries(fake.commands ?? {}).find(([words]) => line.startsWith(words))?.[1]
		},
		file: async (path, options) => {
			asked.read.push({ path, ...options })
			return paths.get(path)
		},
		names: async directory => {
			const below = [...paths.keys()].filter(path => path.startsWith(`${directory}/`))
			return [...new Set(below.map(path => path.slice(directory.length + 1).split('/')[0] ?? ''))]
		},
		put: () => {
			throw new Error('not expected')
		},
		kube: async (_file, path) => {
			asked.kube.push(path)
			return fake.api?.[path]
		},
		skip: (file, why, detail, argv) => {
			asked.skipped.push({ file, why, stderr: detail, ...(argv ? { argv } : {}) })
		},
	}
	return { ask, ...asked }
}
