/** Environment files: `NAME=value` lines. They stay readable, and each line keeps its number. */
import type { Hide } from './hide.js'
import { isEndpointName, isHarmless, isSecretName, kindOfName } from './names.js'
import { maskEndpoint } from './urls.js'

const line =
	/^([ \t]{0,100}(?:#[ \t]{0,100})?(?:export[ \t]{1,20})?)([A-Za-z_]\w{0,200})([ \t]{0,20}=[ \t]{0,20})(.*)$/

function unquoted(value: string): { quote: string; inner: string; closed: boolean } {
	const quote = /^["']/.exec(value)?.[0] ?? ''
	if (quote === '') return { quote, inner: value, closed: !value.endsWith('\\') }
	const close = value.indexOf(quote, 1)
	return { quote, inner: value.slice(1, close < 0 ? undefined : close), closed: close > 0 }
}

export function maskEnvironment(text: string, hide: Hide): string {
	const lines = text.split('\n')
	for (let index = 0; index < lines.length; index += 1) {
		const [, before = '', name = '', sign = '', told = ''] = line.exec(lines[index] ?? '') ?? []
		const value = told.trimEnd()
		if (isEndpointName(name)) lines[index] = `${before}${name}${sign}${maskEndpoint(value, hide)}`
		if (!isSecretName(name)) continue
		const { quote, inner, closed } = unquoted(value)
		if (closed && isHarmless(inner)) continue
		const first = index
		const secret = [inner]
		// The value goes on: up to its quote, or to the first line that does not end with a backslash.
		for (index += closed ? 0 : 1; !closed && index < lines.length; index += 1) {
			const more = lines[index] ?? ''
			lines[index] = ''
			secret.push(quote === '' ? more : (more.split(quote)[0] ?? ''))
			if (quote !== '' ? more.includes(quote) : !more.endsWith('\\')) break
		}
		const masked = hide(secret.join('\n'), kindOfName(name))
		lines[first] = `${before}${name}${sign}${quote}${masked}${quote}`
	}
	return lines.join('\n')
}
