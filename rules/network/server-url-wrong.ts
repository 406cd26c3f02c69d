import {
	configValue,
	type Evidence,
	fact,
	hint,
	interruptsOfRestart,
	log,
	pathArgument,
	proof,
	restartSteps,
	rule,
	strong,
	urlArgument,
} from '../../src/rule.js'
import { answersAsK3s, lacksServer, serverLink } from './server-link.js'

/** The names that this host can be reached by itself. */
function isThisHost({ network, names }: Evidence, host: string): boolean {
	if (host === 'localhost' || host === '127.0.0.1' || host === '::1' || host === names?.hostname) return true
	return (
		network?.interfaces.some(({ addresses }) => addresses.some(({ address }) => address === host)) === true
	)
}

export default rule({
	cause: 'server-url-wrong',
	title: 'The URL of the server is wrong',
	severity: 'critical',
	explain:
		'K3S_URL (or `server:`) names a host, port or scheme where no k3s server is. It must be https, the address of a server (or of a load balancer before the servers), and port 6443 unless that was changed. k3s asks through a load balancer of its own, so the journal only shows connections that were cut off.',
	docs: ['https://docs.k3s.io/cli/agent#cluster-options', 'https://docs.k3s.io/quick-start'],
	signs: [
		log(
			/only https:\/\/ URLs are supported, invalid scheme|Invalid server url, failed to parse|Initial server URL host is not defined/,
			(_groups, { text }) => text.replace(/^.*?: (?=only|Invalid|Initial)/, ''),
		),
		fact(['config', 'service'], ({ config, service }, evidence) => {
			const url = configValue(config, 'server')
			if (!url || service.state === 'running' || /^https:\/\//i.test(url)) return undefined
			return proof('config', `the server URL is ${url}: it must begin with https://`, {
				quote: quoteOf(evidence),
			})
		}),
		fact(['config', 'probes', 'service'], (_have, evidence) => {
			const link = serverLink(evidence)
			if (!link || !lacksServer(evidence) || evidence.service?.state === 'running' || link.scheme !== 'https')
				return undefined
			const quote = quoteOf(evidence)
			const found = []
			if (link.probe?.result === 'unresolved' && resolverAnswers(evidence)) {
				found.push(
					strong('probes', `the name ${link.host} does not exist, although the resolver answers`, {
						quote: link.probe.quote,
					}),
				)
			}
			if (
				link.port !== 6443 &&
				link.probe &&
				['refused', 'timeout', 'unreachable'].includes(link.probe.result)
			) {
				const usual = evidence.probes?.ports.find(({ host, port }) => host === link.host && port === 6443)
				const says = `port ${link.port} of ${link.host} ${link.probe.result === 'refused' ? 'refuses connections' : 'does not answer'}; k3s servers listen on 6443`
				const certain = usual?.result === 'open'
				// A refusal comes from a host that is there: only the port can be wrong.
				const weigh = certain ? proof : link.probe.result === 'refused' ? strong : hint
				found.push(
					weigh('probes', certain ? `${says}, and there it is open` : says, { quote: link.probe.quote }),
				)
			}
			if (link.probe?.result === 'open' && link.http.length > 0 && !answersAsK3s(link)) {
				const answer = link.http.find(({ status }) => status > 0)
				if (answer)
					found.push(
						strong(
							'probes',
							`${answer.url} answers with status ${answer.status}, but not as a k3s server does`,
							{ quote: answer.quote },
						),
					)
				else if (link.http.some(({ exit }) => exit === 35))
					found.push(
						strong('probes', `what listens on ${link.host}:${link.port} does not speak TLS`, {
							quote: link.probe.quote,
						}),
					)
			}
			if (
				evidence.node.role === 'agent' &&
				isThisHost(evidence, link.host) &&
				link.probe?.result === 'refused'
			) {
				found.push(proof('config', `the server URL ${link.url} points to this agent itself`, { quote }))
			}
			return found
		}),
		fact(['config', 'names', 'probes', 'service'], ({ names, service }, evidence) => {
			// A name that was known before, written nearly the same, is a slip of the pen.
			const link = serverLink(evidence)
			if (!link || service.state === 'running' || link.probe?.result !== 'unresolved') return undefined
			const known = knownHosts(evidence).find(name => name !== link.host && isSlip(name, link.host))
			const suffix = [
				...(names.resolv?.search ?? []),
				...knownHosts(evidence).map(name => name.replace(/^[^.]+\./, '')),
			].find(
				domain =>
					domain.includes('.') &&
					!link.host.endsWith(domain) &&
					isSlip(domain, link.host.replace(/^[^.]+\./, '')),
			)
			const meant = known ?? suffix
			return meant
				? proof('names', `${link.host} looks like a slip of the pen for ${meant}`, {
						quote: link.probe.quote,
					})
				: undefined
		}),
	],
	leadsTo: ['api-unreachable', 'host-dns-broken', 'node-not-ready'],
	remedies: evidence => {
		const { node, config } = evidence
		const link = serverLink(evidence)
		const origin = config?.values.get('server')?.origin
		const file =
			pathArgument(origin?.kind === 'unit' ? undefined : origin?.file) ??
			`/etc/systemd/system/${node.unit}.env`
		const right = link && urlArgument(correction(evidence))
		const isEnv = origin?.kind === 'environment'
		return [
			right
				? {
						title: `Set the server URL to ${right}`,
						why: 'A k3s server answers there, or that is the form which it must have.',
						risk: 'restart' as const,
						interrupts: interruptsOfRestart(node),
						steps: [
							isEnv ? { editEnv: file, set: { K3S_URL: right } } : { edit: file, set: { server: right } },
							...restartSteps(node),
						],
						recheck: ['config' as const, 'probes' as const, 'journal' as const],
					}
				: undefined,
			{
				title: 'Correct the server URL',
				why: 'It stands in the environment file of the unit (K3S_URL), in config.yaml (server:) or in the unit.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				steps: [
					{
						tell: `The right one is https://SERVER:6443 with a server's name or address. Try it, then write it down:`,
						commands: [
							'curl -k https://SERVER:6443/ping',
							`vi ${file}`,
							`systemctl daemon-reload`,
							`systemctl restart ${node.unit}`,
						],
					},
				],
				backup: [file],
				recheck: ['config', 'probes', 'journal'],
			},
		]
	},
})

