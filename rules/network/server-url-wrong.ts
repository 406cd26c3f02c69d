import {
	configValue,
	type Evidence,
	type Finding,
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
import { wasFound } from '../dns/resolver.js'
import { isOwnAddress } from './routing.js'
import { answersAsK3s, lacksServer, type ServerLink, serverLink } from './server-link.js'
import { meantBy } from './slip.js'

function isThisHost({ network, names }: Evidence, host: string): boolean {
	const own = ['localhost', '127.0.0.1', '::1', names?.hostname, names?.etcHostname]
	return own.includes(host) || isOwnAddress(network, host)
}

/** Where the URL stands. */
function quoteOf({ config }: Evidence) {
	const value = config?.values.get('server')
	if (!value) return undefined
	const { file, line } = value.origin
	return {
		file: file.startsWith('/') ? `files${file}` : file,
		text: value.values.at(-1) ?? '',
		...(line && { line }),
	}
}

/** Host names that this node has used for servers before. */
function knownHosts({ journal, names, certificates }: Evidence): string[] {
	const before = (journal?.starts ?? []).flatMap(({ messages }) =>
		messages.flatMap(({ quote }) =>
			[...quote.text.matchAll(/(?:wss|https):\/\/([A-Za-z0-9.-]{1,253}):\d+/g)].map(match => match[1] ?? ''),
		),
	)
	const inHosts = (names?.hosts ?? []).flatMap(entry => entry.names)
	const sans = (certificates?.certificates ?? []).flatMap(certificate => certificate.sans)
	return [...new Set([...before, ...inHosts, ...sans])].filter(
		name => /[a-z]/i.test(name) && name !== 'localhost',
	)
}

/** The URL of this link while it keeps k3s from starting; a k3s that runs has found its way. */
function stuckLink(evidence: Evidence): ServerLink | undefined {
	const link = serverLink(evidence)
	return link && evidence.service?.state !== 'running' && lacksServer(evidence) && link.scheme === 'https'
		? link
		: undefined
}

function wrongPort(evidence: Evidence, { host, port, probe }: ServerLink): Finding | undefined {
	if (port === 6443 || probe?.port !== port) return undefined
	if (!['refused', 'timeout', 'unreachable'].includes(probe.result)) return undefined
	const usual = evidence.probes?.ports.find(other => other.host === host && other.port === 6443)
	const answer = probe.result === 'refused' ? 'refuses connections' : 'does not answer'
	const says = `port ${port} of ${host} ${answer}; k3s servers listen on 6443`
	if (usual?.result === 'open')
		return proof('probes', `${says}, and there it is open`, { quote: probe.quote })
	// A refusal comes from a host that is there: only the port can be wrong, or nothing runs there at all.
	return probe.result === 'refused' && usual?.result !== 'refused'
		? strong('probes', says, { quote: probe.quote })
		: hint('probes', says, { quote: probe.quote })
}

function noK3s(link: ServerLink): Finding | undefined {
	if (link.probe?.result !== 'open' || link.http.length === 0 || answersAsK3s(link)) return undefined
	const answer = link.http.find(({ status }) => status > 0)
	if (answer)
		return strong('probes', `${answer.url} answers with status ${answer.status}, not as a k3s server does`, {
			quote: answer.quote,
		})
	return link.http.some(({ exit }) => exit === 35)
		? strong('probes', `what listens on ${link.host}:${link.port} does not speak TLS`, {
				quote: link.probe.quote,
			})
		: undefined
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
		log(
			/failed to get CA certs: [^\n]{0,200}\/cacerts"?: (?<status>404 Not Found|30\d [A-Z][A-Za-z ]{1,30}|400 Bad Request)/,
			({ status }) => `what answers at the URL of the server is no k3s server: ${status}`,
			{
				neverProof: true,
				if: evidence => {
					const link = serverLink(evidence)
					return evidence.service?.state !== 'running' && !(link && answersAsK3s(link))
				},
			},
		),
		fact(['config', 'service'], ({ config, service }, evidence) => {
			const url = configValue(config, 'server')
			if (!url || service.state === 'running' || /^https:\/\/[^/:?#]/i.test(url)) return undefined
			return proof('config', `the server URL is ${url}: it must begin with https:// and name a host`, {
				quote: quoteOf(evidence),
			})
		}),
		fact(['config', 'probes', 'service'], (_have, evidence) => {
			const link = stuckLink(evidence)
			if (link?.name !== 'unknown' || wasFound(evidence, link.host)) return undefined
			return strong('probes', `there is no host named ${link.host}: the resolver says so at once`, {
				quote: link.probe?.quote ?? quoteOf(evidence),
			})
		}),
		fact(['config', 'probes', 'service'], (_have, evidence) => {
			const link = stuckLink(evidence)
			return link && !link.name && [wrongPort(evidence, link), noK3s(link)]
		}),
		fact(['config', 'probes', 'service'], ({ node }, evidence) => {
			const link = stuckLink(evidence)
			if (!link || node.role !== 'agent' || !isThisHost(evidence, link.host)) return undefined
			return (
				link.probe?.result === 'refused' &&
				proof('config', `the server URL ${link.url} points to this agent itself`, {
					quote: quoteOf(evidence),
				})
			)
		}),
		fact(['config', 'names', 'service'], ({ names }, evidence) => {
			const link = stuckLink(evidence)
			if (link?.name !== 'unknown') return undefined
			const meant = meantBy(link.host, knownHosts(evidence), names.resolv?.search ?? [])
			return meant
				? proof('names', `${link.host} looks like a slip of the pen for ${meant}`, {
						quote: quoteOf(evidence),
					})
				: undefined
		}),
	],
	leadsTo: ['api-unreachable', 'host-dns-broken', 'node-not-ready'],
	remedies: evidence => {
		const { node, config } = evidence
		const origin = config?.values.get('server')?.origin
		const path = pathArgument(origin?.kind === 'unit' ? undefined : origin?.file)
		const file = path ?? `/etc/systemd/system/${node.unit}.env`
		const right = urlArgument(correction(evidence))
		const answers = isOpen(evidence, serverLink(evidence)?.host)
		return [
			right && path
				? {
						title: `Set the server URL to ${right}`,
						why: answers
							? 'A k3s server answers there.'
							: 'That is the form which it must have: https, and the port on which servers listen unless they are told otherwise.',
						risk: 'restart' as const,
						interrupts: interruptsOfRestart(node),
						steps: [
							origin?.kind === 'environment'
								? { editEnv: file, set: { K3S_URL: right } }
								: { edit: file, set: { server: right } },
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
				recheck: ['config', 'probes', 'journal'],
			},
		]
	},
})

/** Whether the usual port of that host answers; `undefined`: it was not asked. */
function isOpen({ probes }: Evidence, host: string | undefined): boolean | undefined {
	const probe = probes?.ports.find(other => other.host === host && other.port === 6443)
	return probe && probe.result === 'open'
}

/** The URL that would be right, where evidence shows it. */
function correction(evidence: Evidence): string | undefined {
	const link = serverLink(evidence)
	if (!link || link.name || (link.scheme === 'https' && link.port === 6443)) return undefined
	const open = isOpen(evidence, link.host)
	const host = link.host.includes(':') ? `[${link.host}]` : link.host
	const plain = link.scheme === 'http' && link.port === 6443
	// A host that refuses is there.
	const refused = link.probe?.port === link.port && link.probe.result === 'refused' && open === undefined
	return open || plain || refused ? `https://${host}:6443` : undefined
}
