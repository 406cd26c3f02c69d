import type { Argv } from '../../model/remedy.js'
import { answered, codeOf, messageOf, unanswered, whyOf } from '../answer.js'
import type { Answer, CommandResult, RunOptions } from '../host.js'
import { forgetGroup, watchGroup } from './groups.js'
import { type Kept, keep } from './output.js'
import { type Child, endGroup, endOf, letGo, startProcess } from './process.js'

const MiB = 1024 * 1024

/** Runs a program by argv. Ends within its limit plus a second, whatever the program and its children do. */
export async function run(argv: Argv, options: RunOptions = {}): Promise<Answer<CommandResult>> {
	const started = performance.now()
	const asked = argv.join(' ')
	const limitSeconds = options.limitSeconds ?? 10
	const stdout = keep(options.maxBytes ?? 8 * MiB, options.keep ?? 'head')
	const stderr = keep(4096, 'tail')
	const group = watchGroup()
	let child: Child
	try {
		child = startProcess(argv)
	} catch (fault) {
		forgetGroup(group)
		return notStarted(fault, argv, started)
	}
	if (child.pid !== undefined) group.leader = child.pid
	child.stdout.on('data', (piece: Buffer) => {
		// `yes`, or a log of gigabytes: nothing that comes now would be kept, so it need not be printed.
		if (!stdout.push(piece)) endGroup(child, 'SIGKILL')
	})
	child.stderr.on('data', (piece: Buffer) => stderr.push(piece))
	const end = await endOf(child, limitSeconds * 1000)
	letGo(child)
	forgetGroup(group)
	if (end.fault !== undefined) return notStarted(end.fault, argv, started)
	const result = resultOf(end.exit ?? 137, stdout, stderr)
	return end.overdue
		? unanswered('timeout', `${argv[0]} did not end within ${limitSeconds} s`, asked, started, result)
		: answered(result, started)
}

function resultOf(exit: number, stdout: Kept, stderr: Kept): CommandResult {
	const result: CommandResult = { stdout: stdout.text(), stderr: stderr.text(), exit }
	const truncated = stdout.cut()
	if (truncated) result.truncated = truncated
	return result
}

function notStarted(fault: unknown, argv: Argv, started: number): Answer<never> {
	const said = new Map([
		['ENOENT', 'No such file or directory'],
		['EACCES', 'Permission denied'],
		['ENOEXEC', 'Exec format error'],
	])
	const code = codeOf(fault)
	const detail = `${argv[0]}: ${said.get(code) ?? (code || messageOf(fault))}`
	return unanswered(whyOf(fault), detail, argv.join(' '), started)
}
