/** What a bundle never holds is taken out here, before anything is filed. */
import { maskAssignments, maskShortFlags, maskVariables } from './mask/assignments.js'
import { maskEncoded } from './mask/encoded.js'
import { maskEnvironment } from './mask/environment.js'
import { maskHeaders } from './mask/headers.js'
import { type Hide, hidePlainly } from './mask/hide.js'
import { maskLines } from './mask/lines.js'
import { presenceIn } from './mask/presence.js'
import { maskPrivateKeys } from './mask/private-keys.js'
import { maskPasswordFile, maskPrograms } from './mask/programs.js'
import { maskSpoken } from './mask/spoken.js'
import { maskTokens } from './mask/tokens.js'
import { maskUrls } from './mask/urls.js'
import { maskYaml } from './mask/yaml.js'

/** Files that are nothing but a secret. */
const secretFile =
	/(?:\.key|\.psk|\/passwd|\/node-passwd|\/shadow-?|\/gshadow-?|\/rancher\/node\/password|\/node-password\.txt|\/server\/(?:node-|agent-)?token|\/encryption-(?:config|state)\.json|\/\.git-credentials|\/\.netrc|\/\.htpasswd|\/id_(?:rsa|ecdsa|ed25519|dsa)|\/ssh_host_\w+_key|\/serviceaccount\/token|\/docker\/config\.json|\/\.vault-token)$/
/** …but this one, which holds none. */
const accounts = /^files\/etc\/passwd$/

const yamlFile = /\.ya?ml$/i
const environmentFile = /\.env$|\/etc\/(?:default|sysconfig)\/[^/]+$|\/etc\/environment$/
const k3sConfig = /\/config\.yaml(?:\.d\/[^/]+)?$/

/**
 * `text` with its secrets replaced by what `hide` gives for each, `<redacted>` unless told otherwise: tokens,
 * passwords, credentials in addresses, private keys. `file` is its name in the bundle
 * (`files/etc/rancher/k3s/config.yaml`, `commands/ps.txt`, `journal/k3s.log`) and says how to read it. YAML, JSON and
 * environment files stay readable, lines keep their numbers; certificates, hashes of content and empty values stay as
 * they are. What was masked before stays as well.
 */
export function maskSecrets(file: string, text: string, hide: Hide = hidePlainly): string {
	if (text === '') return text
	if (secretFile.test(file) && !accounts.test(file)) return `${hide(text.trim(), 'file')}\n`
	let masked = maskPasswordFile(file, maskPrivateKeys(text, hide), hide)
	if (yamlFile.test(file)) masked = maskYaml(masked, k3sConfig.test(file), hide)
	if (environmentFile.test(file)) masked = maskEnvironment(masked, hide)
	return maskEncoded(maskWords(masked, hide), hide, inner => maskText(inner, hidePlainly, false))
}

/** A text of which nothing else is known; `encoded`: what stands in it in base64 as well. */
export function maskText(text: string, hide: Hide, encoded = true): string {
	const masked = maskWords(maskPrivateKeys(text, hide), hide)
	return encoded ? maskEncoded(masked, hide, inner => maskText(inner, hidePlainly, false)) : masked
}

/** Secrets that are known by their form or by the words beside them, in any text. */
export function maskWords(text: string, hide: Hide): string {
	const mayHold = presenceIn(text)
	const named = maskAssignments(maskHeaders(maskTokens(text, hide, mayHold), hide), hide)
	const spelled = maskUrls(
		maskPrograms(maskLines(maskShortFlags(maskVariables(named, hide), hide), hide), hide, mayHold),
		hide,
	)
	return maskSpoken(spelled, hide)
}
