/** Flags of a command line, as Go's flag package takes them: `--x=1`, `--x 1`, `-x 1`, switches without a value. */
import { isSwitch, longName } from './flags.js'

export interface GivenFlag {
	flag: string
	value: string
	/** As it stands in the command line. */
	word: string
}

export function readFlags(args: readonly string[]): GivenFlag[] {
	const given: GivenFlag[] = []
	for (let at = 0; at < args.length; at += 1) {
		const word = args[at] ?? ''
		// `--` ends the flags; so would a bare word, which k3s does not take.
		if (word === '--') break
		const parts = /^--?([^-=\s][^=]{0,200})(?:=([\s\S]*))?$/.exec(word)
		if (!parts) continue
		const flag = longName(parts[1] ?? '')
		let value = parts[2]
		if (value === undefined && isSwitch(flag)) value = 'true'
		const next = args[at + 1]
		if (value === undefined && next !== undefined && !next.startsWith('--')) {
			value = next
			at += 1
		}
		given.push({ flag, value: value ?? '', word })
	}
	return given
}

const byDefault = '/etc/rancher/k3s/config.yaml'

/** Where the main configuration file is. k3s asks the environment before the command line. */
export function configPath(args: readonly string[], fromEnvironment: string | undefined): string {
	if (fromEnvironment) return fromEnvironment
	for (const [at, word] of args.entries()) {
		if (word === '--config' || word === '-c') return args[at + 1] ?? ''
		const value = /^(?:--config|-c)=([\s\S]*)$/.exec(word)?.[1]
		if (value !== undefined) return value
	}
	return byDefault
}
