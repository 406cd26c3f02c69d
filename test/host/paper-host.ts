/** A host that exists on paper: files by path, and what its commands say. */
import type { Answer, CommandResult, Host, RunOptions } from '../../src/host/host.js'
import type { WhyNot } from '../../src/model/bundle.js'

export interface Paper {
	/** Path -> content. Directories follow from them. */
	files?: Record<string, string>
	/** Paths that may not be read. */
	denied?: readonly string[]
	/** First words of a command -> standard output; `hangs` for one that uses up its limit. */
	commands?: Record<string, string>
	root?: boolean
}

export interface PaperHost extends Host {
	ran: { line: string; options: RunOptions }[]
}

function no(why: WhyNot, asked: string): Answer<never> {
	return { ok: false, unavailable: { why, detail: why, asked }, ms: 0 }
}

function yes<T>(value: T): Answer<T> {
	return { ok: true, value, ms: 0 }
}

export function paperHost({ files = {}, denied = [], commands = {}, root = true }: Paper): PaperHost {
	const all = new Map(
		Object.entries({
			'/proc/sys/kernel/hostname': 'node-1\n',
			'/proc/self/status': `Name:\tdoctor\nUid:\t0\t${root ? 0 : 1000}\t0\t0\n`,
			...files,
		}),
	)
	const below = (dir: string) => [...all.keys()].filter(path => path.startsWith(`${dir}/`))
	const ran: PaperHost['ran'] = []
	const refuse = () => Promise.reject(new Error('not expected'))
	return {
		ran,
		async run(argv, options = {}): Promise<Answer<CommandResult>> {
			const line = argv.join(' ')
			ran.push({ line, options })
			const said = Object.entries(commands).find(([words]) => line.startsWith(words))?.[1]
			if (said === undefined) return no('absent', line)
			return said === 'hangs' ? no('timeout', line) : yes({ stdout: said, stderr: '', exit: 0 })
		},
		async read(path) {
			if (denied.includes(path)) return no('denied', path)
			const text = all.get(path)
			return text === undefined ? no('absent', path) : yes({ text, truncated: false })
		},
		async list(path) {
			const names = below(path).map(found => found.slice(path.length + 1).split('/')[0] ?? '')
			return names.length > 0 ? yes([...new Set(names)].sort()) : no('absent', path)
		},
		async stat(path) {
			const type = all.has(path) ? 'file' : 'dir'
			if (type === 'dir' && below(path).length === 0) return no('absent', path)
			return yes({ type, mode: 0o644, uid: 0, gid: 0, size: 1, modifiedAt: 0 })
		},
		dial: refuse,
		tls: refuse,
		get: refuse,
		kube: refuse,
	}
}
