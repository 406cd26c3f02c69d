/** `k3s check-config`: `- NAME: value` lines in sections, with colours unless it was told not to. */
import type { K3sEvidence } from '../../model/evidence/index.js'
import { plainText } from '../../model/plain-text.js'

/** Values that say that all is well. */
const fine = /^(?:enabled|good|ok|disabled|\d|cgroups .*status: good|apparmor: enabled)/

const most = 200

/** `undefined` when the text holds no check. */
export function readCheckConfig(text: string | undefined): K3sEvidence['checkConfig'] {
	const failed: string[] = []
	const warnings: string[] = []
	let checks = 0
	for (const line of plainText((text ?? '').slice(0, 256 * 1024)).split('\n')) {
		const parts = /^ {0,20}- ([^:]{1,200}): (\S.{0,400})$/.exec(line)
		if (!parts) continue
		checks += 1
		const [, name = '', value = ''] = parts
		const told = `${name}: ${value.trim()}`
		if (value.includes('(fail)')) failed.push(told)
		else if (!fine.test(value)) warnings.push(told)
		if (checks === most) break
	}
	return checks ? { failed, warnings } : undefined
}
