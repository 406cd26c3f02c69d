/** How k3s gathers its configuration (pkg/configfilearg/parser.go). */
import type { ConfigValue, Origin } from '../../model/evidence/index.js'
import { readFlags } from './command-line.js'
import type { Environment } from './environment.js'
import { isList, longName, variables } from './flags.js'
import { hide } from './hide.js'
import type { ServiceArguments } from './service-arguments.js'
import type { Key } from './yaml-file.js'

type Values = Map<string, ConfigValue>

/**
 * Keys of all files, main file first. A later file replaces a key, `key+` appends to what was gathered; an empty
 * list takes a key back.
 */
export function mergeFiles(files: readonly { path: string; keys: readonly Key[] }[]): Values {
	const gathered = new Map<string, ConfigValue>()
	for (const { path, keys } of files) {
		for (const { name, appends, isList: many, values, line } of keys) {
			const before = appends ? gathered.get(name) : undefined
			// Appending nothing (`key+:`) adds no empty value; giving nothing (`key:`) is an empty value.
			const added = before && !many ? values.filter(value => value !== '') : values
			gathered.set(name, {
				values: before ? [...before.values, ...added] : values,
				origin: { kind: 'file', file: path, line },
			})
		}
	}
	const flags: Values = new Map()
	for (const [name, value] of gathered) if (value.values.length) give(flags, longName(name), value)
	return flags
}

function give(flags: Values, flag: string, value: ConfigValue): void {
	const before = isList(flag) ? flags.get(flag)?.values : undefined
	const values = value.values.map(text => hide(flag, text))
	flags.set(flag, { values: before ? [...before, ...values] : values, origin: value.origin })
}

/**
 * k3s puts what the files say before the arguments of the command line, so that the command line wins, and hands
 * both to its flag parser, for which the environment is only the default: it counts where neither gives the flag.
 */
export function mergeAll(
	environment: Environment,
	fromFiles: Values,
	commandLine: ServiceArguments | undefined,
): Values {
	const flags: Values = new Map()
	for (const [name, { value, origin }] of environment) {
		const flag = variables.get(name)
		if (flag) give(flags, flag, { values: [value], origin })
	}
	for (const [flag, value] of fromFiles) flags.set(flag, value)
	const lines = commandLine?.text.split('\n') ?? []
	for (const { flag, value, word } of readFlags(commandLine?.args ?? [])) {
		const line = lines.findIndex(text => text.includes(word)) + 1
		const origin: Origin = { kind: 'unit', file: commandLine?.file ?? '', ...(line > 0 && { line }) }
		give(flags, flag, { values: [value], origin })
	}
	return flags
}
