/** Command lines as systemd and shell scripts write them, and the k3s in them. Pure. */

/** Words of a command line; quotes group, a backslash keeps the next character. */
export function splitWords(line: string): string[] {
	const words: string[] = []
	let word: string | undefined
	let quote = ''
	for (let i = 0; i < line.length; i++) {
		const char = line[i] ?? ''
		if (char === '\\' && quote !== "'") word = `${word ?? ''}${line[++i] ?? ''}`
		else if (quote) {
			if (char === quote) quote = ''
			else word += char
		} else if (char === '"' || char === "'") {
			quote = char
			word ??= ''
		} else if (/\s/.test(char)) {
			if (word !== undefined) words.push(word)
			word = undefined
		} else word = `${word ?? ''}${char}`
	}
	if (word !== undefined) words.push(word)
	return words
}

/** `$NAME` as a word of its own becomes several words, `${NAME}` inside one does not: systemd's rules. */
export function expandVariables(
	words: readonly string[],
	environment: ReadonlyMap<string, string>,
): string[] {
	return words.flatMap(word => {
		const whole = /^\$([A-Za-z_]\w*)$/.exec(word)?.[1]
		if (whole !== undefined) return splitWords(environment.get(whole) ?? '')
		return [word.replace(/\$\{([A-Za-z_]\w*)\}/g, (_, name: string) => environment.get(name) ?? '')]
	})
}

export interface K3sCommand {
	role: 'server' | 'agent'
	/** The k3s program as it is called. */
	program: string
	/** What follows `server` or `agent`. */
	args: string[]
}

/** The `k3s server` or `k3s agent` in a command line, also behind a wrapper such as `sh -c 'exec k3s server'`. */
export function k3sCommand(words: readonly string[]): K3sCommand | undefined {
	for (const [i, program] of words.entries()) {
		if (/\sk3s\s|^k3s\s|\/k3s\s/.test(program)) {
			const inner = k3sCommand(splitWords(program))
			if (inner) return inner
		}
		if (program !== 'k3s' && !program.endsWith('/k3s')) continue
		// Global options such as --debug come before the command.
		let next = i + 1
		while (words[next]?.startsWith('-')) next++
		const role = words[next]
		if (role === 'server' || role === 'agent') return { role, program, args: words.slice(next + 1) }
	}
	return undefined
}

/** The last value of a flag, written `--flag value`, `--flag=value` or with its letter. */
export function flagValue(args: readonly string[], ...flags: string[]): string | undefined {
	let value: string | undefined
	for (const [i, arg] of args.entries()) {
		const equals = arg.indexOf('=')
		if (flags.includes(arg)) value = args[i + 1] ?? value
		else if (equals > 0 && flags.includes(arg.slice(0, equals))) value = arg.slice(equals + 1)
	}
	return value
}

/** `NAME=value` lines of an environment file; `export`, quotes and comments as systemd and sh take them. */
export function environmentLines(text: string): Map<string, string> {
	const found = new Map<string, string>()
	for (const line of text.split('\n')) {
		const parts = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$/.exec(line)
		if (parts?.[1]) found.set(parts[1], splitWords(parts[2] ?? '').join(' '))
	}
	return found
}
