/** The JSON report, schema 1: stable names, times as ISO 8601 UTC, absent values as null. */
import type { Action } from '../model/action.js'
import type { Diagnosis, Finding } from '../model/diagnosis.js'
import { plainDeep } from '../model/plain-text.js'
import type { Remedy, Step } from '../model/remedy.js'
import type { Report, StartSpan } from '../model/report.js'
import { stepTexts } from './steps.js'

export function jsonReport(unsafe: Report): string {
	const report = plainDeep(unsafe)
	return `${JSON.stringify(
		{
			schema: report.schema,
			doctor: report.doctor,
			takenAt: report.takenAt,
			from: report.from,
			verdict: report.verdict,
			summary: report.summary,
			service: report.service,
			node: {
				hostname: report.node.hostname,
				role: report.node.role,
				unit: report.node.unit,
				init: report.node.init,
				dataDir: report.node.dataDir,
				root: report.node.root,
				k3sVersion: report.node.k3sVersion ?? null,
				os: report.node.os ?? null,
				kernel: report.node.kernel ?? null,
				arch: report.node.arch ?? null,
				uptimeSeconds: report.node.uptimeSeconds ?? null,
				datastore: report.node.datastore ?? null,
				addresses: report.node.addresses,
			},
			diagnoses: report.diagnoses.map(diagnosisJson),
			gaps: report.gaps.map(({ unasked: _, ...gap }) => gap),
			unexamined: report.unexamined.map(({ askFor, ...rest }) => ({ ...rest, askFor: askFor ?? null })),
			crashed: report.crashed,
			examined: report.examined,
			notes: report.notes,
			starts: (report.starts ?? []).map(startJson),
			certificates: (report.certificates ?? []).map(({ from, to, ...rest }) => ({
				...rest,
				notBefore: time(from),
				notAfter: time(to),
			})),
			actions: (report.actions ?? []).map(actionJson),
			masked: report.masked ?? null,
			ms: { ask: report.ms.ask ?? null, judge: Math.round(report.ms.judge) },
		},
		null,
		2,
	)}\n`
}

function diagnosisJson(diagnosis: Diagnosis) {
	return {
		cause: diagnosis.cause,
		title: diagnosis.title,
		severity: diagnosis.severity,
		confidence: diagnosis.confidence,
		explain: diagnosis.explain,
		docs: diagnosis.docs,
		at: time(diagnosis.at),
		explains: diagnosis.explains,
		explainedBy: diagnosis.explainedBy ?? null,
		findings: diagnosis.findings.map(findingJson),
		remedies: diagnosis.remedies.map(remedyJson),
	}
}

function findingJson({ says, weight, source, quote, at, since, count }: Finding) {
	return {
		says,
		weight,
		source,
		quote: quote?.text ?? null,
		file: quote?.file ?? null,
		line: quote?.line ?? null,
		at: time(at),
		since: time(since),
		count: count ?? 1,
	}
}

function remedyJson({ title, why, risk, interrupts, steps, backup, undo, recheck }: Remedy) {
	return {
		title,
		why,
		risk,
		interrupts,
		steps: steps.map(stepJson),
		backup: backup ?? [],
		undo: (undo ?? []).map(stepJson),
		recheck,
	}
}

function startJson({ began, last, ready, furthest, end, why }: StartSpan) {
	return {
		began: time(began),
		last: time(last),
		ready: time(ready),
		furthest: furthest ?? null,
		end: end ?? null,
		why: why ?? null,
	}
}

function actionJson({ id, at, kind, user, cause, title, risk, outcome, detail, verified, undoneBy }: Action) {
	return {
		id,
		at: time(at),
		kind,
		user,
		cause,
		title,
		risk,
		outcome: outcome ?? null,
		detail: detail ?? null,
		verified: verified?.outcome ?? null,
		undoneBy: undoneBy ?? null,
	}
}

/** The step as data, and as the lines that a person reads or pastes. */
function stepJson(step: Step) {
	return { ...step, shown: stepTexts(step) }
}

function time(at: number | undefined): string | null {
	if (at === undefined || !Number.isFinite(at) || Math.abs(at) > 8.64e15) return null
	return new Date(at).toISOString()
}
