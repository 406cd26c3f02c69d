import type { Answer, CommandResult, DialResult, Host } from '../../src/host/host.js'
import { type Bundle, type Entry, fileOf, type NodeFacts } from '../../src/model/bundle.js'
import type { Ask } from '../../src/sources/source.js'
import { bundleOf } from '../bundle-of.js'

export interface Script {
	node?: Partial<NodeFacts>
	/** Whole command line -> what it prints; a list is its exit status and that. Others are not installed. */
	commands?: Record<string, string | [exit: number, stdout: string]>
	/** Absolute path -> content. */
	files?: Record<string, string>
	/** `host:port` -> how a connect ends; others are refused. */
	ports?: Record<string, DialResult>
	/** `host:port` -> certificates that it shows. */
	certificates?: Record<string, string[]>
	/** URL -> body of a 200; others are refused. */
	urls?: Record<string, string>
}

export interface Scripted {
	ask: Ask
	/** What was filed so far. */
	bundle(): Bundle
	/** Command lines that were run, `host:port`s that were dialled or asked for certificates, URLs that were got. */
	ran: string[]
	dialled: string[]
	shown: string[]
	got: string[]
}

function absent<T>(asked: string): Answer<T> {
	return { ok: false, unavailable: { why: 'absent', detail: `${asked}: not there`, asked }, ms: 1 }
}

/** A host that knows what the script says and nothing else, and files answers as a collection does. */
export function scriptedHost(script: Script): Scripted {
	const entries = new Map<string, Entry>()
	const files: Record<string, string> = {}
	const record = { ran: [] as string[], dialled: [] as string[], shown: [] as string[], got: [] as string[] }
	const known = new Map<string, Promise<string | undefined>>()

	const host: Host = {
		run: async argv => {
			const line = argv.join(' ')
			record.ran.push(line)
			const said = script.commands?.[line]
			if (said === undefined) return absent<CommandResult>(line)
			const [exit, stdout] = typeof said === 'string' ? [0, said] : said
			return { ok: true, value: { stdout, stderr: '', exit }, ms: 1 }
		},
		read: async path => {
			const text = script.files?.[path]
			return text === undefined ? absent(path) : { ok: true, value: { text, truncated: false }, ms: 1 }
		},
		list: async path => {
			const below = Object.keys(script.files ?? {}).filter(file => file.startsWith(`${path}/`))
			return { ok: true, value: below.map(file => file.slice(path.length + 1)), ms: 1 }
		},
		stat: async path => absent(path),
		dial: async (name, port) => {
			record.dialled.push(`${name}:${port}`)
			return { result: script.ports?.[`${name}:${port}`] ?? 'refused', ms: 1.4 }
		},
		tls: async (name, port) => {
			record.shown.push(`${name}:${port}`)
			const certificates = script.certificates?.[`${name}:${port}`]
			return certificates ? { certificates, ms: 1 } : { certificates: [], error: 'ECONNRESET', ms: 1 }
		},
		get: async url => {
			record.got.push(url)
			const body = script.urls?.[url]
			return body === undefined
				? { status: 0, body: '', exit: 7, ms: 1 }
				: { status: 200, body, exit: 0, ms: 1 }
		},
		kube: async path => absent(path),
	}

	function once(file: string, work: () => Promise<string | undefined>): Promise<string | undefined> {
		const answer = known.get(file) ?? work()
		known.set(file, answer)
		return answer
	}

	const node = bundleOf({}, script.node).node
	const ask: Ask = {
		host,
		node,
		run: (file, argv) =>
			once(file, async () => {
				const answer = await host.run(argv)
				const { exit, stdout } = answer.ok ? answer.value : { exit: 127, stdout: '' }
				entries.set(file, { file, argv, exit, ...(!answer.ok && { why: answer.unavailable.why }) })
				if (stdout === '' && exit !== 0) return undefined
				files[file] = stdout
				return stdout
			}),
		file: path =>
			once(fileOf(path), async () => {
				const answer = await host.read(path)
				entries.set(fileOf(path), { file: fileOf(path), path, ...(!answer.ok && { why: 'absent' as const }) })
				if (answer.ok) files[fileOf(path)] = answer.value.text
				return answer.ok ? answer.value.text : undefined
			}),
		names: async path => {
			const answer = await host.list(path)
			return answer.ok ? answer.value : []
		},
		put: (file, text, how = {}) => {
			entries.set(file, { file, ...how })
			files[file] = text
		},
		kube: async () => undefined,
	}
	return { ask, bundle: () => bundleOf(files, script.node, [...entries.values()]), ...record }
}
