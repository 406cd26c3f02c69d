/** `causes` and `explain`: what the doctor knows, without any node. */
import { rules } from '../../rules/index.js'
import { type CauseId, causes, isCauseId } from '../model/causes.js'
import type { Evidence } from '../model/evidence/index.js'
import { stepTexts } from '../report/steps.js'
import { painter, severityWord } from '../report/text/paint.js'
import { wrap } from '../report/text/wrap.js'
import type { LogSign, Rule } from '../rule.js'
import { exitStatus } from './exit.js'
import { lookOf } from './options.js'
import { toStandardOutput } from './outlet.js'
import { type Parsed, UsageError } from './parse.js'

export async function causesCommand(parsed: Parsed): Promise<number> {
	const { width, colour } = lookOf(parsed)
	const paint = painter(colour)
	const lines: string[] = []
	let area = ''
	for (const [cause, { area: own, means }] of Object.entries(causes)) {
		if (own !== area) lines.push(...(area ? [''] : []), paint('strong', own))
		area = own
		const known = rules.some(rule => rule.cause === cause)
		const [first = '', ...rest] = wrap(known ? means : `${means} (no rule yet)`, width - 30)
		lines.push(`  ${cause.padEnd(27)} ${first}`, ...rest.map(line => ' '.repeat(30) + line))
	}
	const known = rules.length
	lines.push(
		'',
		`${known} of ${Object.keys(causes).length} causes have a rule. More on one: k3s-doctor explain CAUSE`,
		'',
	)
	await toStandardOutput(lines.join('\n'))
	return exitStatus.fine
}

export async function explainCommand(parsed: Parsed): Promise<number> {
	const id = parsed.positionals[0] ?? ''
	if (!isCauseId(id)) throw new UsageError(`There is no cause "${id}". The list: k3s-doctor causes.`)
	const rule = rules.find(({ cause }) => cause === id)
	const { width, colour } = lookOf(parsed)
	const paint = painter(colour)
	if (!rule) {
		await toStandardOutput(
			`${paint('strong', id)}\n${wrap(causes[id].means, width).join('\n')}\nNo rule recognises it yet.\n`,
		)
		return exitStatus.fine
	}
	await toStandardOutput(`${explanation(rule, id, width, paint).join('\n')}\n`)
	return exitStatus.fine
}

function explanation(rule: Rule, id: CauseId, width: number, paint: ReturnType<typeof painter>): string[] {
	const heading = (text: string) => ['', paint('strong', text)]
	const bullets = (texts: readonly string[]) =>
		texts.flatMap(text =>
			wrap(text, width - 4).map((line, index) => `${index === 0 ? '  - ' : '    '}${line}`),
		)
	const remedies = remediesOf(rule)
	return [
		`${paint('strong', rule.title)}  (${id}, ${causes[id].area}, ${severityWord[rule.severity].toLowerCase()})`,
		...wrap(rule.explain, width),
		...heading('Signs'),
		...bullets(
			rule.signs.map(sign =>
				sign.kind === 'log' ? logSignWords(sign) : `looks at: ${sign.needs.join(', ')}`,
			),
		),
		...(rule.leadsTo.length > 0 ? [...heading('Usually leads to'), ...bullets(rule.leadsTo)] : []),
		...(remedies.length > 0 ? heading('Remedies') : []),
		...remedies.flatMap(({ title, risk, why, steps }) => [
			...bullets([`${title} (${risk}): ${why}`]),
			...steps.flatMap(stepTexts).map(({ kind, text }) => `      ${kind === 'command' ? '$ ' : ''}${text}`),
		]),
		...heading('Documentation'),
		...rule.docs.map(url => `  ${url}`),
	]
}

function logSignWords({ pattern, needs }: LogSign): string {
	const readable = pattern.source.replace(/\(\?<\w+>[^)]*\)/g, '…').replace(/\\/g, '')
	return `a line in the ${needs[0] === 'journal' ? 'journal' : needs[0]}: ${readable}`
}

/** The remedies as they would be on an ordinary server; those that need evidence tell so on a node. */
function remediesOf(rule: Rule): ReturnType<Rule['remedies']> {
	const node: Evidence['node'] = {
		hostname: 'node',
		role: rule.appliesTo?.includes('server') === false ? 'agent' : 'server',
		unit: rule.appliesTo?.includes('server') === false ? 'k3s-agent.service' : 'k3s.service',
		init: 'systemd',
		dataDir: '/var/lib/rancher/k3s',
		root: true,
	}
	try {
		return rule.remedies({ node }, [])
	} catch {
		return []
	}
}
