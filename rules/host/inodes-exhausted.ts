import { fact, log, pathArgument, proof, restartSteps, rule } from '../../src/rule.js'
import { filesystemsInUse, whatLies } from './places.js'
import { said } from './said.js'
import { isOutOfInodes, noSpace, roomBehind } from './space.js'
import { goesOn, isRunning } from './state.js'
import { followsFromNoWrites } from './unwritable.js'

export default rule({
	cause: 'inodes-exhausted',
	title: 'A disk that k3s writes to has no inodes left',
	severity: 'critical',
	explain:
		'A file system can hold only so many files as it has inodes, however small they are. All are used, so that nothing new can be created although there is free space; programs report the misleading "no space left on device". Usual causes are millions of small files: logs, caches, mail queues, sessions, a volume of an application.',
	docs: [
		'https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/',
		'https://docs.k3s.io/installation/requirements',
	],
	signs: [
		fact(['disks'], (_have, evidence) =>
			filesystemsInUse(evidence)
				.filter(({ held }) => isOutOfInodes(held))
				.map(({ held, places }) =>
					proof(
						'disks',
						`${held.mount} has used up all of its ${held.inodes?.total ?? 0} inodes; k3s keeps ${whatLies(places)} there`,
						{ quote: held.inodes?.quote },
					),
				),
		),
		said(noSpace, 'k3s cannot create a file, although the disk has free space', {
			if: (evidence, message) => roomBehind(evidence, message) === 'no-inodes',
		}),
		log(noSpace, 'containerd cannot create a file, although the disk has free space', {
			in: 'containerd',
			if: (evidence, message) =>
				roomBehind(evidence, message) === 'no-inodes' && goesOn(evidence, message.lastAt),
		}),
	],
	leadsTo: ['disk-full', 'disk-pressure', ...followsFromNoWrites],
	remedies: evidence => {
		const { node } = evidence
		const mount = pathArgument(filesystemsInUse(evidence).find(({ held }) => isOutOfInodes(held))?.held.mount)
		const where = mount ?? node.dataDir
		return [
			{
				title: `Find the many files${mount ? ` below ${mount}` : ''}, and delete those that nobody needs`,
				why: 'Each file costs one inode, whatever its size. ext4 cannot get more inodes later; xfs and btrfs make them as they need.',
				risk: 'restart',
				interrupts: 'nothing that works',
				steps: [
					{ run: ['du', '--inodes', '-x', '-d', '4', '-t', '1000', where], limitSeconds: 300, exits: [0, 1] },
					{
						tell: 'Go down where the numbers are high, and delete what is not needed. Unused images hold very many files:',
						commands: [
							`du --inodes -x -d 6 ${where} | sort -n | tail -n 30`,
							'k3s crictl rm $(k3s crictl ps -a -q --state Exited)',
							'k3s crictl rmi --prune',
						],
					},
					...(isRunning(evidence) ? [] : restartSteps(node)),
				],
				recheck: ['disks', 'units', 'journal'],
			},
			{
				title: 'Move the data to a file system with more inodes',
				why: 'The number was fixed when an ext4 file system was made (mkfs -i, -N).',
				risk: 'restart',
				interrupts: 'this node while the data are copied',
				steps: [
					{
						tell: 'Make the new file system with more inodes, or as xfs, and copy everything:',
						commands: [
							`systemctl stop ${node.unit}`,
							'mkfs.ext4 -i 8192 /dev/NEWDISK',
							`rsync -aHAX ${where}/ /mnt/new/`,
						],
					},
				],
				recheck: ['disks'],
			},
		]
	},
})
