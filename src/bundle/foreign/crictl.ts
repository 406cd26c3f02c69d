/** Tables of crictl, as its JSON. */
import { crictlAge } from './ages.js'
import { bytesOf } from './bytes.js'
import { complaintIn } from './complaint.js'
import { type Draft, jsonPart, type Placed, placed, type Source } from './draft.js'
import { type Row, readTable } from './table.js'

function addItems(
	into: Draft,
	own: string,
	key: string,
	from: Source,
	items: readonly { object: unknown; from: Placed }[],
): void {
	const { file } = from
	const lines: Placed[] = [{ text: `{"${key}":[`, file, line: 0 }]
	for (const [index, item] of items.entries()) {
		const text = `${JSON.stringify(item.object)}${index === items.length - 1 ? '' : ','}`
		lines.push({ ...item.from, text })
	}
	lines.push({ text: ']}', file, line: 0 })
	into.lines(own, lines)
}

/** crictl's own JSON as it is, a table as JSON, an error as an error. */
function add(
	into: Draft,
	own: string,
	key: string,
	from: Source | undefined,
	build: (row: Row) => unknown,
): void {
	if (!from) return
	if (addJson(into, own, from)) return
	const table = readTable(placed(from))
	if (table) {
		const items = table.rows.map(row => ({ object: build(row), from: row.from }))
		addItems(into, own, key, from, items)
		return
	}
	const words = complaintIn(from.text)
	if (words !== undefined) into.failed(own, from.file, words)
}

/** crictl writes nanoseconds in a string. */
function created(text: string | undefined, at: number): string {
	const age = crictlAge(text ?? '')
	return age === undefined ? '0' : `${at - age}000000`
}

const column = ({ cells }: Row, ...names: string[]) => names.map(name => cells.get(name)).find(Boolean) ?? ''

export interface CrictlAnswers {
	info?: Source | undefined
	version?: Source | undefined
	ps?: Source | undefined
	pods?: Source | undefined
	images?: Source | undefined
	imagefs?: Source | undefined
	/** When they were asked, epoch milliseconds. */
	at: number
}

function imageOf(row: Row): unknown {
	const [name, tag, digest] = [column(row, 'IMAGE'), column(row, 'TAG'), column(row, 'DIGEST')]
	const named = name !== '' && name !== '<none>'
	return {
		id: column(row, 'IMAGE ID'),
		repoTags: named && tag !== '' && tag !== '<none>' ? [`${name}:${tag}`] : [],
		repoDigests: named && digest !== '' && digest !== '<none>' ? [`${name}@sha256:${digest}`] : [],
		size: String(bytesOf(column(row, 'SIZE')) ?? 0),
	}
}

/** Short id -> name of each listed image: `crictl ps` shows the id. */
function namesById(images: Source | undefined): ReadonlyMap<string, string> {
	const rows = images ? (readTable(placed(images))?.rows ?? []) : []
	const names = new Map<string, string>()
	for (const row of rows) {
		const tag = column(row, 'TAG')
		if (tag !== '' && tag !== '<none>') names.set(column(row, 'IMAGE ID'), `${column(row, 'IMAGE')}:${tag}`)
	}
	return names
}

/** What stands where text is expected; an error is recorded as one. */
function addText(into: Draft, own: string, from: Source | undefined): void {
	if (!from || from.text.trim() === '') return
	const words = complaintIn(from.text)
	if (words === undefined) into.raw(own, from.file)
	else into.failed(own, from.file, words)
}

/** JSON, with whatever warnings stand before it left out; `false` when there is none. */
function addJson(into: Draft, own: string, from: Source | undefined): boolean {
	const lines = from && jsonPart(from)
	if (lines) into.lines(own, lines)
	return lines !== undefined
}

export function addCrictl(into: Draft, answers: CrictlAnswers): void {
	const { info, version, ps, pods, images, imagefs, at } = answers
	if (!addJson(into, 'crictl/info.json', info)) addText(into, 'crictl/info.json', info)
	addText(into, 'crictl/version.txt', version)
	if (!addJson(into, 'crictl/imagefsinfo.json', imagefs)) addText(into, 'crictl/imagefsinfo.json', imagefs)
	add(into, 'crictl/images.json', 'images', images, imageOf)
	add(into, 'crictl/pods.json', 'items', pods, row => ({
		id: column(row, 'POD ID'),
		metadata: {
			name: column(row, 'NAME'),
			namespace: column(row, 'NAMESPACE'),
			attempt: Number(column(row, 'ATTEMPT') || 0),
		},
		state: column(row, 'STATE') === 'Ready' ? 'SANDBOX_READY' : 'SANDBOX_NOTREADY',
		createdAt: created(row.cells.get('CREATED'), at),
	}))
	const named = namesById(images)
	const podsById = new Map(
		(pods ? (readTable(placed(pods))?.rows ?? []) : []).map(row => [column(row, 'POD ID'), row]),
	)
	add(into, 'crictl/ps.json', 'containers', ps, row => {
		const image = column(row, 'IMAGE')
		// Older tables name neither the pod nor its namespace, but the id of its sandbox.
		const sandbox = podsById.get(column(row, 'POD ID'))
		const pod = column(row, 'POD') || (sandbox ? column(sandbox, 'NAME') : '')
		const namespace = column(row, 'NAMESPACE') || (sandbox ? column(sandbox, 'NAMESPACE') : '')
		return {
			id: column(row, 'CONTAINER', 'CONTAINER ID'),
			podSandboxId: column(row, 'POD ID'),
			metadata: { name: column(row, 'NAME'), attempt: Number(column(row, 'ATTEMPT') || 0) },
			image: { image, userSpecifiedImage: named.get(image) ?? image },
			state: `CONTAINER_${column(row, 'STATE').toUpperCase()}`,
			createdAt: created(row.cells.get('CREATED'), at),
			labels: {
				'io.kubernetes.container.name': column(row, 'NAME'),
				'io.kubernetes.pod.name': pod,
				'io.kubernetes.pod.namespace': namespace,
			},
		}
	})
}
