/** `preflight` and `verify`: what is to be so before an installation, and after it. */
import { preflightChecks, verifyChecks } from '../../rules/checks.js'
import { rules } from '../../rules/index.js'
import { runChecks } from '../engine/checklist.js'
import { type Examination, examine } from '../examine.js'
import { urlArgument } from '../model/argument.js'
import type { Bundle, NodeFacts } from '../model/bundle.js'
import type { ChecklistName, ChecklistReport } from '../model/checklist.js'
import type { Evidence } from '../model/evidence/index.js'
import { checklistJson } from '../report/checklist/json.js'
import { checklistText } from '../report/checklist/text.js'
import { sources } from '../sources/index.js'
import { preflightSource } from '../sources/preflight.js'
import { verifySource } from '../sources/verify.js'
import { exitStatus, type FailOn, failOnOf } from './exit.js'
import { lookOf } from './options.js'
import { writeOut } from './outlet.js'
import { type Parsed, UsageError } from './parse.js'
import { openAsTold } from './redaction.js'

const lists = { preflight: preflightChecks, verify: verifyChecks }

export async function checklistCommand(name: ChecklistName, parsed: Parsed): Promise<number> {
	const { values, switches } = parsed
	const format = values.get('format') ?? 'text'
	const server = values.get('server')
	if (server !== undefined && urlArgument(server) === undefined)
		throw new UsageError(`--server is a URL such as https://10.0.0.1:6443, not "${server}".`)
	const { bundle, from, ms } = await bundleAsTold(name, parsed)
	const report = checklistOf(name, bundle, from, ms)
	const output = values.get('output')
	const look = lookOf(parsed, output !== undefined && output !== '-')
	await writeOut(
		format === 'json' ? checklistJson(report) : checklistText(report, look),
		output,
		switches.has('force'),
	)
	return exitOfChecklist(report, failOnOf(parsed))
}

/** The checklist over a bundle: judged by the rules first, whose diagnoses answer checks, too. */
export function checklistOf(
	name: ChecklistName,
	bundle: Bundle,
	from: string,
	askMs?: number,
): ChecklistReport {
	const among = [...sources, name === 'preflight' ? preflightSource() : verifySource()]
	return checklistFrom(name, examine(bundle, rules, from, askMs, among))
}

export function checklistFrom(
	name: ChecklistName,
	{ evidence, judgement, report }: Examination,
): ChecklistReport {
	const { takenAt, from, node, doctor, ms } = report
	return {
		schema: 1,
		doctor,
		checklist: name,
		takenAt,
		from,
		node,
		...runChecks(lists[name], evidence, judgement),
		wrote: name === 'preflight' ? writtenIn(evidence) : [],
		ms,
	}
}

function writtenIn({ preflight }: Evidence): string[] {
	const disk = preflight?.disk
	if (!disk || 'skipped' in disk) return []
	const what = `For the disk's speed ${disk.writes} blocks of ${disk.bytes} bytes were written to ${disk.path}`
	return [disk.left ? `${what}. It could not be removed: remove it.` : `${what}, which was removed again.`]
}

/** Status of a checklist: 3 something failed, 5 what matters could not be seen, 4 warnings where asked for. */
export function exitOfChecklist({ verdict, checks }: ChecklistReport, failOn: FailOn): number {
	if (failOn !== 'never') {
		if (verdict === 'fail') return exitStatus.critical
		if (failOn === 'warning' && checks.some(({ status }) => status === 'warn')) return exitStatus.warnings
	}
	return checks.some(({ matters, status }) => matters && status === 'not-examined')
		? exitStatus.blind
		: exitStatus.fine
}

async function bundleAsTold(
	name: ChecklistName,
	parsed: Parsed,
): Promise<{ bundle: Bundle; from: string; ms?: number }> {
	const { values, switches } = parsed
	const from = values.get('from')
	const role = values.get('role')
	if (from !== undefined) {
		const bundle = await openAsTold(parsed, from)
		const node = name === 'preflight' ? asRole(bundle.node, role) : bundle.node
		return { bundle: { ...bundle, node }, from: from === '-' ? 'standard input' : from }
	}
	const [{ askPatient, findPatient }, { measureDisk }, { queryName }] = await Promise.all([
		import('./live.js'),
		import('../host/disk-speed.js'),
		import('../host/dns-query.js'),
	])
	const began = performance.now()
	const found = await findPatient(parsed)
	const patient = name === 'preflight' ? { ...found, node: asRole(found.node, role) } : found
	const disk = switches.has('read-only') ? undefined : () => measureDisk(patient.host, patient.node.dataDir)
	const own =
		name === 'preflight' ? preflightSource({ server: values.get('server'), disk }) : verifySource(queryName)
	const bundle = await askPatient(patient, parsed, undefined, [...sources, own])
	return { bundle, from: 'this host', ms: performance.now() - began }
}

/** What the host is to become; where nothing tells, a server. */
export function asRole(node: NodeFacts, told: string | undefined): NodeFacts {
	const role = told === 'agent' || told === 'server' ? told : node.role === 'unknown' ? 'server' : node.role
	const unit = told === 'agent' && node.unit === 'k3s.service' ? 'k3s-agent.service' : node.unit
	return { ...node, role, unit }
}
