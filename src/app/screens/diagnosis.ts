/** One diagnosis: what it means, why we think so, what hangs together with it, what to do. */
import type { Diagnosis } from '../../model/diagnosis.js'
import { type Offer, offersOf } from '../../model/offer.js'
import type { Report } from '../../model/report.js'
import { duration, utcTime } from '../../report/times.js'
import { takenAt, titleOf } from '../diagnoses.js'
import { ends, line, paragraph, type Span, span, strong } from '../line.js'
import type { ListView } from '../list.js'
import { offered } from '../past.js'
import type { ListState, State } from '../state.js'
import type { Suppression } from '../subject.js'
import { confidences, severities } from '../words.js'
import { type Block, blocksView } from './blocks.js'
import { findingBlock, remedyBlocks } from './findings.js'
import { gutter } from './rows.js'

type DiagnosisPlace = ListState & { cause: Diagnosis['cause'] }

export function diagnosisView(state: State, list: DiagnosisPlace, width: number): ListView {
	const { cause } = list
	const report = state.subject?.report
	const diagnosis = report?.diagnoses.find(candidate => candidate.cause === cause)
	if (!report || !diagnosis) return gone(list, width)
	const suppression = state.suppressed.find(candidate => candidate.cause === cause)
	return blocksView(
		diagnosisBlocks(diagnosis, report, width - gutter, suppression, offered(state, diagnosis)),
		list,
		width,
	)
}

/** Its page, block by block; the first one is its head. */
export function diagnosisBlocks(
	diagnosis: Diagnosis,
	report: Report,
	width: number,
	suppression: Suppression | undefined,
	offers: readonly Offer[] = offersOf(diagnosis, { actions: report.actions ?? [], torn: 0 }),
): Block[] {
	const now = takenAt(report)
	const own = { kind: 'diagnosis' as const, cause: diagnosis.cause, foldable: false }
	return [
		{
			id: 'head',
			target: { ...own, suppressed: suppression !== undefined },
			lines: [
				...paragraph(diagnosis.title, width, { bold: true }),
				ends(factsOf(diagnosis, now), [], width),
				...(suppression ? paragraph(suppressionWords(suppression), width, { tone: 'warn' }) : []),
			],
		},
		{
			id: 'explain',
			title: 'What it means',
			target: { kind: 'words', text: diagnosis.explain },
			lines: paragraph(diagnosis.explain, width),
		},
		...diagnosis.findings.map((finding, index) => ({
			...findingBlock(finding, index, width, now),
			...(index === 0 && { title: 'Why we think so' }),
		})),
		...relatives(diagnosis, report, width),
		...remedyBlocks(diagnosis, offers, width),
		...diagnosis.docs.map(
			(url, index): Block => ({
				id: `doc ${url}`,
				...(index === 0 && { title: 'Read more' }),
				target: { kind: 'command', text: url },
				lines: [line(span(url, 'accent'))],
			}),
		),
	]
}

/** Severity, confidence, age and id, in words. */
function factsOf({ severity, confidence, at, cause }: Diagnosis, now: number): Span[] {
	const { word, tone } = severities[severity]
	const seen =
		at === undefined ? '' : now - at < 1000 ? ', seen right now' : `, last seen ${duration(now - at)} before`
	return [strong(word, tone), span(`  ${confidences[confidence]}${seen}  (${cause})`, 'faint')]
}

export function suppressionWords({ who, when, why }: Suppression): string {
	return `Put aside by ${who} on ${utcTime(Date.parse(when) || 0)} UTC: ${why}`
}

function relatives(diagnosis: Diagnosis, report: Report, width: number): Block[] {
	const relative = (cause: Diagnosis['cause'], index: number, title: string): Block => ({
		id: `${title} ${cause}`,
		...(index === 0 && { title }),
		target: { kind: 'diagnosis', cause, suppressed: false, foldable: false },
		lines: paragraph(titleOf(report, cause), width, { first: [span('→ ', 'faint')] }),
	})
	return [
		...(diagnosis.explainedBy === undefined ? [] : [relative(diagnosis.explainedBy, 0, 'It follows from')]),
		...diagnosis.explains.map((cause, index) => relative(cause, index, 'It leads to')),
	]
}

function gone(list: DiagnosisPlace, width: number): ListView {
	const { cause } = list
	return blocksView(
		[
			{
				id: 'gone',
				target: { kind: 'words', text: cause },
				lines: paragraph(`The newest examination no longer finds ${cause}.`, width - gutter),
			},
		],
		list,
		width,
	)
}
