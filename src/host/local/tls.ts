import { isIP } from 'node:net'
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls'
import { codeOf, messageOf, since } from '../answer.js'
import { within } from './limit.js'
import { addressesOf } from './resolve.js'

export interface TlsAnswer {
	/** PEM, leaf first. */
	certificates: string[]
	/** Why there are none: `ECONNREFUSED`, `ETIMEDOUT`, `ENOTFOUND`, or what TLS said. */
	error?: string
	ms: number
}

/** Longer than any chain a server of k3s shows. */
const mostCertificates = 10

/** The chain that a TLS port shows. Whatever is wrong with it is what we came for, so nothing is verified. */
export async function tls(host: string, port: number, limitMs = 3000): Promise<TlsAnswer> {
	const started = performance.now()
	try {
		const [address = host] = await within(limitMs, addressesOf(host, limitMs))
		const left = Math.max(1, limitMs - since(started))
		return { ...(await handshake(address, port, isIP(host) ? '' : host, left)), ms: since(started) }
	} catch (error) {
		return { certificates: [], error: codeOf(error) || messageOf(error), ms: since(started) }
	}
}

function handshake(
	host: string,
	port: number,
	servername: string,
	limitMs: number,
): Promise<Omit<TlsAnswer, 'ms'>> {
	return new Promise(resolve => {
		// An empty list of roots: otherwise Node completes the chain with a root that the port never showed.
		const socket = connect({ host, port, servername, ca: [], rejectUnauthorized: false, minVersion: 'TLSv1' })
		const end = (error?: string) => {
			clearTimeout(timer)
			const certificates = chainOf(socket)
			socket.destroy()
			// A server that wants a client certificate breaks off after it has shown its own.
			resolve(certificates.length > 0 || !error ? { certificates } : { certificates, error })
		}
		const timer = setTimeout(() => end('ETIMEDOUT'), limitMs)
		socket.once('secureConnect', () => end())
		socket.on('error', error => end(codeOf(error) || messageOf(error)))
		socket.once('close', () => end('closed before a certificate was shown'))
	})
}

function chainOf(socket: TLSSocket): string[] {
	const chain: string[] = []
	try {
		let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true)
		while (next?.raw && chain.length < mostCertificates) {
			chain.push(pem(next.raw))
			// A self-signed certificate is its own issuer.
			next = next.issuerCertificate === next ? undefined : next.issuerCertificate
		}
	} catch {
		// No handshake, no certificate.
	}
	return chain
}

function pem(der: Buffer): string {
	const lines = der.toString('base64').match(/.{1,64}/g) ?? []
	return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
