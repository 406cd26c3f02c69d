/** Several nodes as JSON: each node's report as it is alone (schema 1), and what shows side by side. */
import type { ClusterReport } from '../../model/cluster-report.js'
import { plainDeep } from '../../model/plain-text.js'
import { jsonReport } from '../json.js'

export function clusterJson(unsafe: ClusterReport): string {
	const { nodes, findings, reach, members, absent, unread } = plainDeep(unsafe)
	const [first] = nodes
	return `${JSON.stringify(
		{
			schema: 1,
			kind: 'cluster',
			doctor: first?.report.doctor ?? null,
			cluster: {
				findings: findings.map(({ kind, severity, says, shares }) => ({
					kind,
					severity,
					says,
					shares: shares.map(({ node, value, file, line }) => ({
						node,
						value,
						file: file ?? null,
						line: line ?? null,
					})),
				})),
				reach: reach.map(({ port, ...rest }) => ({ ...rest, port: port ?? null })),
				members,
				absent,
				unread,
			},
			nodes: nodes.map(({ label, report }) => ({ label, report: JSON.parse(jsonReport(report)) as unknown })),
		},
		null,
		2,
	)}\n`
}
