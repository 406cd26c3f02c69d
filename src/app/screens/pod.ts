/** One pod: what its containers do, what they are made of, what happened to it, and what the doctor makes of it. */
import type { KubeContainer, KubePod, RuntimeContainer } from '../../model/evidence/index.js'
import { podLogRoot } from '../../model/pod-files.js'
import { utcTime } from '../../report/times.js'
import { age } from '../cluster/age.js'
import { resourceWords, stateWords } from '../cluster/container-words.js'
import { type PodRow, podRows } from '../cluster/pods.js'
import { diagnosesOf, eventsOf, imageFacts, workloadOf } from '../cluster/related.js'
import { type Sight, sightOf } from '../cluster/sight.js'
import { voiceWords } from '../cluster/voice.js'
import { counted } from '../format.js'
import { ends, type Line, line, paragraph, type Span, span, strong } from '../line.js'
import type { ListView } from '../list.js'
import type { ListState, State } from '../state.js'
import type { Target } from '../target.js'
import { confidences, severities } from '../words.js'
import { type Block, blocksView } from './blocks.js'
import { restartWords } from './pods.js'
import { gutter } from './rows.js'

export function podNamed(state: State, id: string): { row: PodRow; sight: Sight } | undefined {
	const sight = sightOf(state)
	const row = sight && podRows(sight, '').find(pod => pod.id === id)
	return row && { row, sight }
}

export function podView(state: State, list: ListState & { uid: string }, width: number): ListView {
	const room = width - gutter
	const found = podNamed(state, list.uid)
	if (!found) {
		const by = sightOf(state)?.by
		const why =
			by === 'api' ? 'This pod is no longer there.' : 'Who speaks now does not know this pod; the API may.'
		const lines = paragraph(why, room)
		return blocksView([{ id: 'gone', target: { kind: 'words', text: list.uid }, lines }], list, width)
	}
	const { row, sight } = found
	const workload = workloadOf(row, sight)
	const containerTarget = (name: string): Target => ({ kind: 'container', pod: row.id, name })
	const blocks: Block[] = [
		headBlock(row, sight, workload && `${workload.kind} ${workload.name}`, room),
		...diagnosisBlocks(state, row, sight, room),
		...(row.pod ? containerBlocks(row, row.pod, sight, containerTarget, room) : []),
		...(row.containers ?? []).map((container, index) =>
			runtimeBlock(container, sight, containerTarget, index === 0, room),
		),
		...filesBlocks(row, sight, containerTarget, room),
		...(row.pod ? [...conditionBlocks(row.pod, room), ...volumeBlocks(row.pod, room)] : []),
		...eventBlocks(row, sight, room),
	]
	return blocksView(blocks, list, width)
}

const toneOf = { well: 'good', fault: 'bad', unknown: 'warn' } as const

function headBlock(row: PodRow, sight: Sight, workload: string | undefined, width: number): Block {
	const { namespace, name, status, health, ready, createdAt, ip, node, uid, pod } = row
	const facts = [
		node ? `node ${node}${node === sight.node ? ' (this one)' : ''}` : 'on no node',
		ip && `IP ${ip}`,
		createdAt > 0 && `age ${age(createdAt, sight.now)}`,
		workload && `of ${workload}`,
		pod?.serviceAccount && `service account ${pod.serviceAccount}`,
		pod?.hostNetwork && 'in the network of the host',
	].filter(Boolean)
	const { words, tone } = voiceWords(sight)
	return {
		id: 'head',
		target: { kind: 'pod', uid: row.id },
		lines: [
			...paragraph(`${namespace}/${name}`, width, { bold: true }),
			line(
				strong(status, toneOf[health]),
				span(`  ${ready} ready  restarts ${restartWords(row, sight.now)}`),
			),
			...paragraph(facts.join(', '), width),
			...(pod?.message ? paragraph(pod.message, width, { tone: 'warn' }) : []),
			...paragraph(`uid ${uid || 'unknown'}; told by ${words}`, width, { tone }),
		],
	}
}

function diagnosisBlocks(state: State, row: PodRow, sight: Sight, width: number): Block[] {
	return diagnosesOf(state, row, workloadOf(row, sight)).map((diagnosis, index) => {
		const { cause, title, severity, confidence } = diagnosis
		const { word, tone } = severities[severity]
		return {
			id: `diagnosis ${cause}`,
			...(index === 0 && { title: 'What the doctor says of it' }),
			target: { kind: 'diagnosis', cause, suppressed: false, foldable: false },
			lines: [ends([strong(word, tone), span(` ${title}`)], [span(confidences[confidence], 'faint')], width)],
		}
	})
}

type TargetOf = (name: string) => Target

function containerBlocks(
	row: PodRow,
	pod: KubePod,
	sight: Sight,
	targetOf: TargetOf,
	width: number,
): Block[] {
	return pod.containers.map((container, index) => ({
		id: `container ${container.name}`,
		...(index === 0 && { title: 'Containers' }),
		target: targetOf(container.name),
		lines: containerLines(row, container, sight, width),
	}))
}

