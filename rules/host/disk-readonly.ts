import {
	type Evidence,
	fact,
	log,
	type Mount,
	mountOf,
	nowOf,
	pathArgument,
	proof,
	type Remedy,
	restartSteps,
	rule,
	serviceStep,
	strong,
} from '../../src/rule.js'
import { citeEvent } from '../workload/cite.js'
import { ownNodeName } from '../workload/pods.js'
import { kernelFault, namesDevice } from './disk-errors.js'
import { mountsInUse, whatLies } from './places.js'
import { said } from './said.js'
import { goesOn, isRunning } from './state.js'
import { followsFromNoWrites } from './unwritable.js'

const refused =
	/read-only file system|attempt to write a readonly database|disk I\/O error(?!: no such file)|input\/output error/i

/** The kernel's own file systems are read-only on purpose: in a container that may not change its host. */
const noDisk = /(?:^|[\s"'(=])\/(?:sys|proc)\/[^\s"']{1,300}["']?: read-only/i

const ioError = /disk I\/O error|input\/output error/i

/** SQLite and network file systems have I/O errors of their own: a failing disk is seen by the kernel, too. */
function isUnshared({ kernelLog }: Evidence, text: string): boolean {
	if (!ioError.test(text) || !kernelLog) return false
	return !kernelLog.messages.some(({ lastText }) => kernelFault(lastText) !== undefined)
}

/** After an ext4 abort kernels since 6.14 leave `rw` in the options and add `emergency_ro`. */
function readOnlyOption({ options }: Mount): string | undefined {
	return options.find(option => option === 'emergency_ro') ?? options.find(option => option === 'ro')
}

/** Shown by the kernel's table, these are never meant to be written. */
const fixed = /^(?:squashfs|iso9660|erofs|cramfs|romfs)$/

function readOnlyMounts(evidence: Evidence) {
	return mountsInUse(evidence)
		.map(({ held, places }) => ({ held, places, option: readOnlyOption(held) }))
		.filter(({ held, option }) => option !== undefined && !fixed.test(held.type))
}

/** The disks are known, and what the message is about lies on one that can be written: then it is a right, not the disk. */
function isWritable(evidence: Evidence, text: string): boolean {
	const { disks, node } = evidence
	if (noDisk.test(text)) return true
	if (!disks || disks.mounts.length === 0) return false
	if (ioError.test(text)) return false
	const path = /(\/[A-Za-z0-9._+@:/-]{2,300}?)["']?: read-only/i.exec(text)?.[1] ?? node.dataDir
	const mount = mountOf(disks, path)
	return mount !== undefined && readOnlyOption(mount) === undefined
}

export default rule({
	cause: 'disk-readonly',
	title: 'A disk that k3s writes to is read-only or fails',
	severity: 'critical',
	severityHere: evidence =>
		isRunning(evidence) &&
		!readOnlyMounts(evidence).some(({ places }) => places.some(({ vital }) => vital)) &&
		!evidence.journal?.messages.some(({ lastText }) => refused.test(lastText))
			? 'warning'
			: undefined,
	explain:
		'The file system that k3s writes to refuses every write. Either it was mounted read-only on purpose, or the kernel met an error of the disk or of the file system and protects the data by writing no more. The node may look Ready for a while, but its database and its containers cannot go on.',
	docs: [
		'https://docs.k3s.io/installation/requirements',
		'https://www.kernel.org/doc/html/latest/admin-guide/ext4.html',
	],
	signs: [
		fact(['disks'], (_have, evidence) =>
			readOnlyMounts(evidence).map(({ held, places, option }) =>
				proof(
					'disks',
					`${held.target} (${held.source}, ${held.type}) is mounted read-only${option === 'ro' ? '' : ` by the kernel after an error (${option})`}; k3s keeps ${whatLies(places)} there`,
					{
						quote: {
							file: 'commands/findmnt.json',
							text: `${held.target} ${held.source} ${held.type} ${held.options.join(',')}`.slice(0, 500),
						},
					},
				),
			),
		),
		said(refused, (_match, { lastText }) => `k3s could not write: ${refused.exec(lastText)?.[0]}`, {
			if: (evidence, { lastText }) => !isWritable(evidence, lastText) && !isUnshared(evidence, lastText),
		}),
		said(ioError, 'k3s met an I/O error; the kernel says nothing of a disk', {
			weight: 'hint',
			if: (evidence, { lastText }) => isUnshared(evidence, lastText),
		}),
		log(refused, (_groups, { lastText }) => `containerd could not write: ${refused.exec(lastText)?.[0]}`, {
			in: 'containerd',
			if: (evidence, { lastText, lastAt }) => !isWritable(evidence, lastText) && goesOn(evidence, lastAt),
		}),
		fact(['cluster'], ({ cluster }, evidence) => {
			const own = ownNodeName(evidence)
			const event = cluster.events?.findLast(
				({ message, lastAt, kind, namespace, name, host }) =>
					/(?:\/var\/lib\/(?:kubelet|rancher)|\/run\/k3s|\/var\/log\/pods)[^\n]{0,300}read-only file system/i.test(
						message,
					) &&
					nowOf(evidence) - lastAt < 900_000 &&
					!isWritable(evidence, message) &&
					(host === own ||
						name === own ||
						(kind === 'Pod' &&
							cluster.pods?.some(
								pod => pod.node === own && pod.namespace === namespace && pod.name === name,
							))),
			)
			return (
				event &&
				strong(
					'cluster',
					`the kubelet could not write: ${refused.exec(event.message)?.[0]}`,
					citeEvent(event),
				)
			)
		}),
		fact(['kernelLog'], ({ kernelLog }, evidence) =>
			kernelLog.messages
				.map(message => ({ message, fault: kernelFault(message.lastText) }))
				.filter(({ message, fault }) => fault && goesOn(evidence, message.lastAt))
				.filter(({ message }) =>
					mountsInUse(evidence).some(({ held }) => namesDevice(message.lastText, held)),
				)
				.slice(0, 4)
				.map(({ message, fault }) => strong('kernelLog', fault ?? '', message)),
		),
	],
	leadsTo: [
		'sqlite-corrupt',
		'etcd-corrupt',
		'disk-slow',
		'containerd-state-corrupt',
		'manifest-deploy-failed',
		'etcd-snapshot-failed',
		...followsFromNoWrites,
	],
	remedies: evidence => {
		const { node } = evidence
		const found = readOnlyMounts(evidence)[0]
		const target = pathArgument(found?.held.target)
		const device = pathArgument(found?.held.source)
		const failed =
			found?.option === 'emergency_ro' ||
			evidence.kernelLog?.messages.some(({ lastText }) => kernelFault(lastText) !== undefined) === true
		const check: Remedy = {
			title: 'Look whether the disk fails, and repair the file system',
			why: 'A file system that went read-only by itself met an error. Copy the data away first if the disk reports errors; repair only what is not mounted.',
			risk: 'restart',
			interrupts: 'all pods of this node until the check is done',
			steps: [
				{
					tell: 'Errors of the disk stand in the kernel log and in its SMART values:',
					commands: [
						'dmesg -T | grep -iE "i/o error|ext4|xfs|btrfs|nvme|ata[0-9]"',
						`smartctl -a ${device ?? '/dev/DISK'}`,
					],
				},
				{
					tell: 'Then check it while it is not mounted (the root file system: at the next boot, fsck.mode=force):',
					commands: [
						`systemctl stop ${node.unit}`,
						'k3s-killall.sh',
						`umount ${target ?? 'MOUNT'}`,
						`fsck -f ${device ?? '/dev/PARTITION'}`,
						`mount ${target ?? 'MOUNT'}`,
						`systemctl start ${node.unit}`,
					],
				},
			],
			recheck: ['disks', 'kernelLog', 'units', 'journal'],
		}
		const remount: Remedy | undefined =
			target && !failed
				? {
						title: `Mount ${target} for writing again`,
						why: 'Nothing here says that the disk fails, so it was probably mounted like this by hand or by /etc/fstab. After an error the kernel refuses it.',
						risk: 'restart',
						interrupts: 'nothing that runs',
						steps: [
							{ run: ['mount', '-o', 'remount,rw', target] },
							{ tell: `If /etc/fstab mounts ${target} with ro, take that out too.` },
							...(isRunning(evidence) ? [serviceStep(node, 'restart')] : restartSteps(node)),
						],
						undo: [{ run: ['mount', '-o', 'remount,ro', target] }],
						recheck: ['disks', 'units', 'journal'],
					}
				: undefined
		return [remount, check]
	},
})
