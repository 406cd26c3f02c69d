import {
	fact,
	interruptsOfRestart,
	log,
	pathArgument,
	proof,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'

const yamlWords =
	/^(?:Error: )?(?:failed to (?:parse|read) config[^:]*: )?yaml: (?<what>(?:line \d+: |unmarshal errors|control characters|invalid)[\s\S]*)/

export default rule({
	cause: 'config-invalid-yaml',
	title: 'A configuration file of k3s is not valid YAML',
	severity: 'critical',
	severityHere: ({ service }) => (service?.state === 'running' ? 'warning' : undefined),
	explain:
		'k3s reads /etc/rancher/k3s/config.yaml and the files in config.yaml.d before anything else and gives up when one does not parse. Usual slips: a tab instead of blanks, a missing blank after a colon, wrong indentation, an unclosed quote. Most `k3s` commands fail for the same reason.',
	docs: ['https://docs.k3s.io/installation/configuration#configuration-file'],
	signs: [
		fact(['config'], ({ config }, { service }) =>
			config.problems.map(({ file, line, message, text }) => {
				const says = `${file}${line ? `, line ${line}` : ''}: ${message}`
				const cite =
					text === undefined ? {} : { quote: { file: `files${file}`, text, ...(line && { line }) } }
				// k3s that runs read the file before it was broken: it fails at the next start.
				return (service?.state === 'running' ? strong : proof)('config', says, cite)
			}),
		),
		log(yamlWords, ({ what }) => `k3s could not parse its configuration: ${what}`),
	],
	leadsTo: ['api-unreachable', 'node-not-ready'],
	remedies: ({ node, config }) => {
		const problem = config?.problems[0]
		const path = pathArgument(problem?.file) ?? '/etc/rancher/k3s/config.yaml'
		const tabbed = problem?.line !== undefined && problem.text?.startsWith('\t') ? problem : undefined
		return [
			tabbed?.text
				? {
						title: `Put blanks where the tab is in ${path}`,
						why: `Line ${tabbed.line} is indented with a tab, which YAML does not allow.`,
						risk: 'restart' as const,
						interrupts: interruptsOfRestart(node),
						steps: [
							{
								editLines: path,
								changes: [
									{
										line: tabbed.text,
										...(tabbed.line && { at: tabbed.line }),
										becomes: [tabbed.text.replace(/^\t+/, tabs => '  '.repeat(tabs.length))],
									},
								],
							},
							...restartSteps(node),
						],
						recheck: ['config' as const, 'units' as const, 'journal' as const],
					}
				: undefined,
			{
				title: `Correct ${path}`,
				why: `${problem ? `It breaks at line ${problem.line ?? '?'}: ${problem.message}. ` : ''}Blanks, never tabs; a blank after each colon; lists indented alike.`,
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				steps: [
					{
						tell: 'Edit the file, then restart k3s:',
						commands: [
							`vi ${problem?.line ? `+${problem.line} ` : ''}${path}`,
							`systemctl restart ${node.unit}`,
						],
					},
				],
				backup: [path],
				recheck: ['config', 'units', 'journal'],
			},
		]
	},
})
