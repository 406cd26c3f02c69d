import {
	fact,
	filesBelow,
	log,
	mountOf,
	pathArgument,
	proof,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { binaryFile, binaryPath, execFailed } from './binary.js'

export default rule({
	cause: 'binary-noexec',
	title: 'The k3s binary may not be executed where it lies',
	severity: 'critical',
	explain:
		'systemd or k3s is refused permission to execute: the file lacks its execute bit, or the file system that holds the binary or the data directory is mounted `noexec` (k3s unpacks its own programs below the data directory and runs them there).',
	docs: ['https://docs.k3s.io/installation/requirements'],
	signs: [
		fact(['files'], (_have, evidence) => {
			const file = binaryFile(evidence)
			if (file?.type !== 'file' || (file.mode & 0o111) !== 0) return undefined
			const says = `${file.path} has mode ${file.mode.toString(8).padStart(4, '0')}: nobody may execute it`
			const stopped = execFailed(evidence) || evidence.service?.state === 'failed'
			return stopped
				? proof('files', says, { quote: file.quote })
				: strong('files', says, { quote: file.quote })
		}),
		fact(['disks', 'service'], ({ disks, service, node }, evidence) => {
			if (service.state === 'running' || service.state === 'stopped') return undefined
			return [`${node.dataDir}/data`, binaryPath(evidence)].map(path => {
				const mount = mountOf(disks, path)
				return (
					mount?.options.includes('noexec') &&
					proof('disks', `${mount.target}, which holds ${path}, is mounted noexec`)
				)
			})
		}),
		fact(['files', 'service'], ({ files, service, node }) => {
			if (service.state === 'running') return undefined
			const lost = filesBelow(files, `${node.dataDir}/data`).filter(
				file =>
					file.type === 'file' &&
					/\/bin\/(k3s|containerd|runc)$/.test(file.path) &&
					(file.mode & 0o111) === 0,
			)
			return lost
				.slice(0, 3)
				.map(file => strong('files', `${file.path} lacks its execute bit`, { quote: file.quote }))
		}),
		log(
			/Failed at step EXEC spawning (?<path>\S+): Permission denied/,
			({ path }) => `systemd was refused permission to execute ${path}`,
		),
		log(
			/^(?:Error: )?permission denied$/,
			'k3s was refused a permission and does not say for what; before May 2023 it spoke so of its own programs on a noexec mount',
			{ weight: 'hint', if: (_evidence, { level }) => level === 'fatal' },
		),
		log(
			/(?:fork\/exec|exec) (?<path>\/\S+\/bin\/\S+?)(?: failed)?: permission denied/,
			({ path }) => `k3s was refused permission to execute ${path}`,
		),
		log(
			/exec: "?(?<name>[\w.-]+)"?: executable file not found in \$PATH/,
			({ name }) => `${name}, which k3s unpacks itself, cannot be executed`,
			{
				weight: 'hint',
				neverProof: true,
				if: ({ disks, node }) =>
					disks !== undefined && mountOf(disks, `${node.dataDir}/data`)?.options.includes('noexec') === true,
			},
		),
	],
	leadsTo: ['api-unreachable', 'node-not-ready', 'runtime-binary-missing', 'containerd-failed'],
	remedies: evidence => {
		const { node, disks } = evidence
		const path = pathArgument(binaryPath(evidence)) ?? '/usr/local/bin/k3s'
		const file = binaryFile(evidence)
		const mount =
			disks &&
			[`${node.dataDir}/data`, path].map(at => mountOf(disks, at)).find(at => at?.options.includes('noexec'))
		const target = pathArgument(mount?.target)
		return [
			target
				? {
						title: `Mount ${target} with exec`,
						why: 'k3s must be able to run what lies there. Change /etc/fstab too, or it comes back at the next boot.',
						risk: 'restart' as const,
						interrupts: 'nothing that runs',
						steps: [
							{ run: ['mount', '-o', 'remount,exec', target] as const },
							{ tell: `Take noexec out of the line of ${target} in /etc/fstab.` },
							...restartSteps(node),
						],
						undo: [{ run: ['mount', '-o', 'remount,noexec', target] as const }],
						recheck: ['disks' as const, 'units' as const, 'journal' as const],
					}
				: undefined,
			!mount || (file && (file.mode & 0o111) === 0)
				? {
						title: 'Give the binary its execute bit back',
						why: 'A release binary has mode 0755.',
						risk: 'restart' as const,
						interrupts: 'nothing that runs',
						steps: [{ setMode: path, mode: 0o755 }, ...restartSteps(node)],
						recheck: ['files' as const, 'units' as const, 'journal' as const],
					}
				: undefined,
		]
	},
})
