/** What stays on the terminal after the app has left it: the result in three lines. */
import { plainLine } from '../model/plain-text.js'
import { listing } from './diagnoses.js'
import { counted } from './format.js'
import type { State } from './state.js'
import { confidences, severities, verdicts } from './words.js'

export function farewell(state: State): string[] {
	const { subject, exam, mode, from } = state
	if (!subject) {
		const why = exam.error ? `: ${exam.error}` : ' was left before it had a result.'
		return [plainLine(`k3s-doctor: the examination of ${from}${why}`)]
	}
	const { report } = subject
	const { roots, possible } = listing(state)
	const [first, ...others] = [...roots, ...possible]
	const worst = first
		? `1. ${severities[first.diagnosis.severity].word} ${first.diagnosis.title} (${confidences[first.diagnosis.confidence]}, ${first.diagnosis.cause})${others.length > 0 ? `, and ${counted(others.length, 'other cause')}` : ''}`
		: `No cause was found; ${counted(report.examined.length, 'source')} answered, ${counted(report.gaps.length, 'question')} did not.`
	const whole =
		mode === 'live'
			? 'k3s-doctor diagnose'
			: mode === 'bundle'
				? `k3s-doctor diagnose --from ${from}`
				: 'sudo k3s-doctor on a node of your own'
	return [
		`${report.node.hostname}: ${verdicts[report.verdict].word}. ${report.summary}`,
		worst,
		mode === 'demo' ? `This was a recording. Try ${whole}.` : `The whole report: ${whole}`,
	].map(plainLine)
}
