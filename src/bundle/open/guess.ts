/** Who the patient is and when, guessed from texts, where no bundle.json says so. */
import { hostArgument, pathArgument, unitArgument } from '../../model/argument.js'
import { type Init, type NodeFacts, type Role, unnamed } from '../../model/bundle.js'
import { hostIn, readPrefix, type YearHint } from '../../sources/journal/prefix.js'

/** Lines from the end of a log that are looked at for a time or a host name. */
const endLines = 500
const endChars = 256 * 1024

/** What k3s itself says has its year, which syslog's stamps before it lack. */
const withYear = /\btime="(\d{4})-(\d\d)-\d\dT/g

/** `at`: when the file of the log was written, for a log that names no year. */
export function yearHint(at: number, log = ''): YearHint {
	const told = [...log.slice(-endChars).matchAll(withYear)].at(-1)
	if (told) return { year: Number(told[1]), month: Number(told[2]) - 1 }
	const date = new Date(at)
	return { year: date.getUTCFullYear(), month: date.getUTCMonth() }
}

function* linesFromEnd(text: string): Generator<string> {
	const lines = text.slice(-endChars).split('\n')
	for (let at = lines.length - 1; at >= Math.max(0, lines.length - endLines); at--) yield lines[at] ?? ''
}

/** Time of the last line that carries one. `hint` gives the year to formats without. */
export function lastTime(text: string, hint: YearHint): number | undefined {
	for (const line of linesFromEnd(text)) {
		const { at } = readPrefix(line, hint)
		if (at !== undefined) return at
	}
	return undefined
}

function lastHost(text: string): string | undefined {
	for (const line of linesFromEnd(text)) {
		const host = hostIn(line)
		if (host !== undefined) return hostArgument(host)
	}
	return undefined
}

/** What only servers say; of a long-running one the journal no longer holds the start. The first is etcd's. */
const serverWords = [
	'"caller":"',
	' TLS secret kube-system/',
	'garbagecollector.go:',
	'Running kube-apiserver ',
]

/** What only agents ask: the load balancer before their servers, before v1.20 on any free port. A server asks itself. */
const agentWords = /127\.0\.0\.1:(?:6444|3[2-9]\d{3}|[4-6]\d{4})\/(?:cacerts|v1-k3s\/)/

/** The role by what k3s says when it starts; the last word counts. */
export function roleOf(log: string): Role {
	const agent = log.lastIndexOf('Starting k3s agent ')
	const server = log.lastIndexOf('Starting k3s v')
	if (agent !== server) return agent > server ? 'agent' : 'server'
	if (/\bk3s-agent(\.service|\[\d+\])/.test(log)) return 'agent'
	if (serverWords.some(words => log.includes(words))) return 'server'
	return agentWords.test(log) ? 'agent' : 'unknown'
}

/** The unit that systemd speaks of in its own lines. */
export function unitOf(log: string): string | undefined {
	const spoken = /systemd\[\d+\]: (?:[A-Z][a-z]+ )?(k3s[A-Za-z0-9_.@-]{0,200}\.service)/.exec(log)
	return unitArgument(spoken?.[1])
}

export function defaultUnit(role: Role): string {
	return role === 'agent' ? 'k3s-agent.service' : 'k3s.service'
}

const dataDirByDefault = '/var/lib/rancher/k3s'

/** Facts that a journal text of k3s gives away. `init` is what a log in this form speaks for. */
export function nodeOfLog(log: string, init: Init): NodeFacts {
	const role = roleOf(log)
	return {
		hostname: lastHost(log) ?? unnamed,
		role,
		unit: unitOf(log) ?? defaultUnit(role),
		init,
		dataDir:
			pathArgument(/Acquiring lock file (\/[^\s"]{1,900})\/data\/\.lock/.exec(log)?.[1]) ?? dataDirByDefault,
		// Nobody was refused anything: what is missing was never asked for.
		root: true,
	}
}

function firstWord(text: string | undefined): string | undefined {
	return hostArgument(text?.trimStart().slice(0, 300).split(/\s/, 1)[0])
}

/** Facts that the files of a bundle without a usable bundle.json give away. */
export function nodeOfFiles(files: ReadonlyMap<string, string>): NodeFacts {
	const names = [...files.keys()]
	const journal = names.find(name => name.startsWith('journal/k3s') && name.endsWith('.log'))
	const said = nodeOfLog(journal === undefined ? '' : (files.get(journal) ?? ''), 'none')
	const has = (start: string) => names.some(name => name.startsWith(start))
	const fragment = /^# \/\S*\/(k3s[A-Za-z0-9_.@-]{0,200}\.service)$/m.exec(
		files.get('commands/systemctl-cat.txt')?.slice(0, endChars) ?? '',
	)
	const unit =
		unitArgument(fragment?.[1]) ??
		(journal === undefined ? undefined : unitArgument(`${journal.slice('journal/'.length, -4)}.service`)) ??
		said.unit
	const isAgent = unit.startsWith('k3s-agent') || has('files/etc/systemd/system/k3s-agent.service')
	const isServer = has(`files${said.dataDir}/server/`) || has('api/') || journal === 'journal/k3s.log'
	const role: Role = said.role !== 'unknown' ? said.role : isAgent ? 'agent' : isServer ? 'server' : 'unknown'
	const systemd = has('commands/systemctl-') || has('files/etc/systemd/system/k3s')
	return {
		hostname:
			firstWord(files.get('commands/hostname.txt')) ??
			firstWord(files.get('files/etc/hostname')) ??
			said.hostname,
		role,
		unit: journal === undefined && !fragment ? defaultUnit(role) : unit,
		init: systemd ? 'systemd' : has('files/etc/init.d/') ? 'openrc' : journal ? 'systemd' : 'none',
		dataDir: said.dataDir,
		root: true,
	}
}

/** When the bundle was taken, by its own clock, else by the newest file. Epoch milliseconds. */
export function timeOfFiles(files: ReadonlyMap<string, string>, modifiedAt: number): number {
	// GNU date writes a comma before the nanoseconds.
	const said = files.get('commands/date.txt')?.trim().slice(0, 40).replace(',', '.')
	const date = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)$/.exec(said ?? '')
	const zone = date?.[3]?.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2') ?? ''
	const at = date ? Date.parse(`${date[1]}${zone}`) : Number.NaN
	if (!Number.isNaN(at)) return at
	const by = modifiedAt || Date.now()
	for (const [name, text] of files) {
		const last = name.startsWith('journal/k3s') ? lastTime(text, yearHint(by)) : undefined
		if (last !== undefined) return last
	}
	return by
}
