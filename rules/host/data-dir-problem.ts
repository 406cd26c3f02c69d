import {
	configValue,
	type Evidence,
	fact,
	hint,
	type Message,
	mountOf,
	nowOf,
	pathArgument,
	presence,
	proof,
	type Remedy,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { barrier, elsewhere, failures } from './data-dir-words.js'
import { missingMount } from './fstab.js'
import { said } from './said.js'
import { isRunning, isTroubled, lastWord } from './state.js'

/** A database that cannot be written, on a disk that can: then the file's own rights are in the way. */
function isDiskWritable({ disks, node }: Evidence): boolean {
	const mount = disks && mountOf(disks, `${node.dataDir}/server/db`)
	return mount !== undefined && !mount.options.some(option => option === 'ro' || option === 'emergency_ro')
}

/**
 * The last thing that the present start has said is that it wants the lock under which k3s unpacks itself: the next
 * word comes as soon as it has it.
 */
function lockedOut(evidence: Evidence) {
	const start = evidence.journal?.newest
	if (!start || start.end || start.readyAt !== undefined) return undefined
	const last = start.messages
		.filter(({ component }) => component !== 'systemd')
		.reduce<Message | undefined>(
			(best, one) => (best && best.lastIndex > one.lastIndex ? best : one),
			undefined,
		)
	return last?.lastText.startsWith('Acquiring lock file ') && nowOf(evidence) - last.lastAt > 60_000
		? last
		: undefined
}

export default rule({
	cause: 'data-dir-problem',
	title: "k3s's data directory is missing, damaged or not readable",
	severity: 'critical',
	severityHere: evidence => (isRunning(evidence) ? 'warning' : undefined),
	explain:
		'Everything that k3s knows lies in its data directory: unpacked programs, certificates, the database. A part of it is not there or cannot be used: its disk is not mounted, files were moved, restored without their rights, or are empty after a power loss.',
	docs: ['https://docs.k3s.io/cli/server#data', 'https://docs.k3s.io/datastore/backup-restore'],
	signs: [
		...failures.map(([pattern, says]) =>
			said(
				pattern,
				([match], { lastText }) => (lastText.includes('database') ? says : `${says}: ${match.slice(0, 200)}`),
				{
					if: (evidence, { lastText }) =>
						!elsewhere.test(lastText) &&
						(!lastText.includes('readonly database') || isDiskWritable(evidence)) &&
						// Empty keys and certificates are a cause of their own.
						!/private key|PEM data|valid RSA or ECDSA/.test(lastText),
				},
			),
		),
		fact(['journal'], (_have, evidence) => {
			const held = lockedOut(evidence)
			return (
				held &&
				strong(
					'journal',
					`k3s waits for the lock of its data directory: another k3s holds it, or its file system keeps a lock that nobody holds`,
					held,
				)
			)
		}),
		fact(['service', 'journal'], (_have, evidence) => {
			const word = lastWord(evidence)
			const groups = word && barrier.exec(word.lastText)?.groups
			const path = groups?.path ?? ''
			const { dataDir } = evidence.node
			const isTop = dataDir.startsWith(path) || /^\/(?:server|agent|data)$/.test(path.slice(dataDir.length))
			const counts = path.startsWith(`${dataDir}/`) || (path.length > 4 && dataDir.startsWith(path))
			if (!word || !groups || !counts || elsewhere.test(word.lastText)) return undefined
			if (groups.why === 'no such file or directory' && !isTop) return undefined
			return proof('journal', `k3s cannot use ${path}: ${groups.why}`, word)
		}),
		fact(['disks', 'files'], (_have, evidence) => {
			const missing = missingMount(evidence)
			if (!missing) return undefined
			return (isTroubled(evidence) ? proof : strong)(
				'disks',
				`/etc/fstab mounts a disk at ${missing.target}, which holds ${missing.holds}, but nothing is mounted there`,
				{ quote: { file: 'files/etc/fstab', line: missing.line, text: missing.text } },
			)
		}),
		fact(['files', 'service'], ({ files, node }, evidence) => {
			if (isRunning(evidence)) return undefined
			const passwd = files.listed.get(`${node.dataDir}/server/cred/passwd`)
			return (
				passwd?.type === 'file' &&
				passwd.size === 0 &&
				strong('files', `${passwd.path} is empty`, { quote: passwd.quote })
			)
		}),
		fact(['files', 'service'], ({ files, node }, evidence) => {
			const current = files.listed.get(`${node.dataDir}/data/current`)
			const target = current?.target
			if (isRunning(evidence) || !target?.startsWith('/')) return undefined
			return (
				presence(files, target) === 'absent' &&
				strong('files', `${node.dataDir}/data/current points to ${target}, which does not exist`, {
					quote: current?.quote,
				})
			)
		}),
		fact(['files', 'service'], ({ files, node }, evidence) => {
			if (!isTroubled(evidence)) return undefined
			const wanted =
				node.role === 'agent' ? ['', '/agent'] : ['', '/server', '/server/db', '/server/tls', '/server/cred']
			return wanted
				.map(part => files.listed.get(`${node.dataDir}${part}`))
				.filter(dir => dir !== undefined)
				.filter(({ type, uid, mode }) => type === 'file' || uid !== 0 || (mode & 0o500) !== 0o500)
				.slice(0, 3)
				.map(dir =>
					hint(
						'files',
						dir.type === 'file'
							? `${dir.path} is a file and should be a directory`
							: `${dir.path} belongs to user ${dir.uid} with mode ${dir.mode.toString(8).padStart(4, '0')}`,
						{ quote: dir.quote },
					),
				)
		}),
		fact(['config', 'files'], ({ config, files, node }, evidence) => {
			const given = configValue(config, 'data-dir')?.replace(/\/+$/, '')
			const usual = '/var/lib/rancher/k3s'
			if (!given || given === usual || node.dataDir !== given || !isTroubled(evidence)) return undefined
			return (
				presence(files, `${given}/server`) === 'absent' &&
				presence(files, `${given}/agent`) === 'absent' &&
				hint('files', `data-dir is ${given}, and there is nothing of k3s in it`)
			)
		}),
	],
	leadsTo: [
		'runtime-binary-missing',
		'containerd-failed',
		'cert-key-mismatch',
		'token-bootstrap-mismatch',
		'api-unreachable',
		'node-not-ready',
	],
	remedies: evidence => {
		const { node } = evidence
		const missing = missingMount(evidence)
		const target = pathArgument(missing?.target)
		const recheck: Remedy['recheck'] = ['disks', 'files', 'units', 'journal']
		const mount: Remedy | undefined = target
			? {
					title: `Mount the disk at ${target}, and restart k3s`,
					why: 'k3s then finds its data again. What it wrote into the empty directory meanwhile lies hidden below the mount: look at it before.',
					risk: 'restart',
					interrupts: 'what k3s runs from the wrong directory',
					steps: [
						{
							tell: 'See what lies there now, and why the disk is not mounted:',
							commands: [
								`ls -la ${target}`,
								'lsblk -f',
								`systemctl status "$(systemd-escape -p --suffix=mount ${target})"`,
							],
						},
						{ run: ['mount', target] },
						...restartSteps(node),
					],
					recheck,
				}
			: undefined
		const repair: Remedy = {
			title: 'Put rights and missing files right',
			why: 'The data belong to root. What is missing comes from a backup; certificates and the token must fit the database. Do not start with an empty directory: that is a new cluster.',
			risk: 'restart',
			interrupts: 'nothing that works',
			steps: [
				{
					tell: 'Compare with what should be there:',
					commands: [
						`ls -la ${node.dataDir} ${node.dataDir}/server ${node.dataDir}/server/cred ${node.dataDir}/server/db`,
						`lsattr -d ${node.dataDir}/server/db ${node.dataDir}/server/db/*`,
						`chown root:root ${node.dataDir} ${node.dataDir}/server && chmod 755 ${node.dataDir}`,
						`systemctl restart ${node.unit}`,
					],
				},
				{
					tell: 'An empty server/cred/passwd may be moved away (keep the token); unpacked programs that are damaged are unpacked again once their directory below data/ is gone.',
				},
			],
			recheck,
		}
		return [mount, repair]
	},
})
