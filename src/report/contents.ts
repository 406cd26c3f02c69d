/** Which parts of a report are wanted: for a report that is to be short, or to show less of the node. */
import type { Report } from '../model/report.js'

/** In the order in which they are offered, with what each means to the operator. */
export const contents = {
	quotes: 'the words of logs and files behind each finding',
	remedies: 'what would mend it, with the commands',
	possible: 'causes that little speaks for',
	gaps: 'what could not be seen, and what was therefore not examined',
	times: 'starts of k3s and lives of certificates',
	actions: 'what the doctor did on this node',
	masked: 'what was masked, and where',
} as const

export type Content = keyof typeof contents

/** The report without the parts that are not in `wanted`. Verdict, node, causes and findings always stay. */
export function withContents(report: Report, wanted: ReadonlySet<Content>): Report {
	const { starts, certificates, actions, masked, ...rest } = report
	const diagnoses = report.diagnoses
		.filter(({ confidence }) => wanted.has('possible') || confidence !== 'possible')
		.map(diagnosis => ({
			...diagnosis,
			remedies: wanted.has('remedies') ? diagnosis.remedies : [],
			findings: wanted.has('quotes')
				? diagnosis.findings
				: diagnosis.findings.map(finding =>
						finding.quote ? { ...finding, quote: { ...finding.quote, text: '' } } : finding,
					),
		}))
	return {
		...rest,
		diagnoses,
		gaps: wanted.has('gaps') ? report.gaps : [],
		unexamined: wanted.has('gaps') ? report.unexamined : [],
		...(wanted.has('times') && { ...(starts && { starts }), ...(certificates && { certificates }) }),
		...(wanted.has('actions') && actions && { actions }),
		...(wanted.has('masked') && masked && { masked }),
	}
}
