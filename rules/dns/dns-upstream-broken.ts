import {
	type Evidence,
	fact,
	hint,
	hostArgument,
	interruptsOfRestart,
	nowOf,
	proof,
	rule,
	strong,
} from '../../src/rule.js'
import { minutes } from '../workload/pods.js'
import { corednsSaid, dnsAddress, type Said } from './coredns.js'
import { deadServers } from './resolver.js'

/** `plugin/errors: 2 example.org. A: read udp 10.42.0.6:57009->10.0.0.53:53: i/o timeout` */
const unanswered =
	/plugin\/errors: \d (?<name>\S{1,260}) \S{1,12}: (?:unreachable backend: )?(?:read (?:udp|tcp) \S{1,60}->|dial (?:udp|tcp) |(?:udp|tcp) )\[?(?<server>[0-9a-fA-F.:]{3,45}?)\]?:(?<port>\d{1,5}): (?:read: |connect: |i\/o: )?(?<why>i\/o timeout|connection refused|no route to host|network is unreachable|host is unreachable)/

interface Silent {
	server: string
	why: string
	count: number
	since: number
	last: Said
}

/** Servers to which CoreDNS passes questions in vain, the most often met first. */
function silentServers(evidence: Evidence): Silent[] {
	const found = new Map<string, Silent>()
	// A server that was silent for a moment is history: the trouble must reach into the last minutes.
	for (const said of corednsSaid(evidence)) {
		const groups = unanswered.exec(said.text)?.groups
		if (!groups?.server || groups.server === dnsAddress(evidence)) continue
		const before = found.get(groups.server)
		found.set(groups.server, {
			server: groups.server,
			why: groups.why ?? '',
			count: (before?.count ?? 0) + 1,
			since: before?.since ?? said.at,
			last: said,
		})
	}
	return [...found.values()]
		.filter(({ last }) => nowOf(evidence) - last.at < 5 * minutes)
		.sort((one, other) => other.count - one.count)
}

export default rule({
	cause: 'dns-upstream-broken',
	title: 'The DNS server to which CoreDNS passes questions does not answer',
	severity: 'warning',
	explain:
		"Names of the cluster CoreDNS answers itself; all others it passes to the servers of the node's resolv.conf. Those do not answer: they are off or were moved, a packet filter drops 53/udp, or pods have no way to them. Pods then resolve services, but no name of the outside, and requests hang for seconds.",
	docs: [
		'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
		'https://docs.k3s.io/cli/agent#networking',
	],
	signs: [
		fact(['podLogs'], (_have, evidence) =>
			silentServers(evidence).map(({ server, why, count, since, last }) => {
				const says = `${server} does not answer the questions that CoreDNS passes on (${why})`
				const named = evidence.names?.podResolv?.nameservers ?? evidence.names?.resolv?.nameservers ?? []
				// One of several may be lost without harm; a few lost packets are no fault.
				const all = named.every(address => silentServers(evidence).some(silent => silent.server === address))
				const weigh = count >= 5 && all && named.length > 0 ? proof : count >= 3 ? strong : hint
				return weigh('podLogs', says, { quote: last.quote, at: last.at, since, count })
			}),
		),
		fact(['names', 'network', 'podLogs'], ({ names }, evidence) => {
			const silent = silentServers(evidence)
			return deadServers(evidence)
				.filter(address => silent.some(({ server }) => server === address))
				.map(address =>
					strong('network', `${address} is not even there: nobody on the link has this address`, {
						quote: {
							file: 'commands/ip-neigh.json',
							text: `${address} (${names.resolv?.file ?? '/etc/resolv.conf'})`,
						},
					}),
				)
		}),
	],
	leadsTo: ['host-dns-broken', 'registry-unreachable', 'helm-job-failed', 'pod-probe-failing'],
	remedies: evidence => {
		const { node } = evidence
		const server = hostArgument(silentServers(evidence)[0]?.server)
		const file = evidence.names?.podResolv?.file ?? '/etc/resolv.conf'
		return [
			{
				title: server ? `See whether ${server} answers at all` : 'See whether the DNS server answers at all',
				why: 'If the host gets an answer and pods do not, it is the way out of the pods; if neither does, it is the server.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'Here, and from a pod:',
						commands: [
							`dig +time=2 +tries=1 @${server ?? 'SERVER'} example.org`,
							`ping -c 2 ${server ?? 'SERVER'}`,
							'k3s kubectl run dnstest --rm -it --restart=Never --image=busybox -- nslookup example.org',
						],
					},
				],
				recheck: ['names', 'network', 'podLogs'],
			},
			{
				title: 'Name a server that answers',
				why: `${file} says whom CoreDNS asks; the pod of CoreDNS reads it when it is made.`,
				risk: 'restart',
				interrupts: `${interruptsOfRestart(node)}; DNS of pods for some seconds`,
				steps: [
					{
						tell: 'Correct it where it is made (netplan, NetworkManager, systemd-resolved, DHCP), or give the kubelet a file of its own; then:',
						commands: [
							`cat ${/^\/[\w./-]{1,200}$/.test(file) ? file : '/etc/resolv.conf'}`,
							'echo "resolv-conf: /etc/k3s-resolv.conf" >> /etc/rancher/k3s/config.yaml',
							`systemctl restart ${node.unit}`,
							'k3s kubectl -n kube-system rollout restart deployment coredns',
						],
					},
				],
				recheck: ['names', 'config', 'podLogs'],
			},
		]
	},
})
