/** `completion`: a script that teaches a shell the doctor's commands, options, causes and recordings. */
import { bashCompletion } from './completion/bash.js'
import { fishCompletion } from './completion/fish.js'
import { zshCompletion } from './completion/zsh.js'
import { exitStatus } from './exit.js'
import { toStandardOutput } from './outlet.js'
import { type Parsed, UsageError } from './parse.js'
import { shells } from './table.js'

const scripts: Record<(typeof shells)[number], () => string> = {
	bash: bashCompletion,
	zsh: zshCompletion,
	fish: fishCompletion,
}

export async function completionCommand({ positionals }: Parsed): Promise<number> {
	const shell = shells.find(name => name === positionals[0])
	if (!shell)
		throw new UsageError(`There is completion for ${shells.join(', ')}, not for "${positionals[0]}".`)
	await toStandardOutput(scripts[shell]())
	return exitStatus.fine
}
