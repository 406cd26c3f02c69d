import {
	configValue,
	type Evidence,
	fact,
	hint,
	interruptsOfRestart,
	pathArgument,
	proof,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { changeFlags, flagQuote } from '../network/config-steps.js'
import { corednsSaid, dnsAddress } from './coredns.js'
import { lineOf } from './resolver.js'

const loop =
	/plugin\/loop: Loop \((?<from>\S{1,60}) -> \S{0,40}:\d{1,5}\) detected for zone "(?<zone>[^"]{1,100})"/

/** Servers of the file for pods that lead a question back into the cluster, or nowhere. */
function backwards(evidence: Evidence): { server: string; file: string } | undefined {
	const { podResolv } = evidence.names ?? {}
	const own =
		dnsAddress(evidence) ?? configValue(evidence.config, 'cluster-dns')?.split(',')[0] ?? '10.43.0.10'
	const server = podResolv?.nameservers.find(address => address === own || /^127\.|^::1$/.test(address))
	return podResolv && server !== undefined ? { server, file: podResolv.file } : undefined
}

/** Servers of the host that pods can reach. */
function usable({ names }: Evidence): string[] {
	const real = names?.resolved?.nameservers ?? names?.resolv?.nameservers ?? []
	return real.filter(
		address => /^[\d.:a-fA-F]{3,45}$/.test(address) && !/^127\.|^::1$|^169\.254\.|^fe80:/.test(address),
	)
}

const ownFile = '/etc/k3s-resolv.conf'

export default rule({
	cause: 'dns-loop',
	title: 'CoreDNS asks itself: the resolver that is handed to pods points back to it',
	severity: 'warning',
	explain:
		'CoreDNS passes what it does not know to the servers of the resolv.conf that the kubelet hands out. There stands an address that leads back to CoreDNS: 127.0.0.53 of systemd-resolved, another loopback address, or the address of the cluster DNS itself. CoreDNS notices the loop and ends, again and again, and no pod can resolve a name.',
	docs: ['https://coredns.io/plugins/loop/#troubleshooting', 'https://docs.k3s.io/cli/agent#networking'],
	signs: [
		fact(['podLogs'], (_have, evidence) => {
			const said = corednsSaid(evidence).findLast(({ text }) => loop.test(text))
			const { zone = '.', from = '' } = loop.exec(said?.text ?? '')?.groups ?? {}
			return (
				said &&
				proof(
					'podLogs',
					`CoreDNS (${said.pod}) ended because its question for "${zone}" came back from ${from}`,
					{
						quote: said.quote,
						at: said.at,
					},
				)
			)
		}),
		fact(['names'], (_have, evidence) => {
			const found = backwards(evidence)
			return (
				found &&
				strong(
					'names',
					`pods get ${found.file}, which sends them to ${found.server}: that is CoreDNS again, or the pod itself`,
					{
						quote: lineOf(evidence, found.file, found.server),
					},
				)
			)
		}),
		fact(['config', 'podLogs'], ({ config }, evidence) => {
			const file = configValue(config, 'resolv-conf')
			const loops = corednsSaid(evidence).some(({ text }) => loop.test(text))
			return file !== undefined && loops
				? hint('config', `the kubelet is told to hand ${file} to pods`, {
						quote: flagQuote(evidence, 'resolv-conf'),
					})
				: undefined
		}),
	],
	leadsTo: ['coredns-down', 'dns-upstream-broken', 'helm-job-failed', 'metrics-server-down', 'pod-crashloop'],
	remedies: evidence => {
		const { node, names, config } = evidence
		const given = pathArgument(configValue(config, 'resolv-conf'))
		const servers = usable(evidence).slice(0, 3)
		const stub = names?.resolved && names.resolved.nameservers.length > 0
		const target = stub ? '/run/systemd/resolve/resolv.conf' : ownFile
		const interrupts = `${interruptsOfRestart(node)}; DNS of pods, which is down anyway`
		const again = {
			tell: 'CoreDNS gets the file when its pod is made:',
			commands: ['k3s kubectl -n kube-system rollout restart deployment coredns'],
		}
		return [
			given && given !== ownFile && servers.length > 0
				? {
						title: 'Let k3s choose the resolver of pods itself',
						why: `resolv-conf names ${given}. Without it k3s takes the host's own servers (${servers.join(', ')}), which do not lead back.`,
						risk: 'restart' as const,
						interrupts,
						steps: [...changeFlags(evidence, { 'resolv-conf': undefined }), again],
						recheck: ['config' as const, 'names' as const, 'podLogs' as const, 'cluster' as const],
					}
				: undefined,
			servers.length > 0
				? {
						title: `Give pods a resolver file of their own with ${servers.join(', ')}`,
						why: 'They then ask the servers that the host really uses.',
						risk: 'restart' as const,
						interrupts,
						steps: [
							...(target === ownFile
								? [
										{
											write: ownFile,
											content: servers.map(server => `nameserver ${server}\n`).join(''),
											mode: 0o644,
										},
									]
								: []),
							...(given === target ? restartSteps(node) : changeFlags(evidence, { 'resolv-conf': target })),
							again,
						],
						recheck: ['config' as const, 'names' as const, 'podLogs' as const, 'cluster' as const],
					}
				: undefined,
			{
				title: 'Write a resolver file without loopback addresses',
				why: 'It must name servers that a pod can reach: neither 127.0.0.0/8 nor the cluster DNS.',
				risk: 'restart',
				interrupts,
				steps: [
					{
						tell: 'With a server of your network, on each node:',
						commands: [
							`echo "nameserver SERVER" > ${given ?? ownFile}`,
							...(given ? [] : [`echo "resolv-conf: ${ownFile}" >> /etc/rancher/k3s/config.yaml`]),
							`systemctl restart ${node.unit}`,
							'k3s kubectl -n kube-system rollout restart deployment coredns',
						],
					},
				],
				recheck: ['config', 'names', 'podLogs', 'cluster'],
			},
		]
	},
})
