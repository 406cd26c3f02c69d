/** `demo`: a recorded broken node that ships with the package. */
import { fileURLToPath } from 'node:url'
import { appCommand, hasScreen } from './app.js'
import { demoNodes } from './demo-nodes.js'
import { exitStatus } from './exit.js'
import { lookOf } from './options.js'
import { toStandardOutput } from './outlet.js'
import { type Parsed, UsageError } from './parse.js'

/** The path of a recording. This file lies in `dist/src/commands` of the package. */
export function demoPath(name: string): string {
	if (!Object.hasOwn(demoNodes, name)) {
		throw new UsageError(`There is no recording "${name}". There are: ${Object.keys(demoNodes).join(', ')}.`)
	}
	return fileURLToPath(new URL(`../../../test/recordings/${name}.tar.gz`, import.meta.url))
}

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
	// The app hides what was printed before; whoever leaves it finds the list.
	if (named === undefined && hasScreen()) await toStandardOutput(demoList())
	if (hasScreen()) return appCommand(parsed, { demo: { name, path: demoPath(name) } })
	const [{ rules }, { openBundle }, { examine }, { textReport }] = await Promise.all([
		import('../../rules/index.js'),
		import('../bundle/open.js'),
		import('../examine.js'),
		import('../report/text/index.js'),
	])
	const { report } = examine(await openBundle(demoPath(name)), rules, `the recording ${name}`)
	const list = named === undefined ? `${demoList()}\n` : ''
	await toStandardOutput(`${list}${textReport(report, lookOf(parsed))}`)
	return exitStatus.fine
}
