/** Several nodes as text: what shows side by side, then each node's own report. */
import type { ClusterReport, Share } from '../../model/cluster-report.js'
import { plainDeep } from '../../model/plain-text.js'
import { toAscii } from '../text/ascii.js'
import { type TextOptions, textReport } from '../text/index.js'
import { painter, verdictTone, verdictWord } from '../text/paint.js'
import { wrap } from '../text/wrap.js'

const place = ({ file, line }: Share) => (file ? `  ${file}${line === undefined ? '' : `:${line}`}` : '')

export function clusterText(unsafe: ClusterReport, options: TextOptions): string {
	const cluster = plainDeep(unsafe)
	const paint = painter(options.colour)
	const width = Math.max(60, Math.min(options.width, 120))
	const bullet = (text: string, indent = 2) =>
		wrap(text, width - indent - 2).map(
			(line, index) => `${' '.repeat(indent)}${index === 0 ? '• ' : '  '}${line}`,
		)
	const heading = (text: string) => paint('strong', text)
	const widest = Math.max(...cluster.nodes.map(({ label }) => label.length), 0)

	const nodes = cluster.nodes.flatMap(({ label, report }) => {
		const badge = paint(verdictTone[report.verdict], verdictWord[report.verdict].padEnd(12))
		const [first = '', ...rest] = wrap(report.summary, width - widest - 18)
		const indent = ' '.repeat(widest + 18)
		return [`  ${label.padEnd(widest)}  ${badge}  ${first}`, ...rest.map(line => indent + line)]
	})
	const findings = cluster.findings.flatMap(({ severity, says, shares }, index) => [
		...wrap(`${index + 1}. ${severity.toUpperCase()}  ${says}`, width).map((line, at) =>
			at === 0 ? heading(line) : `   ${line}`,
		),
		...shares.flatMap(each => bullet(`${each.node}: ${each.value}${place(each)}`, 3)),
	])
	const reach = cluster.reach.map(
		({ from, to, address, port, result, by }) =>
			`  ${from} → ${to}  ${address}${port === undefined ? '' : `:${port}`}  ${result}${by === 'connection' ? '' : ` (${by})`}`,
	)
	const lines = [
		heading(`${cluster.nodes.length} nodes side by side`),
		'',
		...nodes,
		'',
		heading('Between the nodes'),
		...(findings.length > 0 ? findings : ['  Nothing was found that only shows side by side.']),
		...(cluster.members.length > 0
			? [
					'',
					heading('Members of etcd, seen by'),
					...cluster.members.flatMap(({ by, from, members }) =>
						bullet(`${by}: ${members.join(', ')} (${from})`),
					),
				]
			: []),
		...(reach.length > 0 ? ['', heading('Who reaches whom'), ...reach.slice(0, 60)] : []),
		...(cluster.absent.length > 0
			? ['', ...wrap(`Of these nodes of the cluster there is no bundle: ${cluster.absent.join(', ')}`, width)]
			: []),
		...(cluster.unread.length > 0
			? ['', heading('Not opened'), ...cluster.unread.flatMap(({ from, why }) => bullet(`${from}: ${why}`))]
			: []),
	]
	const head = `${lines.map(line => line.trimEnd()).join('\n')}\n`
	const parts = cluster.nodes.map(
		({ report }, index) =>
			`${'─'.repeat(width)}\n${index + 1}/${cluster.nodes.length}  ${textReport(report, options)}`,
	)
	const text = [head, ...parts].join('\n')
	return options.ascii ? toAscii(text) : text
}
