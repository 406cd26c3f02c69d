/** Certificates as `openssl x509 -text` prints them: what tests can write down with any date and key. */

export interface Printed {
	subject?: string
	issuer?: string
	from?: string
	to: string
	ca?: boolean
	keyId?: string
	authorityKeyId?: string
	sans?: string
}

const colons = (id: string) => (id.match(/../g) ?? []).join(':').toUpperCase()

/** `to` and `from` are ISO dates. */
export function printedCertificate({
	subject = 'CN = system:node:node-1',
	issuer = 'CN = k3s-client-ca@1700000000',
	from = '2025-11-22',
	to,
	ca = false,
	keyId = 'aabbccddeeff00112233445566778899aabbccdd',
	authorityKeyId,
	sans,
}: Printed): string {
	const date = (iso: string) => {
		const [, day, month, year, time] =
			/^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(iso).toUTCString()) ?? []
		return `${month} ${Number(day)} ${time} ${year} GMT`
	}
	return [
		'Certificate:',
		'    Data:',
		'        Version: 3 (0x2)',
		`        Issuer: ${issuer}`,
		'        Validity',
		`            Not Before: ${date(from)}`,
		`            Not After : ${date(to)}`,
		`        Subject: ${subject}`,
		'        X509v3 extensions:',
		'            X509v3 Basic Constraints: critical',
		`                CA:${ca ? 'TRUE' : 'FALSE'}`,
		'            X509v3 Subject Key Identifier: ',
		`                ${colons(keyId)}`,
		...(authorityKeyId
			? ['            X509v3 Authority Key Identifier: ', `                ${colons(authorityKeyId)}`]
			: []),
		...(sans ? ['            X509v3 Subject Alternative Name: ', `                ${sans}`] : []),
		'',
	].join('\n')
}

export const server = '/var/lib/rancher/k3s/server/tls'
export const agent = '/var/lib/rancher/k3s/agent'

/** What the clock of the node says: `2026-11-21T04:10:00` unless told. */
export function dateFile(iso = '2026-11-21T04:10:00'): Record<string, string> {
	return { 'commands/date.txt': `${iso},000000000+00:00\n` }
}
