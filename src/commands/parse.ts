/** Arguments -> command and options. A mistake is a UsageError with what to do next. */
import { parseArgs } from 'node:util'
import { commandOf, commands, type Flag, flags } from './table.js'

export class UsageError extends Error {
	override name = 'UsageError'
}

export interface Parsed {
	command: string
	positionals: string[]
	values: ReadonlyMap<string, string>
	/** Values of flags that may stand several times. */
	lists: ReadonlyMap<string, string[]>
	switches: ReadonlySet<string>
}

export function parse(argv: readonly string[]): Parsed {
	const options = Object.fromEntries(
		flags.map(flag => [
			flag.name,
			{
				type: flag.value ? ('string' as const) : ('boolean' as const),
				multiple: true as const,
				...(flag.short && { short: flag.short }),
			},
		]),
	)
	const { tokens } = parseArgs({
		args: [...argv],
		options,
		allowPositionals: true,
		strict: false,
		tokens: true,
	})
	const words: string[] = []
	const values = new Map<string, string>()
	const lists = new Map<string, string[]>()
	const switches = new Set<string>()
	for (const token of tokens) {
		if (token.kind === 'positional') words.push(token.value)
		if (token.kind !== 'option') continue
		const flag = flags.find(({ name }) => name === token.name)
		if (!flag) throw new UsageError(unknownFlag(token.rawName))
		if (!flag.value) {
			if (token.value !== undefined) throw new UsageError(`${token.rawName} takes no value.`)
			switches.add(flag.name)
			continue
		}
		const value = checked(flag, token.value, token.rawName)
		values.set(flag.name, value)
		lists.set(flag.name, [...(lists.get(flag.name) ?? []), value])
	}
	const named = words[0] !== undefined && commandOf(words[0]) ? words[0] : ''
	if (named === '' && words[0] !== undefined) throw new UsageError(unknownCommand(words[0]))
	const positionals = named === '' ? words : words.slice(1)
	if (!switches.has('help') && !switches.has('version')) {
		check(named, positionals, [...values.keys(), ...switches])
		checkValues(named, values)
	}
	return { command: named, positionals, values, lists, switches }
}

function checked(flag: Flag, value: string | undefined, raw: string): string {
	if (
		value === undefined ||
		value === '' ||
		(value.startsWith('-') && value !== '-' && flag.name !== 'since')
	) {
		throw new UsageError(`${raw} needs a value: ${raw} ${flag.value}.`)
	}
	if (flag.among && !flag.among.includes(value)) {
		throw new UsageError(`${raw} is one of ${flag.among.join(', ')}, not "${value}".`)
	}
	if (flag.name === 'timeout' && !(Number(value) >= 1 && Number(value) <= 3600)) {
		throw new UsageError(`${raw} is a number of seconds from 1 to 3600, not "${value}".`)
	}
	return value
}

function check(name: string, positionals: readonly string[], given: readonly string[]): void {
	const command = commandOf(name)
	if (!command) return
	const [least, most] = command.arity
	const shown = `k3s-doctor ${[command.name, command.takes].filter(Boolean).join(' ')}`
	if (positionals.length < least) throw new UsageError(`${command.takes} is missing: ${shown}.`)
	if (positionals.length > most) throw new UsageError(`Too many arguments: ${shown}.`)
	for (const flag of given) {
		if (flag !== 'help' && flag !== 'version' && !command.flags.includes(flag)) {
			throw new UsageError(`--${flag} does not go with ${command.name ? `"${command.name}"` : 'no command'}.`)
		}
	}
}

/** What a command does not make of a value that others take. */
function checkValues(name: string, values: ReadonlyMap<string, string>): void {
	for (const [flag, among] of Object.entries(commandOf(name)?.among ?? {})) {
		const value = values.get(flag)
		if (value !== undefined && !among.includes(value))
			throw new UsageError(`With "${name}" --${flag} is one of ${among.join(', ')}, not "${value}".`)
	}
}

/** Within two letters of something that exists: probably meant. */
function nearest(word: string, candidates: readonly string[]): string | undefined {
	let best: { candidate: string; distance: number } | undefined
	for (const candidate of candidates) {
		const distance = editDistance(word, candidate)
		if (distance <= 2 && (!best || distance < best.distance)) best = { candidate, distance }
	}
	return best?.candidate
}

function editDistance(a: string, b: string): number {
	let row = Array.from({ length: b.length + 1 }, (_, index) => index)
	for (let i = 1; i <= Math.min(a.length, 40); i += 1) {
		const next = [i]
		for (let j = 1; j <= b.length; j += 1) {
			const cost = a[i - 1] === b[j - 1] ? 0 : 1
			next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost))
		}
		row = next
	}
	return row[b.length] ?? 0
}

function unknownFlag(raw: string): string {
	const meant = nearest(
		raw.replace(/^-+/, ''),
		flags.map(({ name }) => name),
	)
	return `There is no option ${raw}.${meant ? ` Is --${meant} meant?` : ''}`
}

function unknownCommand(word: string): string {
	const meant = nearest(word, commands.map(({ name }) => name).filter(Boolean))
	if (meant) return `There is no command "${word}". Is "${meant}" meant?`
	return `There is no command "${word}". To examine a saved bundle: k3s-doctor --from ${word}.`
}
