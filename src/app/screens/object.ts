/** One object of the cluster that is no pod: its facts, what belongs to it, its conditions and events. */
import type { Condition, KubeNode, KubeService } from '../../model/evidence/index.js'
import { age } from '../cluster/age.js'
import { kindWord } from '../cluster/kinds.js'
import type { ObjectRef } from '../cluster/object.js'
import { objectColumns, objectRows } from '../cluster/objects.js'
import { type PodRow, podRows } from '../cluster/pods.js'
import { workloadOf } from '../cluster/related.js'
import { type Sight, sightOf } from '../cluster/sight.js'
import { voiceWords } from '../cluster/voice.js'
import { cell, ends, paragraph, span } from '../line.js'
import type { ListView } from '../list.js'
import type { ListState, State } from '../state.js'
import { type Block, blocksView } from './blocks.js'
import { eventBlocks } from './pod.js'
import { gutter } from './rows.js'

export function objectView(state: State, list: ListState & { ref: ObjectRef }, width: number): ListView {
	const { ref } = list
	const room = width - gutter
	const sight = sightOf(state)
	const found =
		sight &&
		objectRows(sight, ref.of)?.find(
			item => item.ref.namespace === ref.namespace && item.ref.name === ref.name,
		)
	if (!sight || !found) {
		const lines = paragraph(`${kindWord(ref.of)} ${ref.name} is not known, or no longer there.`, room)
		return blocksView([{ id: 'gone', target: { kind: 'words', text: ref.name }, lines }], list, width)
	}
	const { cells, health, createdAt } = found
	const { words, tone } = voiceWords(sight, sight.voices[ref.of])
	const facts = (objectColumns[ref.of] ?? []).flatMap(({ title, state: says }, index) => {
		const value = cells[index] ?? ''
		if (index === 0 || value === '') return []
		return paragraph(value, room, {
			first: [span(`  ${title.toLowerCase().padEnd(12)} `, 'faint')],
			...(says && health === 'fault' && { tone: 'bad' as const }),
		})
	})
	const head: Block = {
		id: 'head',
		target: { kind: 'object', ref },
		lines: [
			...paragraph(`${kindWord(ref.of)} ${ref.namespace ? `${ref.namespace}/` : ''}${ref.name}`, room, {
				bold: true,
			}),
			...facts,
			...paragraph(
				[createdAt > 0 ? `age ${age(createdAt, sight.now)}` : '', `told by ${words}`]
					.filter(Boolean)
					.join('; '),
				room,
				{ tone },
			),
		],
	}
	const about = { namespace: ref.of === 'nodes' ? '' : ref.namespace, name: ref.name }
	const blocks = [
		head,
		...ownBlocks(ref, sight, room),
		...podBlocks(podsOf(ref, sight), sight, room),
		...eventBlocks(about, sight, room, kindWord(ref.of)),
	]
	return blocksView(blocks, list, width)
}

function ownBlocks(ref: ObjectRef, sight: Sight, width: number): Block[] {
	const { cluster } = sight
	const isIt = (item: { namespace: string; name: string }) =>
		item.name === ref.name && (ref.namespace === '' || item.namespace === ref.namespace)
	if (ref.of === 'nodes') {
		const node = cluster.nodes?.find(isIt)
		return node ? nodeBlocks(node, width) : []
	}
	if (ref.of === 'services') {
		const service = cluster.services?.find(isIt)
		return service ? serviceBlocks(service, width) : []
	}
	const conditions =
		cluster.workloads?.find(item => item.kind === kindWord(ref.of) && isIt(item))?.conditions ??
		(ref.of === 'helmcharts' ? cluster.helmCharts?.find(isIt)?.conditions : undefined)
	return conditions ? conditionBlocks(conditions, width) : []
}

/** One block per line, with the section's title above the first. */
function lineBlocks(
	title: string,
	lines: readonly (readonly [label: string, text: string])[],
	width: number,
): Block[] {
	return lines
		.filter(([, text]) => text !== '')
		.map(([label, text], index) => ({
			id: `${title} ${label}`,
			...(index === 0 && { title }),
			target: { kind: 'words', text },
			lines: paragraph(text, width, { first: [span(`${label.padEnd(18)} `, 'faint')] }),
		}))
}

function nodeBlocks(node: KubeNode, width: number): Block[] {
	const { capacity, allocatable } = node
	const shares = Object.entries(capacity).map(
		([name, amount]) => [name, `${amount}, for pods ${allocatable[name] ?? '?'}`] as const,
	)
	return [
		...conditionBlocks(node.conditions, width),
		...lineBlocks('Capacity', shares, width),
		...lineBlocks(
			'About it',
			[
				['addresses', node.addresses.map(({ type, address }) => `${type} ${address}`).join(', ')],
				['pod networks', node.podCidrs.join(', ')],
				['system', [node.osImage, node.kernel, node.arch].filter(Boolean).join(', ')],
				['runtime', node.runtime],
			],
			width,
		),
	]
}

function serviceBlocks(service: KubeService, width: number): Block[] {
	const { ports, selector, endpoints } = service
	const selected = Object.entries(selector).map(([key, value]) => `${key}=${value}`)
	return lineBlocks(
		'Where it leads',
		[
			...ports.map(
				({ name, port, targetPort, nodePort, protocol }) =>
					[
						`port ${port}/${protocol}`,
						`to ${targetPort || port}${nodePort ? `, on every node ${nodePort}` : ''}${name ? ` (${name})` : ''}`,
					] as const,
			),
			['selects', selected.join(', ')],
			['ready', endpoints?.ready.join(', ') ?? ''],
			['not ready', endpoints?.notReady.join(', ') ?? ''],
		],
		width,
	)
}

/** Of a node `Ready` is good and everything else bad; elsewhere it depends, so only the words are told. */
function conditionBlocks(conditions: readonly Condition[], width: number): Block[] {
	return lineBlocks(
		'Conditions',
		conditions.map(({ type, status, reason, message }) => [
			type,
			[status, reason, message].filter(Boolean).join(': '),
		]),
		width,
	)
}

/** The pods of a node, of a workload, behind a service. */
function podsOf(ref: ObjectRef, sight: Sight): PodRow[] {
	const pods = podRows(sight, '')
	if (ref.of === 'nodes') return pods.filter(({ node }) => node === ref.name)
	if (ref.of === 'services') {
		const service = sight.cluster.services?.find(
			({ namespace, name }) => namespace === ref.namespace && name === ref.name,
		)
		const wanted = Object.entries(service?.selector ?? {})
		if (wanted.length === 0) return []
		return pods.filter(
			({ namespace, pod }) =>
				namespace === ref.namespace && wanted.every(([key, value]) => pod?.labels[key] === value),
		)
	}
	return pods.filter(row => {
		const workload = row.namespace === ref.namespace ? workloadOf(row, sight) : undefined
		return workload?.kind === kindWord(ref.of) && workload.name === ref.name
	})
}

function podBlocks(pods: readonly PodRow[], sight: Sight, width: number): Block[] {
	return pods.map((row, index) => ({
		id: `pod ${row.id}`,
		...(index === 0 && { title: 'Pods' }),
		target: { kind: 'pod', uid: row.id },
		lines: [
			ends(
				[cell(`${row.namespace}/${row.name}`, Math.max(20, width - 34))],
				[
					span(`${row.ready} `),
					span(row.status, row.health === 'fault' ? 'bad' : undefined),
					span(` ${age(row.createdAt, sight.now)}`, 'faint'),
				],
				width,
			),
		],
	}))
}
