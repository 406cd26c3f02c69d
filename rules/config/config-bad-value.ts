import {
	configValue,
	type Evidence,
	fact,
	interruptsOfRestart,
	log,
	pathArgument,
	proof,
	restartSteps,
	rule,
} from '../../src/rule.js'

/** Message fragment -> the option whose value was refused. */
const refusals: readonly [RegExp, string][] = [
	[/invalid cluster-cidr (?<value>\S+)/, 'cluster-cidr'],
	[/invalid service-cidr (?<value>\S+)/, 'service-cidr'],
	[/invalid CIDR address: (?<value>\S+)/, 'cluster-cidr or service-cidr'],
	[/invalid port range|unable to parse service-node-port-range/, 'service-node-port-range'],
	[/invalid cluster-dns address|cannot configure default cluster-dns address/, 'cluster-dns'],
	[/invalid node-external-ip:? *(?<value>.*)/, 'node-external-ip'],
	[/invalid node-ip:? *(?<value>.*)/, 'node-ip'],
	[/invalid ip format|is not ipv4 or ipv6|invalid node IP address/, 'node-ip or node-external-ip'],
	[/is not allowed to modify labels: (?<value>\S{1,200})/, 'node-label'],
	[/invalid egress-selector-mode/, 'egress-selector-mode'],
	[/unsupported secrets-encryption-provider/, 'secrets-encryption-provider'],
	[/failed to parse node taints|invalid taint (?:spec|effect)/, 'node-taint'],
	[/etcd-snapshot-reconcile-interval must be greater/, 'etcd-snapshot-reconcile-interval'],
	[/etcd-s3-timeout must be greater/, 'etcd-s3-timeout'],
	[/invalid datastore endpoint|failed to parse datastore DSN URL|unknown driver/, 'datastore-endpoint'],
	[/[Uu]nknown flannel backend|Flannel configuration not defined/, 'flannel-backend'],
	[/incorrect netMode for flannel|Flannel error checking netMode/, 'flannel-backend or cluster-cidr'],
	[/Primary service cluster IP range is not configured/, 'service-cidr'],
	[
		/default addr for network '[^']{1,200}' unknown|storage backend is not defined|unknown network \S{1,60}/,
		'datastore-endpoint',
	],
	[/Invalid K3S_P2P_PORT value/, 'K3S_P2P_PORT'],
	[
		/failed to read vpn-auth-file|VPN Error|Requested VPN: \S+ is not supported|tailscale up failed|tailscale does not provide|failed to run tailscale|assigning VPN addresses/,
		'vpn-auth',
	],
	[/invalid listener? address|invalid bind-address/, 'bind-address'],
	[/invalid (?:boolean )?value "?(?<value>[^"]*)"? for (?:flag )?"?-+(?<flag>[\w-]+)/, ''],
	[/could not parse "?(?<value>[^"]*)"? as \w+ value (?:from [^\n]{1,100} )?for flag (?<flag>[\w-]+)/, ''],
]

const wrongUser =
	/(?:server|agent) requires additional privilege|not running as root|must be run as root|delegated cgroup v2 controllers are required for rootless|expected sysctl value .* to be|^(?:Error: )?child died: |missing \/\S{1,200} on the root filesystem|failed to setup mount/

function optionOf(text: string): { option: string; value?: string } | undefined {
	for (const [pattern, option] of refusals) {
		const groups = pattern.exec(text)?.groups
		if (groups || pattern.test(text))
			return { option: option || groups?.flag || 'an option', ...(groups?.value && { value: groups.value }) }
	}
	return undefined
}

