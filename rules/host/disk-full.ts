import { bytesInWords, fact, hint, log, nowOf, proof, rule, strong } from '../../src/rule.js'
import { growDisk, lookAndFree, pruneImages, shrinkJournal } from './make-room.js'
import { filesystemsInUse, whatLies } from './places.js'
import { said } from './said.js'
import { isFull, isFullForRoot, noSpace, type Room, reserveOf, roomBehind } from './space.js'
import { goesOn, isRunning } from './state.js'
import { followsFromNoWrites } from './unwritable.js'

const counts: ReadonlySet<Room> = new Set(['none', 'unknown'])

function subject(text: string): string {
	if (/database or disk is full/.test(text)) return 'the database cannot grow'
	const path = /(\/[A-Za-z0-9._+@:/-]{2,200}?)["']?: (?:no space left|disk quota)/i.exec(text)?.[1]
	return path ? `${path} cannot be written` : 'something could not be written'
}

export default rule({
	cause: 'disk-full',
	title: 'A disk that k3s writes to is full',
	severity: 'critical',
	severityHere: (evidence, findings) => {
		const vital = filesystemsInUse(evidence).some(
			({ held, places }) => isFull(held) && places.some(place => place.vital),
		)
		const said = findings.some(({ source }) => source === 'journal')
		return isRunning(evidence) && !vital && !said ? 'warning' : undefined
	},
	explain:
		'There is no free space on a file system that holds the data of k3s, its containers or its logs. The database then cannot write, containerd cannot start containers, and the kubelet evicts pods; a restart of k3s does not get far. Usual fillers are images, logs of pods, the journal and local volumes.',
	docs: [
		'https://docs.k3s.io/installation/requirements',
		'https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/',
	],
	signs: [
		fact(['disks'], (_have, evidence) =>
			filesystemsInUse(evidence)
				.filter(({ held }) => isFull(held))
				.map(({ held, places }) => {
					const where = `${held.mount} (${bytesInWords(held.size)}) has no space left; k3s keeps ${whatLies(places)} there`
					if (isFullForRoot(held)) return proof('disks', where, { quote: held.quote })
					const reserve = `${where}. Only root may still write: ${bytesInWords(reserveOf(held))} are reserved`
					return strong('disks', reserve, { quote: held.quote })
				}),
		),
		said(noSpace, (_match, { lastText }) => `No space is left: ${subject(lastText)}`, {
			if: (evidence, message) => counts.has(roomBehind(evidence, message)),
		}),
		said(noSpace, 'k3s could not write lately; now the disk has room again, or a quota is the limit', {
			weight: 'hint',
			if: (evidence, message) => roomBehind(evidence, message) === 'plenty',
		}),
		log(noSpace, (_groups, { lastText }) => `containerd has no space left: ${subject(lastText)}`, {
			in: 'containerd',
			if: (evidence, message) =>
				counts.has(roomBehind(evidence, message)) && goesOn(evidence, message.lastAt),
		}),
		fact(['cluster'], ({ cluster }, evidence) =>
			(cluster.events ?? [])
				.filter(
					({ message, lastAt, host }) =>
						noSpace.test(message) &&
						(host === '' || host === cluster.self?.name) &&
						nowOf(evidence) - lastAt < 900_000 &&
						roomBehind(evidence, { lastText: message }) === 'none',
				)
				.slice(0, 2)
				.map(({ name, message, lastAt, count }) =>
					hint('cluster', `${name} could not be served: ${subject(message)}`, {
						quote: { file: 'api/events.json', text: message.slice(0, 500) },
						at: lastAt,
						count,
					}),
				),
		),
	],
	leadsTo: [
		'disk-pressure',
		'containerd-state-corrupt',
		'etcd-snapshot-failed',
		'manifest-deploy-failed',
		...followsFromNoWrites,
	],
	remedies: evidence => {
		const full = filesystemsInUse(evidence).find(({ held }) => isFull(held))
		return [
			lookAndFree(evidence, full?.held),
			full && shrinkJournal(full.places),
			pruneImages(evidence),
			growDisk,
		]
	},
})
