import {
	configValues,
	type Evidence,
	fact,
	hint,
	interruptsOfRestart,
	log,
	nowOf,
	pathArgument,
	proof,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { switchedOff } from '../kinds.js'
import { hasSettled, minutes } from '../workload/pods.js'
import { flagQuote, isOn } from './config-steps.js'

/** Ends of kube-proxy that have a cause of their own: no iptables program, a flag that it does not know, a port. */
const elsewhere =
	/executable file not found|iptables is not available|unknown flag|address already in use|RULE_APPEND failed|missing kernel module|failed to parse|no such host/

/** `ipvs`, `nftables`, … as kube-proxy-arg gives it. */
function modeOf({ config }: Evidence): string | undefined {
	const given = configValues(config, 'kube-proxy-arg').findLast(value => /^(?:--)?proxy-mode=/.test(value))
	return given?.replace(/^(?:--)?proxy-mode=/, '')
}

/** kube-proxy's own word on whether it does its work. */
function health({ probes }: Evidence) {
	return probes?.http.find(({ url }) => /:10256\/healthz$/.test(url))
}

const isLasting = (evidence: Evidence, { count, lastAt }: { count: number; lastAt: number }) =>
	evidence.service?.state !== 'running' || (count > 2 && nowOf(evidence) - lastAt < 5 * minutes)

export default rule({
	cause: 'kube-proxy-failed',
	title: 'kube-proxy does not run or cannot write its rules',
	severity: 'critical',
	severityHere: ({ service }) => (service?.state === 'running' ? 'warning' : undefined),
	notFor: switchedOff('disable-kube-proxy', 'kube-proxy'),
	explain:
		'kube-proxy makes the addresses of services work on this node, by rules of iptables, nftables or IPVS. If its mode is not supported by the kernel, a kernel setting cannot be written, or the rules are refused, k3s ends, or goes on while services (DNS among them) do not answer from here.',
	docs: [
		'https://kubernetes.io/docs/reference/networking/virtual-ips/',
		'https://docs.k3s.io/networking/basic-network-options',
	],
	signs: [
		log(/kube-proxy exited: (?<why>[^\n]{1,300})/, ({ why }) => `kube-proxy ended: ${why}`, {
			if: (_evidence, { text }) => !elsewhere.test(text),
		}),
		log(
			/(?<why>can't use ipvs proxier[^\n]{0,160}|can't use the IPVS proxier[^\n]{0,160}|[Ii][Pp][Vv][Ss] proxier[^\n]{0,60}(?:cannot|not supported|unavailable)[^\n]{0,120}|unable to create ipvs? (?:proxier|handle)[^\n]{0,160}|no support for (?:nftables|ipvs)[^\n]{0,120}|unable to create proxier: [^\n]{1,200}|missing required kernel modules: [^\n]{1,160})/,
			({ why }) => `kube-proxy's mode cannot be used here: ${why}`,
			{ if: (_evidence, { text }) => !elsewhere.test(text) },
		),
		log(
			/Failed to ensure chain jumps|Failed to execute iptables-restore|"?Sync failed"?/,
			(_groups, { text }) => `kube-proxy cannot write its rules: ${text.slice(0, 200)}`,
			{
				if: (evidence, message) => !elsewhere.test(message.text) && isLasting(evidence, message),
				weight: 'hint',
			},
		),
		fact(['probes', 'service'], (_have, evidence) => {
			const answer = health(evidence)
			if (!answer || !hasSettled(evidence, 3 * minutes) || isOn(evidence, 'disable-kube-proxy'))
				return undefined
			if (answer.status === 503)
				return strong('probes', 'kube-proxy says of itself that its rules are out of date', {
					quote: answer.quote,
				})
			return answer.exit === 7
				? hint('probes', 'nothing answers on the health port of kube-proxy (10256)', { quote: answer.quote })
				: undefined
		}),
		fact(['config', 'kernel', 'service'], ({ kernel, service }, evidence) => {
			const mode = modeOf(evidence)
			if (mode !== 'ipvs' || service.state === 'running' || !kernel.modules) return undefined
			const builtIn = kernel.modules.has('ip_vs')
			const said = evidence.journal?.messages.some(
				({ text }) => /ipvs/i.test(text) && /can't|cannot|not|fail/i.test(text),
			)
			return !builtIn && said
				? proof('kernel', 'kube-proxy is to use IPVS, and the kernel has not loaded it (ip_vs)', {
						quote: flagQuote(evidence, 'kube-proxy-arg'),
					})
				: undefined
		}),
	],
	leadsTo: ['coredns-down', 'metrics-server-down', 'node-not-ready', 'api-unreachable'],
	remedies: evidence => {
		const { node } = evidence
		const mode = modeOf(evidence)
		const origin = evidence.config?.values.get('kube-proxy-arg')?.origin
		const file = pathArgument(origin?.kind === 'file' ? origin.file : undefined)
		const item = configValues(evidence.config, 'kube-proxy-arg').findLast(value => /proxy-mode=/.test(value))
		return [
			mode !== undefined &&
				mode !== 'iptables' && {
					title: `Let kube-proxy use iptables instead of ${/^[a-z]{1,16}$/.test(mode) ? mode : 'this mode'}`,
					why: 'It is the default of k3s and works on every kernel that k3s supports. Rules of the other mode stay until the next boot.',
					risk: 'restart' as const,
					interrupts: `${interruptsOfRestart(node)}; services for some seconds`,
					steps:
						file && item
							? [{ edit: file, dropFrom: { 'kube-proxy-arg': [item] } }, ...restartSteps(node)]
							: [
									{
										tell: 'Take proxy-mode out of kube-proxy-arg, then:',
										commands: [`systemctl restart ${node.unit}`],
									},
								],
					recheck: ['config' as const, 'journal' as const, 'probes' as const],
				},
			mode === 'ipvs' && {
				title: 'Load the kernel modules of IPVS',
				why: 'Some distributions ship them in a package of their own (linux-modules-extra, kernel-modules-extra).',
				risk: 'restart' as const,
				interrupts: interruptsOfRestart(node),
				steps: [
					{ run: ['modprobe', '-a', 'ip_vs', 'ip_vs_rr', 'ip_vs_wrr', 'ip_vs_sh', 'nf_conntrack'] as const },
					...restartSteps(node),
				],
				recheck: ['kernel' as const, 'journal' as const],
			},
			{
				title: 'Look at what kube-proxy says, and start its rules anew',
				why: 'Rules that an older version or another mode left can stand in the way; they go with the next boot.',
				risk: 'restart',
				interrupts: `${interruptsOfRestart(node)}; services for some seconds`,
				steps: [
					{
						tell: 'Its words:',
						commands: [`journalctl -u ${node.unit} --no-pager | grep -E "proxier|kube-proxy" | tail -n 40`],
					},
					...restartSteps(node),
				],
				recheck: ['journal', 'probes', 'firewall'],
			},
		]
	},
})
