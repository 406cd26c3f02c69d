import type { Certificate } from '../../model/evidence/index.js'
import { utcTime } from '../times.js'
import type { Change, Side } from './compare.js'

export function certificateChanges(a: Side, b: Side): { changes: Change[]; blind?: string } {
	if (!a.evidence.certificates || !b.evidence.certificates)
		return { changes: [], blind: 'One of the two has no certificates.' }
	const before = byPlace(a.evidence.certificates.certificates)
	const after = byPlace(b.evidence.certificates.certificates)
	const changes: Change[] = []
	for (const [place, is] of after) {
		const was = before.get(place)
		if (was) changes.push(...changesOf(was, is, expiredBetween(a, b, is)))
		else if (isFile(place)) changes.push({ kind: 'fresh', what: place, after: shown(is) })
	}
	for (const [place, was] of before) {
		if (!after.has(place) && isFile(place)) changes.push({ kind: 'gone', what: place, before: shown(was) })
	}
	return { changes }
}

/** A port that does not answer shows no certificate; that says nothing of the certificate. */
const isFile = (place: string) => place.startsWith('/')

/** Issuers that stand below a certificate have files of their own. */
function byPlace(certificates: readonly Certificate[]): Map<string, Certificate> {
	return new Map(
		certificates.filter(({ position }) => position === 0).map(certificate => [certificate.path, certificate]),
	)
}

function changesOf(was: Certificate, is: Certificate, expired: boolean): Change[] {
	const what = is.path
	if (was.fingerprint === is.fingerprint && was.notAfter === is.notAfter) {
		return expired ? [{ kind: 'changed', what, before: 'valid', after: `expired, ${shown(is)}` }] : []
	}
	const other = issuerOf(was) !== issuerOf(is)
	const changes: Change[] = [
		{
			kind: 'changed',
			what,
			before: other ? `${shown(was)}, from ${issuerOf(was)}` : shown(was),
			after: other ? `${shown(is)}, from another authority, ${issuerOf(is)}` : shown(is),
		},
	]
	const added = is.sans.filter(san => !was.sans.includes(san))
	const lost = was.sans.filter(san => !is.sans.includes(san))
	if (added.length > 0) changes.push({ kind: 'fresh', what: `names in ${what}`, after: added.join(', ') })
	if (lost.length > 0) changes.push({ kind: 'gone', what: `names in ${what}`, before: lost.join(', ') })
	return changes
}

const issuerOf = ({ issuerCommonName, authorityKeyId }: Certificate) =>
	[issuerCommonName, authorityKeyId && `key ${authorityKeyId.slice(0, 11)}`].filter(Boolean).join(', ')

const shown = ({ commonName, notBefore, notAfter }: Certificate) =>
	`${commonName}, ${utcTime(notBefore).slice(0, 16)} to ${utcTime(notAfter).slice(0, 16)}`

/** The same certificate, and its end lies between the two looks. */
function expiredBetween(a: Side, b: Side, { notAfter }: Certificate): boolean {
	return Date.parse(a.report.takenAt) < notAfter && notAfter <= Date.parse(b.report.takenAt)
}
