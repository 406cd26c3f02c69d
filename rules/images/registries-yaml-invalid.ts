import {
	fact,
	hint,
	interruptsOfRestart,
	log,
	pathArgument,
	presence,
	proof,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { mirrorEntry, restartCommand } from '../workload/commands.js'
import { failedPulls } from './pulls.js'

export default rule({
	cause: 'registries-yaml-invalid',
	title: 'registries.yaml cannot be read',
	severity: 'critical',
	severityHere: ({ service }) => (service?.state === 'running' ? 'warning' : undefined),
	explain:
		'k3s reads registries.yaml once, at its start, before it starts containerd. When the file does not parse, k3s does not fail: it repeats "server is not ready" for ever, although the server has nothing to do with it. Nothing of k3s comes up on this node until the file is right.',
	docs: ['https://docs.k3s.io/installation/private-registry'],
	signs: [
		fact(['registries'], ({ registries }, { service }) => {
			const { problem } = registries
			if (!problem) return undefined
			const where = problem.line === undefined ? problem.file : `${problem.file}, line ${problem.line}`
			const quote = {
				file: `files${problem.file}`,
				text: problem.text ?? problem.message,
				...(problem.line !== undefined && { line: problem.line }),
			}
			// A running k3s has read an older content; the next start will stumble.
			return service?.state === 'running'
				? strong('registries', `${where}: ${problem.message}. k3s runs with what it read at its start`, {
						quote,
					})
				: proof('registries', `${where}: ${problem.message}`, { quote })
		}),
		log(
			/cannot unmarshal [^\n]{1,200} into registries\.(?<part>\w{1,40})/,
			({ part }) => `k3s cannot read registries.yaml: a value does not fit (${part})`,
			{ if: (_evidence, { text }) => !text.includes('server is not ready') },
		),
		log(
			/server is not ready: (?<why>(?:error converting YAML|yaml: )[\s\S]{0,300})/,
			({ why }) => `k3s waits for itself: it cannot read registries.yaml (${why})`,
		),
		log(
			/server is not ready: (?<why>invalid endpoint URL [^\n]{1,200})/,
			({ why }) => `k3s waits for itself: registries.yaml names no usable address (${why})`,
		),
		log(
			// Docker makes a directory of a file that is to be mounted and is not there.
			/(?:read|open) \S{1,300}\/registries\.yaml: (?<why>is a directory|permission denied)/,
			({ why }) => `k3s cannot read registries.yaml: ${why}`,
		),
		log(
			/Failed to generate config for registry (?<host>[^\s:]{1,255})/,
			({ host }) => `k3s made no configuration for the registry ${host}`,
			{ when: 'ever' },
		),
		log(
			/[Ii]gnoring invalid endpoint URL (?<url>[^\n]{1,200})/,
			({ url }) => `k3s passes over an endpoint: ${url}`,
			{
				weight: 'hint',
				when: 'ever',
			},
		),
		fact(['files'], ({ files }, evidence) => {
			const misnamed = '/etc/rancher/k3s/registries.yml'
			if (presence(files, misnamed) !== 'present' || evidence.registries) return undefined
			const says = `${misnamed} is not read: the name must end in .yaml`
			const quote = files.listed.get(misnamed)?.quote
			return failedPulls(evidence).length > 0
				? strong('files', says, { quote })
				: hint('files', says, { quote })
		}),
	],
	leadsTo: [
		'api-unreachable',
		'node-not-ready',
		'registry-unreachable',
		'registry-tls-failed',
		'registry-auth-failed',
	],
	remedies: evidence => {
		const { node, registries } = evidence
		const file = pathArgument(registries?.file) ?? '/etc/rancher/k3s/registries.yaml'
		const { problem } = registries ?? {}
		return [
			{
				title: `Correct ${file}`,
				why: problem
					? `${problem.line === undefined ? '' : `Line ${problem.line}: `}${problem.message}`
					: 'Blanks for indentation, a colon after each key, endpoints as a list.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				steps: [
					{
						tell: `It should say something like ${mirrorEntry('docker.io', 'https://registry.example.org')}`,
					},
					{ tell: 'Then restart k3s:', commands: [restartCommand(node)] },
				],
				recheck: ['registries', 'units', 'journal'],
			},
			{
				title: 'Start without it for now',
				why: 'k3s does not need the file. Images that only the private registry has cannot be pulled meanwhile; those on the node are used.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				preconditions: [{ pathExists: file }],
				steps: [{ move: file, to: `${file}.broken` }, ...restartSteps(node)],
				recheck: ['registries', 'units', 'journal'],
			},
		]
	},
})
