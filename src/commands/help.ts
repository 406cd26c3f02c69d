import { exitMeanings } from './exit.js'
import { type Command, commandOf, commands, flags } from './table.js'

/** The help of one command, or of all. */
export function helpText(name: string): string {
	const command = commandOf(name)
	return command && name !== '' ? commandHelp(command) : allHelp()
}

function allHelp(): string {
	const rows = commands.map(({ name, takes, says }) => [
		`k3s-doctor ${[name, takes].filter(Boolean).join(' ')}`.trim(),
		says,
	])
	return [
		'k3s-doctor finds out why a k3s node is broken, and helps to mend it.',
		'',
		'Commands',
		...table(rows),
		'',
		'Options',
		...flagTable(flags.map(({ name }) => name)),
		'',
		'Exit status',
		...table(exitMeanings.map(([status, means]) => [String(status), means])),
		'',
	].join('\n')
}

function commandHelp(command: Command): string {
	return [
		`k3s-doctor ${[command.name, command.takes].filter(Boolean).join(' ')}: ${command.says}`,
		'',
		'Options',
		...flagTable([...command.flags, 'help']),
		'',
	].join('\n')
}

function flagTable(names: readonly string[]): string[] {
	return table(
		flags
			.filter(({ name }) => names.includes(name))
			.map(({ name, short, value, says }) => [
				`${short ? `-${short}, ` : '    '}--${name}${value ? ` ${value}` : ''}`,
				says,
			]),
	)
}

const columnsAt80 = 80

function table(rows: readonly (readonly string[])[]): string[] {
	const left = Math.min(34, Math.max(...rows.map(([head = '']) => head.length)))
	return rows.flatMap(([head = '', says = '']) => {
		const lines = fill(says, columnsAt80 - left - 4)
		const first =
			head.length > left
				? [`  ${head}`, `${' '.repeat(left + 4)}${lines[0]}`]
				: [`  ${head.padEnd(left)}  ${lines[0]}`]
		return [...first, ...lines.slice(1).map(line => `${' '.repeat(left + 4)}${line}`)]
	})
}

function fill(text: string, width: number): string[] {
	const lines: string[] = ['']
	for (const word of text.split(' ')) {
		const line = lines[lines.length - 1] ?? ''
		if (line && line.length + 1 + word.length > width) lines.push(word)
		else lines[lines.length - 1] = line ? `${line} ${word}` : word
	}
	return lines
}
