/** A checklist as JSON, schema 1 (checklist.schema.json): stable names, absent values as null. */
import type { ChecklistReport, CheckResult } from '../../model/checklist.js'
import { plainDeep } from '../../model/plain-text.js'
import { stepTexts } from '../steps.js'

export function checklistJson(unsafe: ChecklistReport): string {
	const report = plainDeep(unsafe)
	const { node } = report
	return `${JSON.stringify(
		{
			schema: report.schema,
			doctor: report.doctor,
			checklist: report.checklist,
			takenAt: report.takenAt,
			from: report.from,
			verdict: report.verdict,
			node: {
				hostname: node.hostname,
				role: node.role,
				unit: node.unit,
				init: node.init,
				dataDir: node.dataDir,
				root: node.root,
				k3sVersion: node.k3sVersion ?? null,
				os: node.os ?? null,
				kernel: node.kernel ?? null,
				arch: node.arch ?? null,
			},
			checks: report.checks.map(({ results, docs, ...check }) => ({
				...check,
				docs,
				results: results.map(resultJson),
			})),
			left: report.left,
			wrote: report.wrote,
			ms: {
				ask: report.ms.ask === undefined ? null : Math.round(report.ms.ask),
				judge: Math.round(report.ms.judge),
			},
		},
		null,
		2,
	)}\n`
}

function resultJson({ status, says, source, quote, advice }: CheckResult) {
	return {
		status,
		says,
		source: source ?? null,
		quote: quote?.text ?? null,
		file: quote?.file ?? null,
		line: quote?.line ?? null,
		advice: advice.flatMap(stepTexts),
	}
}
