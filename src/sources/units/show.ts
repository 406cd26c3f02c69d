/** `systemctl show`: one block of `Key=value` lines per unit, blocks parted by an empty line. */
import type { Unit } from '../../model/evidence/index.js'
import { optional } from '../field.js'
import { systemdTime } from './time.js'

const file = 'commands/systemctl-show.txt'

interface Block {
	values: Map<string, string>
	exec: string[][]
	environmentFiles: string[]
	activeLine: number
	activeText: string
}

function newBlock(): Block {
	return { values: new Map(), exec: [], environmentFiles: [], activeLine: 0, activeText: '' }
}

/** `{ path=… ; argv[]=/usr/local/bin/k3s server ; ignore_errors=no ; … }`: words are parted by single blanks. */
function shownArgv(value: string): string[] {
	const begin = value.indexOf('argv[]=')
	if (begin < 0) return []
	const end = value.indexOf(' ; ignore_errors=', begin)
	return value
		.slice(begin + 'argv[]='.length, end < 0 ? undefined : end)
		.split(' ')
		.filter(Boolean)
}

function addLine(block: Block, line: string, number: number): void {
	const at = line.indexOf('=')
	if (at <= 0) return
	const key = line.slice(0, at)
	const value = line.slice(at + 1)
	if (key === 'ExecStart') block.exec.push(shownArgv(value))
	else if (key === 'EnvironmentFiles')
		block.environmentFiles.push(value.replace(/ \(ignore_errors=\w+\)$/, ''))
	else block.values.set(key, value)
	if (key === 'ActiveState') {
		block.activeLine = number
		block.activeText = line.slice(0, 500)
	}
}

function count(text: string | undefined): number {
	return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : 0
}

/** Newer systemd may print the word for the number. */
const exitCodes: Readonly<Record<string, number>> = { exited: 1, killed: 2, dumped: 3 }

function unitOf(block: Block, offsetMinutes: number): Unit | undefined {
	const text = (key: string) => block.values.get(key) ?? ''
	const time = (key: string) => systemdTime(text(key), offsetMinutes)
	const id = text('Id')
	if (id === '') return undefined
	const nofile = text('LimitNOFILE')
	return {
		id,
		loadState: text('LoadState'),
		activeState: text('ActiveState'),
		subState: text('SubState'),
		result: text('Result'),
		unitFileState: text('UnitFileState'),
		fragmentPath: text('FragmentPath'),
		dropIns: text('DropInPaths').split(' ').filter(Boolean),
		type: text('Type'),
		restart: text('Restart'),
		mainPid: count(text('MainPID')),
		restarts: count(text('NRestarts')),
		exitCode: exitCodes[text('ExecMainCode')] ?? count(text('ExecMainCode')),
		exitStatus: count(text('ExecMainStatus')),
		...optional('startedAt', time('ExecMainStartTimestamp')),
		...optional('exitedAt', time('ExecMainExitTimestamp')),
		...optional('activeAt', time('ActiveEnterTimestamp')),
		...optional('inactiveAt', time('InactiveEnterTimestamp')),
		invocationId: text('InvocationID'),
		// `infinity`, and its older form 2^64-1, are no limit.
		...optional('limitNofile', /^\d{1,15}$/.test(nofile) ? Number(nofile) : undefined),
		environmentFiles: block.environmentFiles.filter(path => path !== ''),
		exec: block.exec.filter(argv => argv.length > 0),
		quote: { file, line: block.activeLine, text: block.activeText },
	}
}

/** Units in the order in which they were asked for. */
export function readShow(text: string, offsetMinutes: number): Unit[] {
	const units: Unit[] = []
	let block = newBlock()
	const close = () => {
		const unit = unitOf(block, offsetMinutes)
		if (unit) units.push(unit)
		block = newBlock()
	}
	for (const [index, line] of text.split('\n').entries()) {
		if (line.trim() === '') close()
		else addLine(block, line, index + 1)
	}
	close()
	return units
}
