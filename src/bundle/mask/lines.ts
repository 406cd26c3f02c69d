/** Lines that are nothing but a name and its value: INI files, `kubectl describe`, YAML inside of logs. */
import type { Hide } from './hide.js'
import { isEndpointName, isHarmless, isSecretName, isStatusWord, kindOfName } from './names.js'
import { maskEndpoint } from './urls.js'

const line =
	/^([ \t>*#;|-]{0,40}(?:export[ \t]{1,4}|set[ \t]{1,4})?["']?)([A-Za-z_][\w.-]{1,80})(["']?[ \t]{0,20}[=:][ \t]{0,20}["']?)([^\s"'<][^\s"'<]{0,2000})(?=["']?[;,]?[ \t\r]{0,20}$)/gm

/** Names of objects and places, numbers, sizes, times: they stand behind such names as well, and are open. */
const open =
	/^(?:\/\S*|[\d.,:%]+[a-z]{0,3}|[0-9a-f]{8}-[0-9a-f]{4}-\S*|(?:[a-z0-9]([a-z0-9-]*[a-z0-9])?\/)[a-z0-9][a-z0-9.-]*|v\d+(?:\.\d+)*\S{0,20}|sha256:\S*|[\w.-]+\.(?:svc|local|io|com|org|net)(?:[:/]\S*)?)$/

export function maskLines(text: string, hide: Hide): string {
	return text.replace(line, (whole, before: string, name: string, sign: string, told: string) => {
		if (isEndpointName(name)) return `${before}${name}${sign}${maskEndpoint(told, hide)}`
		if (!isSecretName(name) || isHarmless(told) || isStatusWord(told) || /^[{[]/.test(told)) return whole
		// The value of `secret:` and `auth:` is mostly the name of one.
		if (/^(?:secret|auth|credentials?)$/i.test(name) && !/[A-Z+/=]|\d\D*\d\D*\d/.test(told)) return whole
		if (sign.includes(':') && open.test(told)) return whole
		return `${before}${name}${sign}${hide(told, kindOfName(name))}`
	})
}
