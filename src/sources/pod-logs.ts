import type { Bundle } from '../model/bundle.js'
import { fileOf } from '../model/bundle.js'
import type { PodLog } from '../model/evidence/index.js'
import { readCri } from './pod-logs/cri.js'
import { instanceOf, logRoot, pickLogs, podOf } from './pod-logs/pick.js'
import { type Ask, source } from './source.js'

const bytesEach = 200_000
const bytesAll = 8 * 1024 * 1024
const mostFiles = 200
const atOnce = 8

export const podLogs = source({
	name: 'podLogs',
	title: 'container logs',
	// Which logs there are differs from node to node; none of them is missed by name.
	wants: () => [],
	collect,
	parse,
})

async function collect(ask: Ask): Promise<void> {
	const paths = (await pickLogs(ask)).slice(0, mostFiles)
	let taken = 0
	while (paths.length && taken < bytesAll) {
		const batch = paths.splice(0, atOnce)
		const read = await Promise.all(batch.map(path => ask.file(path, { maxBytes: bytesEach })))
		for (const content of read) taken += content?.length ?? 0
	}
}

const prefix = `${fileOf(logRoot)}/`

function podLog(file: string, content: string): PodLog | undefined {
	const [directory, container, name, more] = file.slice(prefix.length).split('/')
	const pod = podOf(directory ?? '')
	const instance = instanceOf(name ?? '')
	if (!pod || !container || instance === undefined || more !== undefined) return undefined
	return { file, ...pod, container, instance, lines: readCri(content) }
}

function parse(bundle: Bundle): PodLog[] | undefined {
	const logs: PodLog[] = []
	for (const [file, content] of bundle.files) {
		const log = file.startsWith(prefix) ? podLog(file, content) : undefined
		if (log) logs.push(log)
	}
	return logs.length ? logs : undefined
}
