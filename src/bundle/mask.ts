/** What a bundle never holds is taken out here, before anything is filed. Masked values read `<redacted>`. */
import { maskAssignments, maskShortFlags } from './mask/assignments.js'
import { maskEnvironment } from './mask/environment.js'
import { redacted } from './mask/names.js'
import { maskPrivateKeys } from './mask/private-keys.js'
import { maskTokens } from './mask/tokens.js'
import { maskUrls } from './mask/urls.js'
import { maskYaml } from './mask/yaml.js'

/** Files that are nothing but a secret. */
const secretFile =
	/(?:\.key|\.psk|\/passwd|\/node-passwd|\/shadow|\/rancher\/node\/password|\/node-password\.txt|\/server\/(?:node-|agent-)?token|\/encryption-config\.json)$/

const yamlFile = /\.ya?ml$/i
const environmentFile = /\.env$|\/etc\/(?:default|sysconfig)\/[^/]+$|\/etc\/environment$/
const k3sConfig = /\/config\.yaml(?:\.d\/[^/]+)?$/

/**
 * `text` with its secrets replaced by `<redacted>`: tokens, passwords, credentials in addresses, private keys.
 * `file` is its name in the bundle (`files/etc/rancher/k3s/config.yaml`, `commands/ps.txt`, `journal/k3s.log`) and
 * says how to read it. YAML, JSON and environment files stay readable, lines keep their numbers; certificates, hashes
 * and empty values stay as they are.
 */
export function maskSecrets(file: string, text: string): string {
	if (text === '') return text
	if (secretFile.test(file)) return `${redacted}\n`
	let masked = maskPrivateKeys(text)
	if (yamlFile.test(file)) masked = maskYaml(masked, k3sConfig.test(file))
	if (environmentFile.test(file)) masked = maskEnvironment(masked)
	return maskUrls(maskShortFlags(maskAssignments(maskTokens(masked))))
}
