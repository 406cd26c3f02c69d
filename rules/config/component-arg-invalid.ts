import {
	configValues,
	type Evidence,
	fact,
	interruptsOfRestart,
	log,
	pathArgument,
	presence,
	proof,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'

const passThrough = [
	'kubelet-arg',
	'kube-apiserver-arg',
	'kube-controller-manager-arg',
	'kube-scheduler-arg',
	'kube-proxy-arg',
	'kube-cloud-controller-manager-arg',
	'etcd-arg',
]

interface Argument {
	option: string
	text: string
	name: string
	value: string
}

function argumentsOf({ config }: Evidence): Argument[] {
	return passThrough.flatMap(option =>
		configValues(config, option).map(text => {
			const [name = '', ...rest] = text.replace(/^-+/, '').split('=')
			return { option, text, name, value: rest.join('=') }
		}),
	)
}

/** The argument that a refusal names, by its flag, its value or the file in it. */
function guilty(evidence: Evidence, said: string): Argument | undefined {
	const all = argumentsOf(evidence)
	const flag =
		/unknown flag: --(?<flag>[\w.-]+)/.exec(said)?.groups?.flag ??
		/for "?--(?<flag>[\w.-]+)/.exec(said)?.groups?.flag
	const path = /open (?<path>\/\S+?):/.exec(said)?.groups?.path
	return (
		all.find(({ name }) => flag !== undefined && name === flag) ??
		all.find(({ value }) => path !== undefined && value.includes(path)) ??
		all.find(
			({ value, name }) =>
				/gate/.test(name) && value.split(',').some(part => said.includes(part.split('=')[0] ?? '\u0000')),
		)
	)
}

const ownOption: Record<string, string> = {
	'register-with-taints': 'node-taint',
	'node-labels': 'node-label',
}

/** The refused argument is one that k3s makes out of an option of its own. */
function isOwn({ config }: Evidence, text: string): boolean {
	const flag = /for "?--(?<flag>[\w-]+)/.exec(text)?.groups?.flag ?? ''
	return configValues(config, ownOption[flag] ?? '').length > 0
}

const components: Record<string, string> = {
	kubelet: 'kubelet-arg',
	apiserver: 'kube-apiserver-arg',
	'controller-manager': 'kube-controller-manager-arg',
	scheduler: 'kube-scheduler-arg',
	'kube-proxy': 'kube-proxy-arg',
	'cloud-controller-manager': 'kube-cloud-controller-manager-arg',
}

/** The argument of the component that ended whose value, as it was given, stands in its last word. */
function quoted(evidence: Evidence, said: string): Argument | undefined {
	const groups = /(?<component>[a-z-]{6,30}) exited: (?<why>[^\n]{1,2000})/.exec(said)?.groups
	const why = groups?.why ?? ''
	return argumentsOf(evidence).find(({ option, value }) => {
		const bare = value.replace(/^"|"$/g, '')
		const telling = bare.length > 2 && !/^(?:true|false|\d+)$/.test(bare)
		return (
			option === components[groups?.component ?? ''] &&
			telling &&
			[`"${bare}"`, `\\"${bare}\\"`, `'${bare}'`, ` ${bare}:`].some(part => why.includes(part))
		)
	})
}

const named =
	(what: string) =>
	(_groups: Record<string, string>, { text }: { text: string }) => {
		const detail =
			/(unknown flag: \S+|unrecognized feature gate: \S+|invalid argument .+|open \S+: no such file or directory|unable to load [^:]+|failed to (?:parse|load) .+)/.exec(
				text,
			)?.[1]
		return `${what}${detail ? `: ${detail.slice(0, 200)}` : ''}`
	}

export default rule({
	cause: 'component-arg-invalid',
	title: 'An argument passed through to a Kubernetes component is rejected by it',
	severity: 'critical',
	explain:
		'kubelet-arg, kube-apiserver-arg and their kin are handed to the component as they stand. The component does not know this one, rejects its value, or cannot read the file that it names, and exits; k3s goes down with it.',
	docs: [
		'https://docs.k3s.io/cli/server#customized-flags-for-kubernetes-processes',
		'https://kubernetes.io/docs/reference/command-line-tools-reference/',
	],
	signs: [
		log(/unknown flag: --(?<flag>[\w.-]+)/, named('a component does not know a flag'), {
			if: (_e, { text }) => !text.startsWith('Unknown flag'),
		}),
		log(
			/(?:unrecognized|unknown) feature gate:? (?<gate>\S+)/,
			({ gate }) => `no such feature gate: ${gate}`,
		),
		log(
			/invalid argument ".*?" for "--(?<flag>[\w.-]+)/,
			({ flag }) => `the value of --${flag} is not accepted`,
			{ if: (evidence, { text }) => !isOwn(evidence, text) },
		),
		log(
			/(?:loading|failed to (?:load|read|parse)) (?:audit policy|admission|encryption|authentication|authorization|tracing)[^:]*(?:file|config)/i,
			named('a file that an argument names cannot be used'),
		),
		log(
			/(?:kubelet|apiserver|controller-manager|scheduler|kube-proxy|cloud-controller-manager) exited: .*(?:unable to load|no such file or directory|failed to parse|error while parsing encryption provider|invalid configuration)/,
			named('a component rejects its arguments'),
			{
				if: (evidence, { text }) =>
					!isOwn(evidence, text) &&
					!/tls|x509|iptables|cgroup|containerd\.sock|\/proc\/|\/sys\/|\/dev\//.test(text),
			},
		),
		log(
			/failed to (?:parse|load) kubelet (?:flag|config|dropin)|unable to load config drop-in|strict decoding error: unknown field|failed to validate kubelet configuration/,
			named('the kubelet rejects its configuration'),
			{
				if: (evidence, { text }) => !/cgroup v1|running with swap/.test(text) && !isOwn(evidence, text),
			},
		),
		log(
			/[Ff]ailed to enforce (?<which>Kube|System) Reserved Cgroup Limits on "?(?<group>[^\s":]{1,200})/,
			({ which = '', group }) =>
				`the control group ${group}, for which ${which.toLowerCase()}-reserved is to be enforced, does not exist`,
		),
		log(
			/failed to validate kube-proxy conntrack configuration|invalid tls-min-version|invalid tls-cipher-suites/,
			named('an argument is rejected'),
		),
		log(
			/value required for kubelet-arg --config|copy config .* into managed drop-in dir/,
			'the kubelet configuration file of a kubelet-arg cannot be used',
		),
		log(
			/unable to initialize command options|Cloud provider could not be initialized|Cloud provider is nil/,
			'the cloud controller rejects its arguments',
		),
		log(
			/Failed to apply (?:authentication|authorization) configuration/,
			named('the API server rejects its authentication settings'),
		),
		fact(['config', 'files', 'service'], ({ files, service }, evidence) => {
			if (service.state === 'running' || service.state === 'starting') return undefined
			const word = service.lastWord?.text ?? ''
			return argumentsOf(evidence)
				.filter(
					({ name, value }) =>
						/(?:file|config)$/.test(name) && value.startsWith('/') && presence(files, value) === 'absent',
				)
				.map(({ option, text, value }) =>
					(word.includes(value) ? proof : strong)(
						'config',
						`${option} names ${value}, which does not exist`,
						{ quote: originOf(evidence, option, text) },
					),
				)
		}),
		fact(['config', 'service'], ({ service }, evidence) => {
			const word = service.lastWord?.text
			const found =
				word === undefined
					? undefined
					: /unknown flag|feature gate|invalid argument/.test(word)
						? guilty(evidence, word)
						: quoted(evidence, word)
			return found
				? proof('config', `it stands in ${found.option}: ${found.text}`, {
						quote: originOf(evidence, found.option, found.text),
					})
				: undefined
		}),
	],
	leadsTo: ['kube-proxy-failed', 'api-unreachable', 'node-not-ready'],
	remedies: (evidence, findings) => {
		const { node, config } = evidence
		const said = findings.map(({ says, quote }) => `${says} ${quote?.text ?? ''}`).join(' ')
		const found = guilty(evidence, said)
		const file = pathArgument(found && config?.values.get(found.option)?.origin.file)
		return [
			found && file?.startsWith('/etc/rancher')
				? {
						title: `Take ${found.text} out of ${found.option} in ${file}`,
						why: 'Without it the component starts. Put it back in its right form afterwards, if it is needed.',
						risk: 'restart' as const,
						interrupts: interruptsOfRestart(node),
						steps: [{ edit: file, dropFrom: { [found.option]: [found.text] } }, ...restartSteps(node)],
						recheck: ['config' as const, 'units' as const, 'journal' as const],
					}
				: undefined,
			{
				title: 'Correct the argument',
				why: "The component's reference lists what this version knows; arguments and feature gates come and go between minor versions.",
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				steps: [
					{
						tell: 'Edit the argument (or put the file that it names in place), then restart k3s:',
						commands: [`vi ${file ?? '/etc/rancher/k3s/config.yaml'}`, `systemctl restart ${node.unit}`],
					},
				],
				recheck: ['config', 'units', 'journal'],
			},
		]
	},
})

function originOf({ config }: Evidence, option: string, text: string) {
	const origin = config?.values.get(option)?.origin
	if (!origin) return undefined
	const file = origin.file.startsWith('/') ? `files${origin.file}` : origin.file
	return { file, text, ...(origin.line && { line: origin.line }) }
}
