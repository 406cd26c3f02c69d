/** A unit that starts a file which is not there. */
import type { FilesEvidence, Quote, ServiceEvidence, UnitsEvidence } from '../../src/rule.js'

/** Where installers put the binary. */
export const usual: readonly string[] = ['/usr/local/bin/k3s', '/opt/bin/k3s', '/usr/bin/k3s']

const executed = 203

/** The program that the k3s unit cannot start because it does not exist. */
export function lostStart(
	{ own }: UnitsEvidence,
	{ state }: ServiceEvidence,
	{ listed }: FilesEvidence,
): { path: string; quote: Quote } | undefined {
	const path = own?.exec.at(-1)?.[0]
	if (!own || !path || state === 'running' || own.loadState !== 'loaded' || own.exitStatus !== executed)
		return undefined
	// The directory was looked into and the file is not in it; of others nothing is known.
	const folder = path.slice(0, path.lastIndexOf('/'))
	const lookedInto = [...listed.keys()].some(other => other === folder || other.startsWith(`${folder}/`))
	return lookedInto && !listed.has(path) ? { path, quote: own.quote } : undefined
}
