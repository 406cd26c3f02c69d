import { check, fail, filesystemOf, pass, warn } from '../../src/check.js'
import { makeRoomCommand } from './room.js'

const giga = 1_000_000_000

const inWords = (bytes: number) =>
	bytes < giga ? `${Math.round(bytes / 1_000_000)} MB` : `${(bytes / giga).toFixed(1)} GB`

export default check({
	id: 'disk-space',
	list: 'preflight',
	title: 'There is room for k3s, its images and its data',
	matters: true,
	explain:
		'k3s unpacks itself (about 250 MB), its images take about 1 GB and the applications come on top. The kubelet deletes images from 85 % on and evicts pods when less than 5 % is free: a disk that is nearly full makes a node that never settles.',
	docs: [
		'https://docs.k3s.io/installation/requirements#disks',
		'https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/',
	],
	needs: ['disks'],
	look: ({ disks, node }) => {
		const held = filesystemOf(disks, node.dataDir)
		if (!held) return undefined
		const { mount, size, available, usedPercent, inodes, quote } = held
		const room = `${inWords(available)} of ${inWords(size)} are free on ${mount}`
		const seen = { source: 'disks' as const, quote, do: [makeRoomCommand(mount)] }
		const space =
			usedPercent >= 95 || available < giga
				? fail(`${room} (${usedPercent} % used)`, seen)
				: usedPercent >= 85 || available < 5 * giga
					? warn(`${room} (${usedPercent} % used)`, seen)
					: pass(`${room}, where ${node.dataDir} is to lie`, seen)
		if (!inodes || inodes.total === 0) return space
		const free = inodes.free / inodes.total
		const inodeSeen = { source: 'disks' as const, quote: inodes.quote ?? quote }
		return [
			space,
			free < 0.05 &&
				fail(`only ${inodes.free} inodes are free on ${mount}: no more files can be made`, inodeSeen),
			free >= 0.05 &&
				free < 0.15 &&
				warn(`${Math.round(free * 100)} % of the inodes are free on ${mount}`, inodeSeen),
		]
	},
})
