/** `demo`: a recorded broken node that ships with the package. */
import { appCommand, hasScreen } from './app.js'
import { demoNodes } from './demo-nodes.js'
import { exitStatus } from './exit.js'
import { lookOf } from './options.js'
import { toStandardOutput } from './outlet.js'
import { type Parsed, UsageError } from './parse.js'

/** The recordings as a list that a person reads. */
export function demoList(): string {
	const width = Math.max(...Object.keys(demoNodes).map(name => name.length))
	const rows = Object.entries(demoNodes).map(([name, says]) => `  ${name.padEnd(width)}  ${says}`)
	return ['Recorded nodes (k3s-doctor demo NAME):', ...rows, ''].join('\n')
}

/** The recording's report as text. A demo is a success, whatever the node had. */
export async function demoCommand(parsed: Parsed): Promise<number> {
	const [named] = parsed.positionals
	const name = named ?? Object.keys(demoNodes)[0] ?? ''
	if (!Object.hasOwn(demoNodes, name)) {
		throw new UsageError(`There is no recording "${name}". There are: ${Object.keys(demoNodes).join(', ')}.`)
	}
	// The app hides what was printed before; whoever leaves it finds the list.
	if (named === undefined && hasScreen()) await toStandardOutput(demoList())
	if (hasScreen()) return appCommand(parsed, { demo: name })
	const [{ rules }, { openBundle }, { examine }, { textReport }, { recordedBytes }] = await Promise.all([
		import('../../rules/index.js'),
		import('../bundle/open.js'),
		import('../examine.js'),
		import('../report/text/index.js'),
		import('./recordings.js'),
	])
	const title = `the recording ${name}`
	const { report } = examine(await openBundle(title, { bytes: await recordedBytes(name) }), rules, title)
	const list = named === undefined ? `${demoList()}\n` : ''
	await toStandardOutput(`${list}${textReport(report, lookOf(parsed))}`)
	return exitStatus.fine
}
