/**
 * Markup that is HTML and well-formed XML alike. Whatever is put into it as text stays text: there is no way to pass
 * evidence through as markup.
 */

export interface Markup {
	readonly markup: string
}

export type Content = string | Markup | undefined | readonly Content[]

const entities: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
}

/** Characters that XML cannot hold at all: controls, halves of surrogate pairs, non-characters. */
const impossible =
	/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

export function escaped(text: string): string {
	return text.replace(impossible, '\ufffd').replace(/[&<>"']/g, char => entities[char] ?? char)
}

export function rendered(content: Content): string {
	if (content === undefined) return ''
	if (typeof content === 'string') return escaped(content)
	if ('markup' in content) return content.markup
	return content.map(rendered).join('')
}

type Attributes = Readonly<Record<string, string | number | undefined | false>>

/** Elements without an end tag; all others get one, also when empty. */
const empty = new Set(['meta', 'br', 'hr', 'link'])

/** An element. Attributes that are undefined or false are left out. */
export function element(name: string, attributes: Attributes, ...content: Content[]): Markup {
	const given = Object.entries(attributes)
		.filter(([, value]) => value !== undefined && value !== false)
		.map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
		.join('')
	const inside = rendered(content)
	if (empty.has(name)) return { markup: `<${name}${given}/>` }
	return { markup: `<${name}${given}>${inside}</${name}>` }
}