function containerLines(row: PodRow, container: KubeContainer, sight: Sight, width: number): Line[] {
	const { name, image, imageId, init, sidecar, ephemeral, ready, current, last, restarts } = container
	const { now, runtime } = sight
	const kind = ephemeral ? 'debugging ' : sidecar ? 'sidecar ' : init ? 'init ' : ''
	const well = ready || (init && current.exitCode === 0) || current.reason === 'Completed' || ephemeral
	const fact = (label: string, text: string, tone?: Span['tone']): Line[] =>
		text === ''
			? []
			: paragraph(text, width, { first: [span(`  ${label.padEnd(9)} `, 'faint')], ...(tone && { tone }) })
	const { digest, present } = imageFacts(image, imageId, runtime, row.node === sight.node)
	const here =
		present === undefined ? '' : present ? ', it is on the node' : ', NOT on the node: it has to be pulled'
	return [
		ends(
			[strong(`${kind}${name}`), span(ready ? '  ready' : '  not ready', well ? 'faint' : 'bad')],
			[span(counted(restarts, 'restart'), restarts > 0 ? 'warn' : 'faint')],
			width,
		),
		...fact('state', stateWords(current, now), well ? undefined : 'warn'),
		...fact('before', last ? stateWords(last, now) : '', 'warn'),
		...fact('image', `${image}${here}`, present === false ? 'warn' : undefined),
		...fact('digest', digest ?? ''),
		...fact('resources', resourceWords(container)),
		...(container.probes ?? []).flatMap((probe, index) => fact(index === 0 ? 'probes' : '', probe)),
		...fact('ports', (container.ports ?? []).join(', ')),
		...(container.mounts ?? []).flatMap(({ path, volume, readOnly }, index) =>
			fact(index === 0 ? 'mounts' : '', `${path} from ${volume}${readOnly ? ', read-only' : ''}`),
		),
	]
}

function runtimeBlock(
	container: RuntimeContainer,
	sight: Sight,
	targetOf: TargetOf,
	first: boolean,
	width: number,
): Block {
	const { name, image, state, attempt, createdAt } = container
	const { digest, present } = imageFacts(image, '', sight.runtime, true)
	return {
		id: `container ${name}`,
		...(first && { title: 'Containers, as the runtime knows them' }),
		target: targetOf(name),
		lines: [
			ends(
				[strong(name), span(`  ${state}`, state === 'running' ? 'good' : 'warn')],
				[span(`attempt ${attempt}, ${age(createdAt, sight.now)} old`, 'faint')],
				width,
			),
			...paragraph(`${image}${present === false ? ', NOT on the node' : ''}`, width, {
				first: [span('  image     ', 'faint')],
			}),
			...(digest ? paragraph(digest, width, { first: [span('  digest    ', 'faint')] }) : []),
		],
	}
}

/** Without the API and the runtime the logs are all that tells of containers. */
function filesBlocks(
	{ namespace, name, uid, files }: PodRow,
	sight: Sight,
	targetOf: TargetOf,
	width: number,
): Block[] {
	return (files?.containers ?? []).map((container, index) => {
		const { running, attempt, writtenAt } = container
		const state = running === undefined ? 'nobody knows whether it runs' : running ? 'running' : 'not running'
		const written = writtenAt === undefined ? '' : `, last written ${age(writtenAt, sight.now)} ago`
		return {
			id: `container ${container.name}`,
			...(index === 0 && { title: 'Containers that have written a log' }),
			target: targetOf(container.name),
			lines: [
				line(strong(container.name), span(`  ${state}`, running ? 'good' : 'warn')),
				...paragraph(
					`${podLogRoot}/${namespace}_${name}_${uid}/${container.name}/${attempt}.log${written}`,
					width,
					{ first: [span('  log       ', 'faint')] },
				),
			],
		}
	})
}

function conditionBlocks({ conditions }: KubePod, width: number): Block[] {
	return conditions
		.filter(({ status }) => status !== 'True')
		.map(({ type, reason, message }, index) => {
			const text = [`not ${type}`, reason, message].filter(Boolean).join(': ')
			return {
				id: `condition ${type}`,
				...(index === 0 && { title: 'Conditions' }),
				target: { kind: 'words', text },
				lines: paragraph(text, width),
			}
		})
}

function volumeBlocks({ volumes }: KubePod, width: number): Block[] {
	const lines = volumes.map(({ name, kind, source }) =>
		line(span(name), span(`  ${kind}${source ? ` ${source}` : ''}`, 'faint')),
	)
	const text = volumes.map(({ name, kind, source }) => `${name} ${kind} ${source}`).join('\n')
	return lines.length === 0
		? []
		: [
				{
					id: 'volumes',
					title: 'Volumes',
					target: { kind: 'words', text },
					lines: lines.map(own => ends(own.spans, [], width)),
				},
			]
}

export function eventBlocks(
	{ namespace, name }: { namespace: string; name: string },
	sight: Sight,
	width: number,
	kind = 'Pod',
): Block[] {
	const events = eventsOf(sight, { kind, namespace, name })
	return events.map(({ type, reason, message, count, lastAt }, index) => ({
		id: `event ${index}`,
		...(index === 0 && { title: 'Events, newest first' }),
		target: { kind: 'words', text: message },
		lines: paragraph(
			`${utcTime(lastAt)} (${age(lastAt, sight.now)} ago) ${reason}${count > 1 ? `, ${count} times` : ''}: ${message}`,
			width,
			{ ...(type === 'Warning' && { tone: 'warn' as const }) },
		),
	}))
}
