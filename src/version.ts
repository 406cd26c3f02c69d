/** The doctor's version, as package.json says. The bundler replaces `process.env.K3S_DOCTOR_VERSION`. */
import { readFileSync } from 'node:fs'

let known: string | undefined

export function doctorVersion(): string {
	known ??= process.env.K3S_DOCTOR_VERSION ?? versionOfPackage()
	return known
}

function versionOfPackage(): string {
	const { version }: { version?: unknown } = JSON.parse(
		readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
	)
	return typeof version === 'string' ? version : '0.0.0'
}