export default rule({
	cause: 'config-bad-value',
	title: 'An option of k3s has a value that k3s rejects',
	severity: 'critical',
	explain:
		'k3s checked its configuration and refused one value: an address or network that is not one, a number out of range, a word that is not among the allowed ones. Nothing was started.',
	docs: ['https://docs.k3s.io/cli/server', 'https://docs.k3s.io/installation/configuration'],
	signs: [
		...refusals.map(([pattern]) =>
			log(
				pattern,
				(_groups, { text }) => {
					const found = optionOf(text)
					return `k3s rejects the value of ${found?.option ?? 'an option'}${found?.value ? `: ${found.value}` : ''}`
				},
				{
					if: (_evidence, { text }) =>
						!/must share the same IP version|kube-apiserver|kubelet (?:exited|flag)/.test(text),
				},
			),
		),
		// What k3s hands to the kubelet under another name.
		log(
			/(?<why>unknown 'kubernetes\.io' or 'k8s\.io' labels specified with --node-labels: \[[^\]\n]{0,200}\]|invalid argument \\*"[^"\n]{1,200}\\*" for \\*"--(?:register-with-taints|node-labels)[^\n]{0,200})/,
			({ why = '' }) =>
				`the kubelet refuses a label or taint that k3s was given: ${why.replaceAll('\\"', '"')}`,
			{
				if: ({ config }) =>
					['node-label', 'node-taint'].some(flag => configValue(config, flag) !== undefined),
			},
		),
		log(/--server is required(?! with)/, 'an agent needs the URL of its server (server: or K3S_URL)'),
		log(
			/exec: "?slirp4netns"?: executable file not found/,
			'rootless k3s needs slirp4netns on the host, and it is not installed',
		),
		log(wrongUser, 'k3s was started without the rights that it needs'),
		log(
			/^(?:Error: )?(?:resolving [^\n]{1,300}HOME|determining current user: )/,
			'k3s was started without a user or without HOME, so it finds no place for its data',
		),
		fact(['config', 'service'], ({ config, service }) => {
			if (service.state === 'running' || service.state === 'starting') return undefined
			return ['cluster-cidr', 'service-cidr'].flatMap(flag =>
				(configValue({ ...config }, flag) ?? '')
					.split(',')
					.filter(Boolean)
					.map(cidr => {
						const origin = config.values.get(flag)?.origin
						return isCidr(cidr)
							? undefined
							: proof(
									'config',
									`${flag} is ${cidr}, which is no network`,
									origin && {
										quote: {
											file: originFile(origin.file),
											text: `${flag}: ${cidr}`,
											...(origin.line && { line: origin.line }),
										},
									},
								)
					}),
			)
		}),
	],
	leadsTo: ['api-unreachable', 'node-not-ready'],
	remedies: (evidence, findings) =>
		remedies(evidence, findings.map(({ says, quote }) => `${says} ${quote?.text ?? ''}`).join('\n')),
})

function originFile(path: string): string {
	return path.startsWith('/') ? `files${path}` : path
}

function isCidr(text: string): boolean {
	const [address = '', prefix = ''] = text.trim().split('/')
	if (!/^\d{1,3}$/.test(prefix)) return false
	if (address.includes(':')) return Number(prefix) <= 128 && /^[0-9a-f:.]+$/i.test(address)
	const parts = address.split('.')
	return (
		Number(prefix) <= 32 &&
		parts.length === 4 &&
		parts.every(part => /^\d{1,3}$/.test(part) && Number(part) <= 255)
	)
}

function remedies(evidence: Evidence, text: string) {
	const { node, config } = evidence
	const option =
		optionOf(text)?.option ??
		[...(config?.values.keys() ?? [])].find(flag => text.includes(`value of ${flag}`))
	const value = option === undefined ? undefined : config?.values.get(option)
	const file = value?.origin.kind === 'file' ? pathArgument(value.origin.file) : undefined
	const where = file
		? `${file}${value?.origin.line ? `, line ${value.origin.line}` : ''}`
		: 'the configuration'
	return [
		{
			title: `Correct ${option ?? 'the value'} in ${where}`,
			why: 'With a value that k3s accepts it starts. Addresses and networks of a cluster that exists already must stay what they were.',
			risk: 'restart' as const,
			interrupts: interruptsOfRestart(node),
			steps: [
				{
					tell: `Give ${option ?? 'the option'} a proper value, then restart k3s:`,
					commands: [
						`vi ${value?.origin.line ? `+${value.origin.line} ` : ''}${file ?? '/etc/rancher/k3s/config.yaml'}`,
						`systemctl restart ${node.unit}`,
					],
				},
			],
			...(file && { backup: [file] }),
			recheck: ['config' as const, 'units' as const, 'journal' as const],
		},
		file && option
			? {
					title: `Take ${option} out, so that k3s's default applies`,
					why: 'Right only if the default is what this node always had.',
					risk: 'restart' as const,
					interrupts: interruptsOfRestart(node),
					steps: [{ edit: file, remove: [option] }, ...restartSteps(node)],
					recheck: ['config' as const, 'units' as const, 'journal' as const],
				}
			: undefined,
	]
}
