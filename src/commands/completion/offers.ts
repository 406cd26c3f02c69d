/** What the doctor's own lists hold, as the shells offer it. */
import { causes } from '../../model/causes.js'
import { demoNodes } from '../demo-nodes.js'
import { type Command, commands, type Flag, flags } from '../table.js'

/** A word that can be completed to, with what it means. */
export type Offer = readonly [word: string, says: string]

export const causeOffers: readonly Offer[] = Object.entries(causes).map(([id, { means }]) => [id, means])
export const recordingOffers: readonly Offer[] = Object.entries(demoNodes)
export const commandOffers: readonly Offer[] = named().map(({ name, says }) => [name, says])

/** Every command but the one without a name. */
export function named(): readonly Command[] {
	return commands.filter(({ name }) => name !== '')
}

export function flagsOf(command: Command): readonly Flag[] {
	return flags
		.filter(
			({ name }) =>
				name === 'help' || (name === 'version' && command.name === '') || command.flags.includes(name),
		)
		.map(flag => ({ ...flag, ...(command.among?.[flag.name] && { among: command.among[flag.name] }) }))
}

/** The options that are followed by a value, as they are typed. */
export const valueOptions: readonly string[] = flags.filter(({ value }) => value).flatMap(optionWords)

/** `--output`, `-o`. */
export function optionWords({ name, short }: Flag): string[] {
	return [`--${name}`, ...(short ? [`-${short}`] : [])]
}

/** A text as one word of a POSIX shell, whatever stands in it. */
export function quoted(text: string): string {
	return `'${text.replaceAll("'", `'\\''`)}'`
}
