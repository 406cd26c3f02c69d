/** What the formats draw or list as stretches of time: the starts of k3s, and the lives of its certificates. */
import type { Certificate, Evidence, Start } from '../model/evidence/index.js'
import type { CertificateSpan, StartSpan } from '../model/report.js'

/** A crash loop has thousands of starts; the newest tell all. */
const mostStarts = 60

export function startSpans({ journal }: Evidence): StartSpan[] {
	return (journal?.starts ?? []).slice(-mostStarts).map(spanOf)
}

function spanOf({ beganAt, lastAt, readyAt, furthest, end }: Start): StartSpan {
	const why = end?.lastWord?.text.slice(0, 500)
	return {
		began: beganAt,
		last: Math.max(beganAt, end?.at ?? lastAt),
		...(readyAt !== undefined && { ready: readyAt }),
		...(furthest && { furthest }),
		...(end && { end: end.how }),
		...(why && { why }),
	}
}

const mostCertificates = 60

/** One span for each certificate, wherever it was found first; a port mostly shows what also lies in a file. */
export function certificateSpans({ certificates }: Evidence): CertificateSpan[] {
	const seen = new Map<string, CertificateSpan>()
	for (const certificate of certificates?.certificates ?? []) {
		if (certificate.position > 0) continue
		const key = certificate.fingerprint || certificate.path
		if (!seen.has(key)) seen.set(key, lifeOf(certificate))
	}
	return [...seen.values()].sort((a, b) => a.to - b.to).slice(0, mostCertificates)
}

function lifeOf({ path, commonName, ca, notBefore, notAfter }: Certificate): CertificateSpan {
	return { path, commonName, ca, from: notBefore, to: notAfter }
}
