/** What the rules diagnosed, as results of a check. */
import { type CheckResult, type Diagnosis, fail, warn } from '../../src/check.js'

/**
 * Root causes that are at least likely and that `about` names. A consequence is told under its root. What is critical
 * fails, anything else warns.
 */
export function fromCauses(
	diagnoses: readonly Diagnosis[],
	about: (cause: Diagnosis['cause']) => boolean,
): CheckResult[] {
	return diagnoses
		.filter(({ cause, explainedBy, confidence }) => !explainedBy && confidence !== 'possible' && about(cause))
		.map(({ cause, title, severity, findings, remedies }) => {
			const [finding] = findings
			const [remedy] = remedies
			const says = finding ? `${title}: ${finding.says}` : title
			const known =
				cause === 'unknown-fatal'
					? undefined
					: { tell: 'More on it:', commands: [`k3s-doctor explain ${cause}`] }
			return (severity === 'critical' ? fail : warn)(says, {
				...(finding && { source: finding.source }),
				...(finding?.quote && { quote: finding.quote }),
				do: [...(remedy?.steps ?? []), known],
			})
		})
}
