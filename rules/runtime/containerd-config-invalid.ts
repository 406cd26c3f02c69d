import {
	type Evidence,
	fact,
	hint,
	interruptsOfRestart,
	log,
	pathArgument,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { restartCommand } from '../workload/commands.js'
import { containerdSign, runs, whileDown } from './state.js'
import { customConfigs, usedTemplate } from './templates.js'

/** Where Go's template engine says that it stumbled: line of the template. */
const atLine = /template: [\w./-]{1,200}:(?<line>\d{1,5})/

function troubleLine({ service, journal }: Evidence): number | undefined {
	const word = service?.lastWord ?? journal?.newest?.end?.lastWord
	const line = Number(atLine.exec(word?.lastText ?? '')?.groups?.line)
	return Number.isInteger(line) && line > 0 ? line : undefined
}

export default rule({
	cause: 'containerd-config-invalid',
	title: 'The configuration of containerd is invalid',
	severity: 'critical',
	severityHere: evidence => (runs(evidence) ? 'warning' : undefined),
	explain:
		'k3s writes the configuration of containerd at each start, from a template of yours if there is one (config-v3.toml.tmpl, or config.toml.tmpl for containerd 1.7). A template with a mistake, or one that was made for another version of containerd, stops containerd, and k3s with it.',
	docs: ['https://docs.k3s.io/advanced#configuring-containerd'],
	signs: [
		log(
			/(?:^|: )(?:panic: )?template: (?<where>[\w./-]{1,200}:\d{1,5}(?::\d{1,5})?): (?<why>[^\n]{1,400})/,
			({ where, why }) => `A template for containerd's configuration fails (${where}): ${why}`,
		),
		log(
			/(?<what>failed to (?:parse|execute|render|read)[^\n]{0,80}template|unable to (?:parse|execute|render)[^\n]{0,80}template)(?<why>[^\n]{0,300})/,
			({ what, why }) => `${what}${why}`,
			{ if: (_evidence, { text }) => text.includes('containerd') || text.includes('config') },
		),
		containerdSign(
			/(?<what>failed to (?:load|unmarshal|decode) TOML|toml: )(?<why>[^\n]{0,300})/,
			({ what, why }) => `containerd cannot read its configuration: ${what}${why}`,
			whileDown('proof'),
		),
		containerdSign(
			/(?<what>expected containerd config version equal to or less than|unsupported config version|unknown config version|`default_runtime_name` is empty|`(?:mirrors|configs)` cannot be set when `config_path` is provided)(?<why>[^\n]{0,200})/,
			({ what, why }) => `containerd refuses its configuration: ${what}${why}`,
			evidence => (runs(evidence) ? 'strong' : 'proof'),
		),
		containerdSign(
			/invalid plugin config(?<why>[^\n]{0,300})/,
			({ why }) => `A plugin of containerd refuses its part of the configuration${why}`,
			whileDown('strong'),
		),
		fact(['files'], ({ files }, evidence) => {
			const path = usedTemplate(evidence)
			const text = path === undefined ? undefined : files.texts.get(path)
			if (!path || runs(evidence)) return undefined
			const line = troubleLine(evidence)
			const words = line === undefined ? undefined : text?.split('\n', line)[line - 1]
			return words?.trim()
				? strong('files', `Line ${line} of ${path} is what it stumbles over`, {
						quote: { file: `files${path}`, line: line ?? 1, text: words },
					})
				: hint('files', `A template of this host is in use: ${path}`, {
						quote: files.listed.get(path)?.quote,
					})
		}),
		fact(['files'], ({ files, node }) => {
			// A copy of a rendered file instead of a template: it names the programs of one version for ever.
			const current = files.listed.get(`${node.dataDir}/data/current`)?.target
			return customConfigs(files, node.dataDir).map(path => {
				const text = files.texts.get(path) ?? ''
				const stale = /\/data\/(?<hash>[0-9a-f]{64})\/bin/.exec(text)
				const hash = stale?.groups?.hash
				if (!stale || !hash || !current || current.includes(hash)) return undefined
				const line = text.slice(0, stale.index).split('\n').length
				return hint('files', `${path} names the programs of an older k3s (data/${hash.slice(0, 12)}…)`, {
					quote: { file: `files${path}`, line, text: text.split('\n', line)[line - 1] ?? '' },
				})
			})
		}),
		fact(['journal', 'files'], ({ journal, files }, evidence) => {
			// The config of containerd 1.x in the file for 2.x is not refused, it is passed over.
			const path = usedTemplate(evidence)
			if (!path?.endsWith('config-v3.toml.tmpl') || journal.newest === undefined) return undefined
			const old = /plugins\.["']io\.containerd\.grpc\.v1\.cri["']\.(?:containerd|registry|cni)/.exec(
				files.texts.get(path) ?? '',
			)
			return old && hint('files', `${path} uses the table names of containerd 1.x (${old[0]})`)
		}),
	],
	leadsTo: ['containerd-failed', 'runtime-create-failed', 'api-unreachable', 'node-not-ready'],
	remedies: evidence => {
		const { node, files } = evidence
		const found = files ? customConfigs(files, node.dataDir) : []
		const paths = found.map(path => pathArgument(path)).filter(path => path !== undefined)
		const folder = `${node.dataDir}/agent/etc/containerd`
		return [
			paths.length > 0
				? {
						title: 'Start with the configuration that k3s makes itself',
						why: 'Without a template k3s writes one that fits its containerd. What your template added (runtimes, proxies) is gone until it is corrected.',
						risk: 'restart' as const,
						interrupts: interruptsOfRestart(node),
						steps: [...paths.map(path => ({ move: path, to: `${path}.bak` })), ...restartSteps(node)],
						recheck: ['units' as const, 'journal' as const, 'containerd' as const, 'runtime' as const],
					}
				: undefined,
			{
				title: 'Correct the template',
				why: 'For containerd 2.x it is named config-v3.toml.tmpl and best begins with {{ template "base" . }}, so that only your own additions can be wrong.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				steps: [
					{
						tell: 'See what there is, and what containerd says of it:',
						commands: [
							`ls -l ${folder}`,
							`tail -n 20 ${node.dataDir}/agent/containerd/containerd.log`,
							restartCommand(node),
						],
					},
				],
				recheck: ['files', 'units', 'journal', 'containerd'],
			},
		]
	},
})
