/** The manual page in roff. Commands, options and exit statuses come from where the program has them. */
import { flagsOf, named } from '../completion/offers.js'
import { exitMeanings } from '../exit.js'
import { type Command, commandOf, type Flag, flags } from '../table.js'
import { bold, example, filled, italic, item, quotedRoff, roff } from './roff.js'
import { environment, examples, files, introduction } from './words.js'

export interface ManualFacts {
	version: string
	/** `2026-11-27`; empty where it is not known. */
	date: string
}

export function manualPage({ version, date }: ManualFacts): string {
	const lines = [
		`.TH K3S\\-DOCTOR 1 "${date}" ${quotedRoff(`k3s-doctor ${version}`)} "General Commands"`,
		...section('NAME'),
		`k3s\\-doctor \\- ${roff('find out why a k3s node is broken, and mend it')}`,
		...section('SYNOPSIS'),
		...synopsis(),
		...section('DESCRIPTION'),
		...introduction.flatMap((paragraph, index) => [...(index > 0 ? ['.PP'] : []), filled(roff(paragraph))]),
		...section('COMMANDS'),
		...(rootItem() ?? []),
		...named().flatMap(commandItem),
		...section('OPTIONS'),
		...flags.flatMap(flag => item(flagTerm(flag), sentence(flag))),
		...section('EXIT STATUS'),
		...exitMeanings.flatMap(([status, means]) => item(bold(String(status)), means)),
		...section('ENVIRONMENT'),
		...environment.flatMap(([name, says]) => item(bold(name), says)),
		...section('FILES'),
		...files.flatMap(([path, says]) => item(italic(path), says)),
		...section('EXAMPLES'),
		...examples.flatMap(([says, line], index) => [
			...(index > 0 ? ['.PP'] : []),
			filled(roff(`${says}:`)),
			...example(line),
		]),
		...section('SEE ALSO'),
		'.BR systemctl (1),',
		'.BR journalctl (1)',
		'.PP',
		roff('https://docs.k3s.io'),
	]
	return `${lines.join('\n')}\n`
}

function section(title: string): string[] {
	return [`.SH ${quotedRoff(title)}`]
}

function synopsis(): string[] {
	return [
		`.B k3s\\-doctor\n[${italic('options')}]`,
		...named().flatMap(({ name, takes }) => [
			'.br',
			`.B k3s\\-doctor ${roff(name)}${takes ? `\n${italic(takes)}` : ''}`,
		]),
	]
}

function rootItem(): string[] | undefined {
	const root = commandOf('')
	return root && [...item(bold('k3s-doctor'), ended(root.says)), ...optionsOf(root)]
}

function commandItem(command: Command): string[] {
	const { name, takes, says } = command
	return [...item(`${bold(name)}${takes ? ` ${italic(takes)}` : ''}`, ended(says)), ...optionsOf(command)]
}

function optionsOf(command: Command): string[] {
	const names = flagsOf(command)
		.filter(({ name }) => name !== 'help')
		.map(({ name }) => bold(`--${name}`))
	return names.length > 0 ? [filled(`Options: ${names.join(', ')}.`)] : []
}

function flagTerm({ name, short, value }: Flag): string {
	const long = `${bold(`--${name}`)}${value ? `=${italic(value)}` : ''}`
	return short ? `${bold(`-${short}`)}, ${long}` : long
}

function sentence({ says, among }: Flag): string {
	const named = among?.every(word => says.includes(word)) ?? true
	return `${named ? says : `${says}: ${among?.join(', ')}`}.`
}

function ended(says: string): string {
	return `${says.slice(0, 1).toUpperCase()}${says.slice(1)}.`
}
