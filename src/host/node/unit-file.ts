/** What a unit file and its drop-ins say about starting a service. Pure. */
import { splitWords } from './words.js'

export interface Starting {
	/** Words of the last ExecStart. */
	exec: string[]
	environment: Map<string, string>
	environmentFiles: string[]
}

/** `texts`: the unit file, then its drop-ins in order; an empty assignment takes back what came before. */
export function parseUnit(texts: readonly string[], unit: string): Starting {
	const starting: Starting = { exec: [], environment: new Map(), environmentFiles: [] }
	const name = unit.replace(/\.service$/, '')
	for (const text of texts) {
		for (const [key, raw] of assignments(text)) {
			const value = raw.replaceAll('%N', name).replaceAll('%n', unit)
			if (key === 'ExecStart') starting.exec = splitWords(value.replace(/^[-@:+!]+/, ''))
			else if (key === 'Environment') setEnvironment(starting.environment, value)
			else if (key === 'EnvironmentFile') {
				if (value === '') starting.environmentFiles = []
				else starting.environmentFiles.push(value.replace(/^-/, ''))
			}
		}
	}
	return starting
}

function setEnvironment(environment: Map<string, string>, value: string): void {
	if (value === '') environment.clear()
	for (const word of splitWords(value)) {
		const equals = word.indexOf('=')
		if (equals > 0) environment.set(word.slice(0, equals), word.slice(equals + 1))
	}
}

/** `Key=value` of the [Service] section, continued lines joined. */
function* assignments(text: string): Generator<[key: string, value: string]> {
	let section = ''
	let line = ''
	for (const piece of text.split('\n')) {
		const trimmed = piece.trim()
		// A comment inside a continued line is left out, the line goes on.
		if (/^[#;]/.test(trimmed)) continue
		line += trimmed.endsWith('\\') ? `${trimmed.slice(0, -1)} ` : trimmed
		if (trimmed.endsWith('\\')) continue
		const whole = line
		line = ''
		const heading = /^\[(.*)\]$/.exec(whole)
		if (heading) section = heading[1] ?? ''
		const equals = whole.indexOf('=')
		if (section === 'Service' && equals > 0)
			yield [whole.slice(0, equals).trim(), whole.slice(equals + 1).trim()]
	}
}

/** The same of an OpenRC script of the k3s installer: `command=` and `command_args=`. */
export function parseInitScript(text: string, name: string): Starting {
	const command = /^command="?([^"\n]+?)"?\s*$/m.exec(text)?.[1] ?? ''
	const args = /^command_args="((?:[^"\\]|\\[\s\S])*)"/m.exec(text)?.[1] ?? ''
	const words = splitWords(args.replaceAll('\\\n', ' '))
	const redirected = words.findIndex(word => /^\d?>/.test(word))
	return {
		exec: [command, ...(redirected < 0 ? words : words.slice(0, redirected))],
		environment: new Map(),
		environmentFiles: ['/etc/environment', `/etc/rancher/k3s/${name}.env`],
	}
}
