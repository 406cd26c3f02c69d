import {
	type Evidence,
	fact,
	hint,
	hostArgument,
	log,
	proof,
	rule,
	serverUrl,
	strong,
} from '../../src/rule.js'
import { answersAsK3s, complainsOfServer, lacksServer, serverLink } from '../network/server-link.js'
import { isName, nameTrouble, silences, unansweredLookup, wasFound } from './resolver.js'

/** Names that k3s on this host needs: of its server, its datastore, its registries. */
function neededNames({ config, datastore, registries }: Evidence): string[] {
	const mirrors = (registries?.mirrors ?? []).flatMap(({ endpoints }) =>
		endpoints.map(endpoint => /^[a-z]+:\/\/([^:/]+)/i.exec(endpoint)?.[1]),
	)
	return [serverUrl(config)?.host, datastore?.endpoint?.host, ...mirrors]
		.filter(name => name !== undefined)
		.filter(name => name !== '' && name !== 'localhost' && isName(name))
}

export default rule({
	cause: 'host-dns-broken',
	title: 'This host cannot resolve names',
	severity: 'critical',
	severityHere: ({ service }) => (service?.state === 'running' ? 'warning' : undefined),
	explain:
		'The resolver of the host does not answer, or cannot answer: the DNS server in resolv.conf is off or unreachable, systemd-resolved does not run, or the name is one that only mDNS knows. k3s can then not find its server, datastore or registry by name, although all of them may be well.',
	docs: [
		'https://docs.k3s.io/installation/requirements#networking',
		'https://www.freedesktop.org/software/systemd/man/latest/systemd-resolved.service.html',
	],
	signs: [
		fact(['config', 'probes', 'service'], (_have, evidence) => {
			const link = serverLink(evidence)
			if (link?.name !== 'silent' || !lacksServer(evidence)) return undefined
			const stuck = evidence.service?.state !== 'running' || complainsOfServer(evidence)
			const { host } = link
			return (stuck ? proof : strong)(
				'probes',
				`the name of the server, ${host}, cannot be looked up: the resolver does not answer`,
				{ quote: link.probe?.quote },
			)
		}),
		fact(['config', 'probes', 'service', 'journal'], ({ service }, evidence) => {
			// A server that refuses is as quick as one that says "no such name".
			const link = serverLink(evidence)
			if (link?.name !== 'unknown' || service.state === 'running' || !lacksServer(evidence)) return undefined
			return wasFound(evidence, link.host)
				? strong(
						'probes',
						`the name of the server, ${link.host}, leads to no address any more; k3s has worked with it before`,
						{
							quote: link.probe?.quote,
						},
					)
				: undefined
		}),
		fact(['names', 'datastore', 'service'], ({ datastore, service }, evidence) => {
			const host = datastore.endpoint?.host
			if (host === undefined || nameTrouble(evidence, host) !== 'silent') return undefined
			return (service.state === 'running' ? strong : proof)(
				'names',
				`the name of the datastore, ${host}, cannot be looked up: the resolver does not answer`,
			)
		}),
		fact(['names'], ({ names }) =>
			(names.unanswered ?? [])
				.slice(0, 3)
				.map(name => strong('names', `nobody answered the question for ${name}`)),
		),
		fact(['names'], (_have, evidence) => {
			const needed = neededNames(evidence)
			const missed = needed.some(name => nameTrouble(evidence, name) === 'silent')
			return silences(evidence).map(({ says, certain, quote }) => {
				// A host that needs no names lives well without a resolver, and a neighbour may be away for a moment.
				const weigh = certain ? (needed.length > 0 ? proof : strong) : missed ? strong : hint
				return weigh('names', says, { quote })
			})
		}),
		log(unansweredLookup, ({ name, why }) => `${name} cannot be looked up: ${why}`, {
			// glibc says "temporary failure" now and then of a name that it has just been told not to exist.
			if: (evidence, _message, { name = '' }) =>
				!(evidence.journal?.messages ?? []).some(({ text }) =>
					text.includes(`lookup ${name}: no such host`),
				) && !(evidence.names?.lookups.get(name)?.length ?? 0),
		}),
		fact(['config', 'probes', 'service'], ({ service }, evidence) => {
			const link = serverLink(evidence)
			if (!link || !/\.local$/i.test(link.host) || service.state === 'running' || !lacksServer(evidence))
				return undefined
			return answersAsK3s(link) || link.probe?.result === 'open'
				? proof(
						'probes',
						`${link.host} is a name of mDNS: this host knows it, but k3s asks DNS servers only`,
						{
							quote: link.probe?.quote,
						},
					)
				: hint('config', `${link.host} looks like a name of mDNS, which k3s does not ask`)
		}),
	],
	leadsTo: [
		'api-unreachable',
		'external-db-unreachable',
		'registry-unreachable',
		'airgap-images-missing',
		'etcd-snapshot-failed',
		'helm-job-failed',
		'node-not-ready',
	],
	remedies: evidence => {
		const { names, units } = evidence
		const resolved = units?.all.find(({ id }) => id === 'systemd-resolved.service')
		const stub = names?.resolv?.nameservers.every(address => /^127\./.test(address)) === true
		const server = hostArgument(names?.resolv?.nameservers[0])
		const needed = hostArgument(neededNames(evidence)[0])
		return [
			stub && resolved && resolved.loadState === 'loaded' && resolved.activeState !== 'active'
				? {
						title: 'Start systemd-resolved',
						why: 'resolv.conf sends every question to it, and it does not run.',
						risk: 'safe' as const,
						interrupts: 'nothing',
						steps: [{ run: ['systemctl', 'enable', '--now', 'systemd-resolved.service'] as const }],
						recheck: ['names' as const, 'sockets' as const, 'probes' as const, 'journal' as const],
					}
				: undefined,
			{
				title: 'Name a DNS server that answers',
				why: `${server ? `${server} stands in resolv.conf. ` : ''}The file is usually made by DHCP, NetworkManager, netplan or systemd-resolved: correct it there. k3s tries again by itself.`,
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'See who makes it and whether its server answers:',
						commands: [
							'ls -l /etc/resolv.conf; cat /etc/resolv.conf',
							'resolvectl status',
							`getent ahosts ${needed ?? 'NAME'}`,
							`ping -c 2 ${server ?? 'SERVER'}`,
						],
					},
				],
				recheck: ['names', 'probes', 'journal'],
			},
			needed !== undefined && {
				title: `Write ${needed} into /etc/hosts`,
				why: 'k3s then needs no DNS for it. Right where the address does not change.',
				risk: 'safe' as const,
				interrupts: 'nothing',
				steps: [{ tell: 'With its address:', commands: [`echo "ADDRESS ${needed}" >> /etc/hosts`] }],
				recheck: ['names' as const, 'probes' as const, 'journal' as const],
			},
		]
	},
})