/** The URL that would be right, where evidence shows it. */
function correction(evidence: Evidence): string | undefined {
	const link = serverLink(evidence)
	if (!link) return undefined
	const host = link.host.includes(':') ? `[${link.host}]` : link.host
	const open = evidence.probes?.ports.some(
		probe => probe.host === link.host && probe.port === 6443 && probe.result === 'open',
	)
	return open && (link.scheme !== 'https' || link.port !== 6443) ? `https://${host}:6443` : undefined
}

function quoteOf({ config }: Evidence) {
	const value = config?.values.get('server')
	if (!value) return undefined
	const file = value.origin.file.startsWith('/') ? `files${value.origin.file}` : value.origin.file
	return { file, text: value.values.at(-1) ?? '', ...(value.origin.line && { line: value.origin.line }) }
}

/** The resolver works, as far as this host can tell: it said "no such name" quickly instead of not answering. */
function resolverAnswers({ probes }: Evidence): boolean {
	const unresolved = probes?.ports.filter(({ result }) => result === 'unresolved') ?? []
	return unresolved.some(({ ms }) => ms < 2_500)
}

/** Host names that this node has used for servers before. */
function knownHosts({ journal, names, certificates }: Evidence): string[] {
	const before = (journal?.starts ?? []).flatMap(({ messages }) =>
		messages.flatMap(({ text }) =>
			[...text.matchAll(/(?:wss|https):\/\/([A-Za-z0-9.-]+):\d+/g)].map(match => match[1] ?? ''),
		),
	)
	const inHosts = (names?.hosts ?? []).flatMap(entry => entry.names)
	const sans = (certificates?.certificates ?? []).flatMap(certificate => certificate.sans)
	return [...new Set([...before, ...inHosts, ...sans])].filter(
		name => /[a-z]/i.test(name) && name !== 'localhost',
	)
}

/** At most two letters apart, or two of them swapped: typed wrongly. */
function isSlip(right: string, typed: string): boolean {
	if (right === typed || Math.abs(right.length - typed.length) > 2 || right.length < 5) return false
	let row = Array.from({ length: typed.length + 1 }, (_, index) => index)
	for (let i = 1; i <= Math.min(right.length, 253); i += 1) {
		const next = [i]
		for (let j = 1; j <= typed.length; j += 1)
			next.push(
				Math.min(
					(row[j] ?? 0) + 1,
					(next[j - 1] ?? 0) + 1,
					(row[j - 1] ?? 0) + (right[i - 1] === typed[j - 1] ? 0 : 1),
				),
			)
		row = next
	}
	return (row[typed.length] ?? 99) <= 2
}
