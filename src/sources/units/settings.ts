/** Settings of a unit file and its drop-ins, in the order in which systemd reads them. */
import { splitWords } from './words.js'

export interface UnitText {
	path: string
	text: string
}

export interface Setting {
	value: string
	path: string
	/** 1-based line in that file on which the setting begins. */
	line: number
}

interface Line {
	text: string
	line: number
}

/** Lines with continuations joined; comments inside a continued line are left out, as systemd does. */
function logicalLines(text: string): Line[] {
	const joined: Line[] = []
	let parts: string[] = []
	let began = 0
	for (const [index, raw] of text.split('\n').entries()) {
		const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
		if (/^\s*[#;]/.test(line)) continue
		if (parts.length === 0) began = index + 1
		const continues = line.endsWith('\\')
		parts.push(continues ? line.slice(0, -1) : line)
		if (continues) continue
		joined.push({ text: parts.join(' ').trim(), line: began })
		parts = []
	}
	if (parts.length) joined.push({ text: parts.join(' ').trim(), line: began })
	return joined
}

/**
 * The values of a list setting of `[Service]`. An empty value takes back all before it.
 */
export function serviceSettings(texts: readonly UnitText[], key: string): Setting[] {
	let settings: Setting[] = []
	for (const { path, text } of texts) {
		let section = ''
		for (const { text: line, line: number } of logicalLines(text)) {
			if (line.startsWith('[')) section = line
			else if (section === '[Service]' && line.startsWith(key)) {
				const rest = line.slice(key.length).trimStart()
				if (!rest.startsWith('=')) continue
				const value = rest.slice(1).trim()
				if (value === '') settings = []
				else settings.push({ value, path, line: number })
			}
		}
	}
	return settings
}

/** argv of each ExecStart line; the marks before the program (`-`, `@`, `+`, `!`, `:`) are no part of it. */
export function execLines(texts: readonly UnitText[]): string[][] {
	return serviceSettings(texts, 'ExecStart').map(({ value }) => {
		const [program = '', ...rest] = splitWords(value)
		return [program.replace(/^[-@:+!|]+/, ''), ...rest].map(word =>
			word.replaceAll('$$', '$').replaceAll('%%', '%'),
		)
	})
}
