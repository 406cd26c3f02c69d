/** `diagnose --from A --from B`, or of a folder of bundles: each node, and what shows side by side. */
import { rules } from '../../rules/index.js'
import { type Examination, examine } from '../examine.js'
import type { ClusterReport } from '../model/cluster-report.js'
import { clusterReport } from '../report/cluster/index.js'
import { exitOf, exitStatus, failOnOf } from './exit.js'
import { lookOf } from './options.js'
import { writeOut } from './outlet.js'
import { type Parsed, UsageError } from './parse.js'
import { openAsTold } from './redaction.js'

async function examineAll(
	parsed: Parsed,
	paths: readonly string[],
): Promise<{ examined: Examination[]; unread: ClusterReport['unread'] }> {
	const examined: Examination[] = []
	const unread: ClusterReport['unread'] = []
	let last: unknown
	// One after another: each may be large.
	for (const path of paths) {
		try {
			examined.push(examine(await openAsTold(parsed, path), rules, path))
		} catch (error) {
			last = error
			unread.push({ from: path, why: error instanceof Error ? error.message : String(error) })
		}
	}
	if (examined.length === 0) throw last
	return { examined, unread }
}

export async function severalCommand(parsed: Parsed, paths: readonly string[]): Promise<number> {
	const { values, switches } = parsed
	const format = values.get('format') ?? 'text'
	if (format !== 'text' && format !== 'json')
		throw new UsageError(`Several bundles are reported as text or json, not as ${format}.`)
	if (switches.has('anonymise'))
		throw new UsageError(
			'--anonymise gives each bundle other names, so that several cannot be compared. Give one at a time.',
		)
	const output = values.get('output')
	const failOn = failOnOf(parsed)
	const { examined, unread } = await examineAll(parsed, paths)
	const cluster = clusterReport(examined, unread)
	const text =
		format === 'json'
			? (await import('../report/cluster/json.js')).clusterJson(cluster)
			: (await import('../report/cluster/text.js')).clusterText(
					cluster,
					lookOf(parsed, output !== undefined && output !== '-'),
				)
	await writeOut(text, output, switches.has('force'))
	return statusOf(cluster, failOn)
}

/** The worst of the nodes, and of what lies between them. */
function statusOf({ nodes, findings, unread }: ClusterReport, failOn: ReturnType<typeof failOnOf>): number {
	const statuses = nodes.map(({ report }) => exitOf(report, failOn))
	if (failOn !== 'never' && findings.some(({ severity }) => severity === 'critical'))
		statuses.push(exitStatus.critical)
	if (failOn === 'warning' && findings.some(({ severity }) => severity === 'warning'))
		statuses.push(exitStatus.warnings)
	if (unread.length > 0) statuses.push(exitStatus.blind)
	const worst = [exitStatus.critical, exitStatus.warnings, exitStatus.blind]
	return worst.find(status => statuses.includes(status)) ?? exitStatus.fine
}
