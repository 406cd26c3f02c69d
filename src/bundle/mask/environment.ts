/** Environment files: `NAME=value` lines. They stay readable, and each line keeps its number. */
import { isEndpointName, isHarmless, isSecretName, redacted } from './names.js'
import { maskEndpoint } from './urls.js'

const line =
	/^([ \t]{0,100}(?:#[ \t]{0,100})?(?:export[ \t]{1,20})?)([A-Za-z_]\w{0,200})([ \t]{0,20}=[ \t]{0,20})(.*)$/

function unquoted(value: string): { quote: string; inner: string; closed: boolean } {
	const quote = /^["']/.exec(value)?.[0] ?? ''
	if (quote === '') return { quote, inner: value, closed: !value.endsWith('\\') }
	const close = value.indexOf(quote, 1)
	return { quote, inner: value.slice(1, close < 0 ? undefined : close), closed: close > 0 }
}

export function maskEnvironment(text: string): string {
	const lines = text.split('\n')
	for (let index = 0; index < lines.length; index += 1) {
		const [, before = '', name = '', sign = '', told = ''] = line.exec(lines[index] ?? '') ?? []
		const value = told.trimEnd()
		if (isEndpointName(name)) lines[index] = `${before}${name}${sign}${maskEndpoint(value)}`
		if (!isSecretName(name)) continue
		const { quote, inner, closed } = unquoted(value)
		if (closed && isHarmless(inner)) continue
		lines[index] = `${before}${name}${sign}${quote}${redacted}${quote}`
		if (closed) continue
		// The value goes on: up to its quote, or to the first line that does not end with a backslash.
		for (index += 1; index < lines.length; index += 1) {
			const more = lines[index] ?? ''
			lines[index] = ''
			if (quote !== '' ? more.includes(quote) : !more.endsWith('\\')) break
		}
	}
	return lines.join('\n')
}
