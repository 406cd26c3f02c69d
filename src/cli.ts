/** argv -> mode. The only file that knows every room; each is loaded when it is needed. */
import { exitStatus } from './commands/exit.js'
import { type Parsed, parse, UsageError } from './commands/parse.js'
import { plainLine } from './model/plain-text.js'
import { leave } from './program/leave.js'

/** Runs the program, and ends the process. */
export async function start(argv: readonly string[]): Promise<never> {
	return leave(await main(argv))
}

export async function main(argv: readonly string[]): Promise<number> {
	try {
		return await run(parse(argv))
	} catch (error) {
		return tell(error)
	}
}

async function run(parsed: Parsed): Promise<number> {
	const { command, switches } = parsed
	if (switches.has('version')) {
		const { doctorVersion } = await import('./version.js')
		process.stdout.write(`${doctorVersion()}\n`)
		return exitStatus.fine
	}
	if (switches.has('help')) {
		const { helpText } = await import('./commands/help.js')
		process.stdout.write(helpText(command))
		return exitStatus.fine
	}
	switch (command) {
		case '':
			return (await import('./commands/app.js')).appCommand(parsed)
		case 'diagnose':
			return (await import('./commands/diagnose.js')).diagnoseCommand(parsed)
		case 'pods':
			return (await import('./commands/pods.js')).podsCommand(parsed)
		case 'logs':
			return (await import('./commands/logs.js')).logsCommand(parsed)
		case 'collect':
			return (await import('./commands/collect.js')).collectCommand(parsed)
		case 'fix':
			return (await import('./commands/remedy-commands.js')).fixCommand(parsed)
		case 'undo':
			return (await import('./commands/remedy-commands.js')).undoCommand(parsed)
		case 'history':
			return (await import('./commands/history.js')).historyCommand(parsed)
		case 'diff':
			return (await import('./commands/diff.js')).diffCommand(parsed)
		case 'causes':
			return (await import('./commands/causes.js')).causesCommand(parsed)
		case 'demo':
			return (await import('./commands/demo.js')).demoCommand(parsed)
		case 'explain':
			return (await import('./commands/causes.js')).explainCommand(parsed)
		case 'preflight':
		case 'verify':
			return (await import('./commands/checklist.js')).checklistCommand(command, parsed)
		case 'self-check':
			return (await import('./commands/self-check.js')).selfCheckCommand(parsed)
		case 'completion':
			return (await import('./commands/completion.js')).completionCommand(parsed)
		case 'man':
			return (await import('./commands/manual.js')).manualCommand()
		default:
			throw new UsageError(`"${command}" is not made yet.`)
	}
}

/** An error in words: what was tried, what happened, what to do next. Never a stack trace. */
function tell(error: unknown): number {
	// By name: in the single file what is loaded late has a copy of the class of its own.
	const usage = error instanceof Error && error.name === 'UsageError'
	const words = error instanceof Error ? error.message : String(error)
	const next = usage ? ' See k3s-doctor --help.' : ''
	process.stderr.write(`k3s-doctor: ${plainLine(words)}${next}\n`)
	return usage ? exitStatus.usage : exitStatus.doctorFailed
}
