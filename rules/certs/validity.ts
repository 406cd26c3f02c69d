/** Ends of certificates held against the node's own clock. */
import type { Certificate, Evidence, Quote } from '../../src/rule.js'
import { shortName } from './in-use.js'

export const day = 86_400_000

/** `2026-11-21 05:35 UTC`. */
export function dateOf(at: number): string {
	const date = new Date(at)
	return Number.isNaN(date.getTime())
		? 'an unreadable date'
		: `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** `3 days`, `40 minutes`; of a time span in milliseconds, without its sign. */
export function spanOf(ms: number): string {
	const span = Math.abs(ms)
	const [value, unit] =
		span >= 2 * day
			? [span / day, 'days']
			: span >= 7_200_000
				? [span / 3_600_000, 'hours']
				: [span / 60_000, 'minutes']
	const count = Math.max(1, Math.floor(value))
	return `${count} ${count === 1 ? unit.slice(0, -1) : unit}`
}

/** The same certificate stands in several files: each once, the soonest end first. */
export function bySoonestEnd(certificates: readonly Certificate[]): Certificate[] {
	const seen = new Set<string>()
	return certificates
		.filter(({ path, fingerprint }) => {
			const key = fingerprint || path
			return !seen.has(key) && seen.add(key)
		})
		.sort((a, b) => a.notAfter - b.notAfter)
}

/** Those that have ended by this clock, the soonest end first. */
export function endedBy(now: number, certificates: readonly Certificate[]): Certificate[] {
	return bySoonestEnd(certificates.filter(({ notAfter }) => notAfter < now))
}

/** Names of the first few, and how many more. */
export function namesOf(certificates: readonly Certificate[], { node }: Evidence): string {
	const names = [...new Set(certificates.map(({ path }) => shortName(path, node.dataDir)))]
	const more = names.length - 4
	return more > 1 ? `${names.slice(0, 4).join(', ')} and ${more} more` : names.join(', ')
}

/** Where a certificate stands, and what it says of itself. */
export function quoteOf({ path, subject, notBefore, notAfter }: Certificate): Quote {
	return {
		file: path.startsWith('tls://') ? 'probes/tls.json' : `files${path}`,
		text: `${subject}: valid from ${dateOf(notBefore)} to ${dateOf(notAfter)}`,
	}
}

/** What TLS says when it meets a certificate that has ended. */
export const saysEnded =
	/x509: certificate has expired or is not yet valid: current time \S+ is after (?<end>[\dT:.Z+-]+)/

/** `2 certificates have ended: …; the first at …`: of certificates that have ended, the soonest first; `kind` has its article. */
export function endedInWords(
	kind: `${'a' | 'an'} ${string}`,
	plural: string,
	over: readonly [Certificate, ...Certificate[]],
	now: number,
	evidence: Evidence,
): string {
	const [{ notAfter }] = over
	const have = over.length === 1 ? `${kind} has` : `${over.length} ${plural} have`
	return `${have} ended: ${namesOf(over, evidence)}; the first at ${dateOf(notAfter)}, ${spanOf(now - notAfter)} ago by the clock of this node`
}
