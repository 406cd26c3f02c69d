/** Evidence inside Markdown: whatever stands in it is shown as text, and does nothing on GitHub. */

const special = /[\\`*{}[\]<>|~$&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g

const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' }

/**
 * One line of prose. HTML stays text, and so does Markdown; `@name` calls nobody and `#12` links nowhere, because an
 * empty comment parts them: a backslash alone does not keep GitHub from either.
 */
export function prose(text: string): string {
	return (
		text
			.replace(/\s*\n\s*/g, ' ')
			.trim()
			.replace(special, char => entities[char] ?? `\\${char}`)
			.replace(/(?<![A-Za-z0-9])@(?=[A-Za-z0-9])/g, '@<!-- -->')
			.replace(/#(?=\d)/g, '#<!-- -->')
			.replace(/\bGH-(?=\d)/g, 'GH<!-- -->-')
			// What would begin a list, a heading or an underline where it stands first.
			.replace(/^(\d{1,9})(?=[.)](\s|$))/, '$1\\')
			.replace(/^(?=[-+=#])/, '\\')
	)
}

const longestRun = (text: string) =>
	(text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0)

/** Code inside a line: nothing in it is special, but a backtick, which more backticks outdo. */
export function code(text: string): string {
	const line = text.replace(/\s*\n\s*/g, ' ')
	if (line.trim() === '') return ''
	const ticks = '`'.repeat(longestRun(line) + 1)
	const pad = /^[` ]|[` ]$/.test(line) ? ' ' : ''
	return `${ticks}${pad}${line}${pad}${ticks}`
}

/** A block of code, indented to stand in a list. */
export function fence(text: string, indent = '', language = ''): string[] {
	const ticks = '`'.repeat(Math.max(3, longestRun(text) + 1))
	const lines = text.replace(/\n$/, '').split('\n')
	return [`${ticks}${language}`, ...lines, ticks].map(line => `${indent}${line}`.trimEnd())
}

/** A cell of a table: `|` would end it, also in code. */
export function cell(text: string): string {
	return prose(text).replace(/^$/, ' ')
}
