/** From evidence and judgement to the report that every format shows. Pure. */

import type { Action } from '../model/action.js'
import type { Bundle } from '../model/bundle.js'
import { datastoreNames } from '../model/datastores.js'
import type { Judgement } from '../model/diagnosis.js'
import type { Evidence } from '../model/evidence/index.js'
import type { Report, ReportNode, ReportRule } from '../model/report.js'
import { certificateSpans, startSpans } from './timeline.js'
import { judgeState } from './verdict.js'

export interface ReportContext {
	doctorVersion: string
	from: string
	/** Titles of the sources that answered. */
	examined: readonly string[]
	ms: { ask?: number; judge: number }
	/** The rules that judged. */
	rules?: readonly ReportRule[]
	/** What the doctor did on this node, oldest first. */
	actions?: readonly Action[]
}

export function buildReport(
	bundle: Bundle,
	evidence: Evidence,
	judgement: Judgement,
	context: ReportContext,
): Report {
	const { verdict, summary } = judgeState(evidence, judgement)
	return {
		schema: 1,
		doctor: { version: context.doctorVersion },
		takenAt: bundle.takenAt,
		from: context.from,
		node: nodeOf(bundle, evidence),
		verdict,
		summary,
		service: evidence.service?.state ?? 'unknown',
		diagnoses: judgement.diagnoses,
		gaps: judgement.gaps,
		unexamined: judgement.unexamined,
		crashed: judgement.crashed,
		examined: [...context.examined],
		notes: [...bundle.notes],
		starts: startSpans(evidence),
		certificates: certificateSpans(evidence),
		...(context.actions && { actions: [...context.actions] }),
		...(bundle.masked && { masked: bundle.masked }),
		...(context.rules && { rules: context.rules }),
		ms: context.ms,
	}
}

function nodeOf(bundle: Bundle, evidence: Evidence): ReportNode {
	const { kernel, k3s, network, datastore, names } = evidence
	const version = k3s?.runningVersion ?? k3s?.version ?? evidence.journal?.newest?.version
	const addresses = (network?.interfaces ?? [])
		.filter(({ name }) => !/^(lo|cni0|flannel|veth|kube-|cali|cilium|lxc|docker|br-)/.test(name))
		.flatMap(({ addresses }) =>
			addresses.filter(({ scope }) => scope === 'global').map(({ address }) => address),
		)
	const store = datastore && bundle.node.role === 'server' ? datastoreNames[datastore.kind] : undefined
	return {
		...bundle.node,
		hostname: bundle.node.hostname || names?.hostname || 'unknown',
		addresses,
		...(version !== undefined && { k3sVersion: version }),
		...(kernel?.os.pretty !== undefined && { os: kernel.os.pretty }),
		...(kernel?.release && { kernel: kernel.release }),
		...(kernel?.arch && { arch: kernel.arch }),
		...(kernel?.uptimeSeconds !== undefined && {
			uptimeSeconds: kernel.uptimeSeconds,
		}),
		...(store !== undefined && { datastore: store }),
	}
}
