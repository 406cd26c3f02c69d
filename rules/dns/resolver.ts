/** Whether the resolver of this host answers. */
import { type Evidence, listenersOn, type Quote } from '../../src/rule.js'

/** A name that is not there is told at once; silence lasts until somebody gives up. Milliseconds. */
const quickly = 2_500

export function isName(host: string): boolean {
	return !/^[0-9.]+$/.test(host) && !host.includes(':')
}

/** The line of a file in which a word stands. */
export function lineOf({ files }: Evidence, path: string, word: string): Quote {
	const lines = files?.texts.get(path)?.split('\n', 200) ?? []
	const index = lines.findIndex(line => line.split(/\s+/).includes(word))
	return {
		file: `files${path}`,
		...(index >= 0 && { line: index + 1 }),
		text: lines[index]?.trim().slice(0, 200) ?? word,
	}
}

export interface Silence {
	says: string
	/** Whether it decides alone. */
	certain: boolean
	quote?: Quote
}

/** `unknown`: the resolver says that there is no such name. `silent`: nobody answered the question. */
export function nameTrouble(evidence: Evidence, host: string): 'unknown' | 'silent' | undefined {
	if (!isName(host)) return undefined
	const { names, probes } = evidence
	const probe = probes?.ports.find(candidate => candidate.host === host)
	if (names?.unanswered?.includes(host)) return 'silent'
	// A connect that ran out of time while curl says "could not resolve": the time went by with asking.
	const unresolvable = probes?.http.some(({ url, exit }) => exit === 6 && url.includes(`//${host}`))
	if (probe?.result === 'timeout' && unresolvable) return 'silent'
	if (probe?.result === 'unresolved') return probe.ms > quickly || noServer(evidence) ? 'silent' : 'unknown'
	return probe === undefined && names?.lookups.get(host)?.length === 0 ? 'unknown' : undefined
}

/** Nobody can answer: no server is named, or only one on this host that is not there. */
export function noServer(evidence: Evidence): Silence | undefined {
	const { names, sockets } = evidence
	const { resolv } = names ?? {}
	if (!resolv) return undefined
	if (resolv.nameservers.length === 0)
		return {
			says: `${resolv.file} names no server to ask`,
			certain: false,
			quote: { file: `files${resolv.file}`, text: 'no nameserver' },
		}
	if (!sockets || !resolv.nameservers.every(address => /^127\.|^::1$/.test(address))) return undefined
	const answers = resolv.nameservers.some(address =>
		listenersOn(sockets, 53, 'udp').some(
			socket => socket.address === address || ['*', '0.0.0.0', '::'].includes(socket.address),
		),
	)
	return answers
		? undefined
		: {
				says: `${resolv.file} sends every question to ${resolv.nameservers.join(', ')} on this host, and nobody listens on port 53 there`,
				certain: true,
				quote: lineOf(evidence, resolv.file, resolv.nameservers[0] ?? ''),
			}
}

/** Servers of resolv.conf on the same link that do not even tell their hardware address: they are off. */
export function deadServers({ names, network }: Evidence): string[] {
	return (names?.resolv?.nameservers ?? []).filter(address =>
		network?.neighbours?.some(
			neighbour =>
				neighbour.address === address &&
				!neighbour.answers &&
				(neighbour.state === 'FAILED' || neighbour.state === 'INCOMPLETE'),
		),
	)
}

/** A question that nobody answered, in the words of Go and of glibc. `no such host` is an answer. */
export const unansweredLookup =
	/lookup (?<name>[A-Za-z0-9][A-Za-z0-9._-]{0,252})(?: on (?<server>[^\s:]+:53|\[[^\]]+\]:53))?: (?<why>read udp [^\n]{0,200}(?:i\/o timeout|connection refused)|dial udp [^\n]{0,200}(?:connection refused|unreachable|no route to host)|server misbehaving|Temporary failure in name resolution|i\/o timeout)/

/** Every reason to say that the resolver is silent, without what the journal says. */
export function silences(evidence: Evidence): Silence[] {
	const { names } = evidence
	const found: Silence[] = []
	const none = noServer(evidence)
	if (none) found.push(none)
	const dead = deadServers(evidence)
	if (names?.resolv && dead.length > 0 && dead.length === names.resolv.nameservers.length)
		found.push({
			says: `${dead.join(', ')}, which ${names.resolv.file} names, does not answer on this link: that host is off or does not exist`,
			certain: false,
			quote: lineOf(evidence, names.resolv.file, dead[0] ?? ''),
		})
	return found
}

/** k3s has worked with a server of this name before: then the name is right. */
export function wasFound({ journal }: Evidence, host: string): boolean {
	return (journal?.starts ?? []).some(
		({ readyAt, messages }) =>
			readyAt !== undefined &&
			// The URL is a field of its own, beside the message.
			messages.some(({ quote }) => quote.text.includes(`wss://${host}:`)),
	)
}
