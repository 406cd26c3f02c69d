import {
	type Evidence,
	fact,
	interruptsOfRestart,
	log,
	pathArgument,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'

/** Flags that existed once, with what took their place. */
const removed: Record<string, string> = {
	'no-deploy': 'use disable',
	'no-flannel': 'use flannel-backend: none',
	'cluster-secret': 'use token',
	'disable-selinux': 'leave it out, SELinux is off by default',
	'multi-cluster-cidr': 'it was removed in 1.29',
	profile: 'that is an option of RKE2',
	cni: 'that is an option of RKE2; k3s has flannel-backend: none',
}

/** Where a flag stands: in a file, in the unit, in neither. */
function placeOf({ config }: Evidence, flag: string): string | undefined {
	const value = config?.values.get(flag)
	if (value) return `${value.origin.file}${value.origin.line ? `:${value.origin.line}` : ''}`
	return config?.args.some(word => word.replace(/^-+/, '').split('=')[0] === flag)
		? 'the ExecStart of the unit'
		: undefined
}

const says = (flag: string) =>
	`k3s does not know the option ${flag}${removed[flag] ? `: ${removed[flag]}` : ''}`

export default rule({
	cause: 'config-unknown-flag',
	title: 'k3s was given an option that it does not know',
	severity: 'critical',
	severityHere: ({ service }) => (service?.state === 'running' ? 'info' : undefined),
	explain:
		"The command line, or an agent's config.yaml, names an option that this version of k3s does not have: a typo, an option of another distribution, or one that was removed. A server only warns of unknown keys in config.yaml and goes on without them, so there a typo is silently without effect.",
	docs: ['https://docs.k3s.io/cli/server', 'https://docs.k3s.io/cli/agent'],
	signs: [
		log(/flag provided but not defined: -+(?<flag>[\w-]+)/, ({ flag = '' }) => says(flag)),
		// v1.25 refused an option that v1.26 no longer knows.
		log(/(?<flag>no-[\w-]{1,40}|cluster-secret)(?: flag)? is deprecated\. Use --/, ({ flag = '' }) =>
			says(flag),
		),
		log(
			/Unknown flag --(?<flag>[\w-]+) found in (?<file>\S+?),? skipping/,
			({ flag = '', file = '' }) => `${file}: ${says(flag)}; it is skipped`,
			{ when: 'ever', neverProof: true },
		),
		fact(['config', 'service'], ({ config, service }, evidence) => {
			if (service.state === 'running' || service.state === 'starting') return undefined
			return config.args
				.map(word => /^--?([\w-]+)/.exec(word)?.[1] ?? '')
				.filter(flag => Object.hasOwn(removed, flag))
				.map(flag =>
					strong('config', `${placeOf(evidence, flag) ?? 'the unit'} names ${flag}: ${removed[flag]}`),
				)
		}),
	],
	leadsTo: ['api-unreachable', 'node-not-ready'],
	remedies: (evidence, findings) => {
		const { node, config, units } = evidence
		const flag = findings
			.map(
				({ quote, says: said }) =>
					/not defined: -+([\w-]+)/.exec(quote?.text ?? '')?.[1] ?? /the option ([\w-]+)/.exec(said)?.[1],
			)
			.find(Boolean)
		const origin = flag === undefined ? undefined : config?.values.get(flag)?.origin
		const file = origin?.kind === 'file' ? pathArgument(origin.file) : undefined
		const unitFile =
			pathArgument(units?.cat.find(({ text }) => flag !== undefined && text.includes(`--${flag}`))?.path) ??
			`/etc/systemd/system/${node.unit}`
		return [
			file && flag
				? {
						title: `Take ${flag} out of ${file}`,
						why: removed[flag] ?? 'This version of k3s does not know it.',
						risk: 'restart' as const,
						interrupts: interruptsOfRestart(node),
						steps: [{ edit: file, remove: [flag] }, ...restartSteps(node)],
						recheck: ['config' as const, 'units' as const, 'journal' as const],
					}
				: {
						title: `Take ${flag ? `--${flag}` : 'the option'} out of the unit`,
						why: (flag && removed[flag]) ?? 'This version of k3s does not know it.',
						risk: 'restart' as const,
						interrupts: interruptsOfRestart(node),
						steps: [
							{ run: ['systemctl', 'cat', '--no-pager', node.unit] as const },
							{
								tell: 'Edit the ExecStart lines, then:',
								commands: [`vi ${unitFile}`, 'systemctl daemon-reload', `systemctl restart ${node.unit}`],
							},
						],
						recheck: ['config' as const, 'units' as const, 'journal' as const],
					},
		]
	},
})
