/** Certificates for test servers, made here: no program for it need be installed. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

export interface Issued {
	/** PEM. */
	certificate: string
	/** PEM. */
	key: string
	privateKey: KeyObject
	name: Buffer
}

export interface Wish {
	commonName: string
	ca?: boolean
	/** DNS name or IPv4 address that the certificate is for. */
	names?: readonly string[]
	/** Without it the certificate is self-signed. */
	issuer?: Issued
	notAfter?: Date
}

export function issue({ commonName, ca = false, names = [], issuer, notAfter }: Wish): Issued {
	const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
	const name = sequence(set(sequence(oid('2.5.4.3'), der(0x0c, Buffer.from(commonName)))))
	const end = notAfter ?? new Date(Date.now() + 3_600_000)
	const start = new Date(Math.min(Date.now(), end.getTime()) - 3_600_000)
	const algorithm = sequence(oid('1.2.840.10045.4.3.2'))
	const body = sequence(
		der(0xa0, der(0x02, Buffer.from([2]))),
		der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
		algorithm,
		issuer?.name ?? name,
		sequence(time(start), time(end)),
		name,
		publicKey.export({ type: 'spki', format: 'der' }),
		der(0xa3, sequence(...extensions(ca, names))),
	)
	const signature = sign('sha256', body, issuer?.privateKey ?? privateKey)
	const whole = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])))
	return {
		certificate: pem(whole),
		key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
		privateKey,
		name,
	}
}

function extensions(ca: boolean, names: readonly string[]): Buffer[] {
	const constraints = sequence(...(ca ? [der(0x01, Buffer.from([0xff]))] : []))
	const found = [sequence(oid('2.5.29.19'), der(0x04, constraints))]
	const alternatives = names.map(name =>
		/^[\d.]+$/.test(name)
			? der(0x87, Buffer.from(name.split('.').map(Number)))
			: der(0x82, Buffer.from(name)),
	)
	if (alternatives.length > 0) found.push(sequence(oid('2.5.29.17'), der(0x04, sequence(...alternatives))))
	return found
}

function der(tag: number, content: Buffer): Buffer {
	const { length } = content
	const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
	return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...parts: Buffer[]) => der(0x30, Buffer.concat(parts))
const set = (...parts: Buffer[]) => der(0x31, Buffer.concat(parts))
const time = (date: Date) => der(0x18, Buffer.from(`${date.toISOString().replace(/\D/g, '').slice(0, 14)}Z`))

function oid(dotted: string): Buffer {
	const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
	const bytes = rest.flatMap(number => {
		const septets = [number & 127]
		for (let left = number >> 7; left > 0; left >>= 7) septets.unshift((left & 127) | 128)
		return septets
	})
	return der(0x06, Buffer.from([first * 40 + second, ...bytes]))
}

function pem(whole: Buffer): string {
	const lines = whole.toString('base64').match(/.{1,64}/g) ?? []
	return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
