/** Limits that somebody has set in a unit file or drop-in of k3s. */
import {
	type Evidence,
	interruptsOfRestart,
	pathArgument,
	type Quote,
	type Remedy,
	restartSteps,
} from '../../src/rule.js'

export interface UnitLimit {
	path: string
	/** The whole line. */
	line: string
	value: string
	quote: Quote
}

/** The last assignment of a setting such as `TasksMax`: later files win over earlier ones. */
export function unitLimit({ units }: Evidence, key: string): UnitLimit | undefined {
	let found: UnitLimit | undefined
	for (const { path, text } of units?.cat ?? []) {
		for (const line of text.split('\n')) {
			if (!line.startsWith(`${key}=`)) continue
			const value = line.slice(key.length + 1).trim()
			const quote = { file: 'commands/systemctl-cat.txt', text: `${path}: ${line.trim()}` }
			found = { path, line, value, quote }
		}
	}
	return found
}

/** Take the line away, or set it to what k3s ships with. */
export function liftLimit(evidence: Evidence, limit: UnitLimit, usual: string): Remedy {
	const { node } = evidence
	const path = pathArgument(limit.path)
	const key = limit.line.split('=')[0] ?? ''
	const isDropIn = limit.path.endsWith('.conf')
	return {
		title: isDropIn ? `Take ${key} out of ${limit.path}` : `Set ${key} in ${limit.path} as k3s ships it`,
		why: `The unit of k3s comes with ${key}=${usual}: everything that k3s and its containers do counts into it.`,
		risk: 'restart',
		interrupts: interruptsOfRestart(node),
		steps: [
			path
				? {
						editLines: path,
						changes: [{ line: limit.line, becomes: isDropIn ? [] : [`${key}=${usual}`] }],
					}
				: { tell: `Change the line ${limit.line} in ${limit.path}.` },
			{ run: ['systemctl', 'daemon-reload'] },
			...restartSteps(node),
		],
		recheck: ['units', 'journal'],
	}
}
