import {
	bytesInWords,
	type Evidence,
	fact,
	interruptsOfRestart,
	log,
	pathArgument,
	type Remedy,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { kubeletSetting } from './kubelet.js'
import { isTroubled } from './state.js'

/** k3s lets the kubelet run with swap; somebody has to have forbidden it. */
function isForbidden(evidence: Evidence): ReturnType<typeof kubeletSetting> {
	const setting = kubeletSetting(evidence, 'failSwapOn', 'fail-swap-on')
	return setting?.value === 'true' ? setting : undefined
}

function swapLines({ files }: Evidence): { line: string; at: number }[] {
	return (files?.texts.get('/etc/fstab') ?? '')
		.split('\n')
		.map((line, index) => ({ line, at: index + 1 }))
		.filter(({ line }) => /^[^#\s]\S*\s+\S+\s+swap\s/.test(line))
}

export default rule({
	cause: 'swap-on',
	title: 'Swap is on, and the kubelet refuses it',
	severity: 'critical',
	explain:
		"The kubelet was told to refuse hosts with swap (fail-swap-on), and this host has swap. k3s's own default is to accept it, so the setting comes from kubelet-arg or from a kubelet configuration file.",
	docs: [
		'https://kubernetes.io/docs/concepts/cluster-administration/swap-memory-management/',
		'https://docs.k3s.io/cli/server#customized-flags-for-kubernetes-processes',
	],
	signs: [
		log(/running with swap on is not supported/i, 'the kubelet does not start, because swap is on'),
		fact(['memory'], ({ memory }, evidence) => {
			const forbidden = isForbidden(evidence)
			if (!forbidden || memory.swaps.length === 0 || !isTroubled(evidence)) return undefined
			const [swap] = memory.swaps
			return strong(
				'memory',
				`${swap?.name} (${bytesInWords(swap?.size ?? 0)}) is in use as swap, and ${forbidden.where} sets fail-swap-on`,
				{
					quote: forbidden.file
						? {
								file: forbidden.file,
								text: 'failSwapOn: true',
								...(forbidden.line && { line: forbidden.line }),
							}
						: { file: 'files/proc/swaps', text: swap?.name ?? '' },
				},
			)
		}),
	],
	leadsTo: ['api-unreachable', 'node-not-ready'],
	remedies: evidence => {
		const { node, config } = evidence
		const origin = config?.values.get('kubelet-arg')?.origin
		const file = origin?.kind === 'file' ? pathArgument(origin.file) : undefined
		const argument = config?.values
			.get('kubelet-arg')
			?.values.find(value => /^-*fail-swap-on(?:=true)?$/.test(value))
		const dropIn = pathArgument(isForbidden(evidence)?.where)
		const common = {
			risk: 'restart' as const,
			interrupts: interruptsOfRestart(node),
			recheck: ['memory' as const, 'units' as const, 'journal' as const],
		}
		const lines = swapLines(evidence)
		const off: Remedy = {
			...common,
			title: 'Switch swap off, now and at the next boot',
			why: 'This is what the setting asks for. There must be enough memory for what lies in the swap now.',
			steps: [
				{ run: ['swapoff', '-a'], limitSeconds: 300 },
				lines.length > 0
					? {
							editLines: '/etc/fstab',
							changes: lines.map(({ line, at }) => ({ line, at, becomes: [`# ${line}`] })),
						}
					: {
							tell: 'Keep it off: take the swap line out of /etc/fstab, or mask the unit.',
							commands: ['systemctl list-units --type swap', 'systemctl mask UNIT.swap'],
						},
				...restartSteps(node),
			],
			undo: [{ run: ['swapon', '-a'] }],
		}
		const allow: Remedy = {
			...common,
			title: 'Let the kubelet run with swap, as k3s does by default',
			why: 'Pods do not use the swap then, unless swap behaviour is configured.',
			steps: [
				file && argument
					? { edit: file, dropFrom: { 'kubelet-arg': [argument] } }
					: dropIn
						? { edit: dropIn, set: { failSwapOn: false } }
						: {
								tell: 'Take fail-swap-on out of kubelet-arg, or failSwapOn: true out of the kubelet configuration file.',
							},
				...restartSteps(node),
			],
		}
		return [allow, off]
	},
})
