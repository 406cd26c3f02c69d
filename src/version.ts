/** The doctor's version, as package.json says; a bundled build has it in K3S_DOCTOR_VERSION. */
import { existsSync, readFileSync } from 'node:fs'

let known: string | undefined

export function doctorVersion(): string {
	known ??= process.env.K3S_DOCTOR_VERSION ?? versionOfPackage()
	return known
}

/** Above `src` when run from the sources, above `dist/src` when compiled. */
function versionOfPackage(): string {
	const path = ['../package.json', '../../package.json']
		.map(up => new URL(up, import.meta.url))
		.find(existsSync)
	if (!path) return '0.0.0'
	const { version }: { version?: unknown } = JSON.parse(readFileSync(path, 'utf8'))
	return typeof version === 'string' ? version : '0.0.0'
}
