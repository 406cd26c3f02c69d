import type { Bundle, NodeFacts } from '../model/bundle.js'
import { answer, fileOf } from '../model/bundle.js'
import type { LogEvidence } from '../model/evidence/index.js'
import { readPrefix } from './journal/prefix.js'
import { readLog } from './log/log.js'
import { source } from './source.js'

function logPath(node: NodeFacts): string {
	return `${node.dataDir}/agent/containerd/containerd.log`
}

export const containerd = source({
	name: 'containerd',
	title: 'containerd log',
	wants: node => [{ file: fileOf(logPath(node)), askFor: `cat ${logPath(node)}`, optional: true }],
	async collect(ask) {
		await ask.file(logPath(ask.node))
	},
	parse,
})

function parse(bundle: Bundle): LogEvidence | undefined {
	const file = fileOf(logPath(bundle.node))
	const content = answer(bundle, file)
	const takenAt = new Date(bundle.takenAt)
	const hint = { year: takenAt.getUTCFullYear(), month: takenAt.getUTCMonth() }
	return content === undefined
		? undefined
		: readLog(file, content, 'containerd', line => {
				const { at, bodyAt } = readPrefix(line, hint)
				return { at, body: line.slice(bodyAt) }
			})
}
