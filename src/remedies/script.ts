/**
 * A plan as a script for a POSIX shell that a person can read, keep and run. The doctor itself never runs it. Only
 * lines that change are in it, not whole files, and it stops where a file is not what the plan saw.
 */
import type {
	Hunk,
	PathState,
	Plan,
	PlannedPermissions,
	PlannedRestore,
	PlannedStep,
	PlannedWait,
	PlannedWrite,
} from '../model/plan.js'
import type { WaitCondition } from '../model/remedy.js'
import { shellLine, shellWord } from '../model/shell.js'
import { holdsUnprintable, unprintable } from './unprintable.js'

export function scriptOf(plan: Plan): string {
	const { node, risk, interrupts, refusals, preconditions, backup, undo } = plan
	const remarks = [
		`${plan.title}`,
		`Cause: ${plan.cause}. Node: ${node.hostname}. Risk: ${risk}. Interrupts: ${interrupts}.`,
		...refusals.map(({ why }) => `The doctor would not run this: ${why}`),
		...preconditions.map(({ says, state, why }) => `Precondition (${state}): ${says} (${why})`),
		...undo.says.map(says => `Undo: ${says}`),
		...undo.not.map(says => `Not taken back: ${says}`),
	]
	const keeps = plan.steps.some(step => keepsCopy(step))
	const folder = shellWord(`${backup.folder}/files`)
	return [
		'#!/bin/sh',
		...remarks.flatMap(comment),
		'',
		'set -eu',
		'umask 077',
		...(keeps ? [`keep=${folder}`, 'mkdir -p -- "$keep"'] : []),
		...plan.steps.flatMap((step, index) => [
			'',
			...comment(`${index + 1}. ${step.says}`),
			...commandsOf(step, index),
		]),
		'',
	].join('\n')
}

/** No name that k3s, systemd or a person gives to a file. */
const temporaryOf = (path: string) => `${path}.k3s-doctor-new`

const comment = (text: string): string[] => text.split('\n').map(line => `# ${printable(line)}`)

/** Nothing in a remark may act on the terminal that shows it. */
const printable = (line: string) => line.replace(unprintable, '?')

function keepsCopy(step: PlannedStep): boolean {
	if (step.kind === 'remove') return step.keep
	return (
		step.kind === 'copy' ||
		((step.kind === 'write' || step.kind === 'restore') && step.before.is !== 'absent')
	)
}

function commandsOf(step: PlannedStep, index: number): string[] {
	switch (step.kind) {
		case 'run':
			return step.exits.length === 1 && step.exits[0] === 0 && !step.mayFail
				? [shellLine(step.argv)]
				: [`${shellLine(step.argv)} || true`]
		case 'write':
			return write(step, index)
		case 'remove':
			return step.keep
				? [`mv -- ${shellWord(step.path)} "$keep"/${index}`]
				: [`rm -- ${shellWord(step.path)}`]
		case 'move':
			return [
				...folders(step.folders),
				`test ! -e ${shellWord(step.to)}`,
				`mv -- ${shellWord(step.path)} ${shellWord(step.to)}`,
			]
		case 'permissions':
			return rights(step.path, step)
		case 'copy':
			return [`cp -a -- ${shellWord(step.path)} "$keep"/${index}`]
		case 'restore':
			return restore(step, index)
		case 'discard':
			return [`rm -r -- ${shellWord(step.folder)}`]
		case 'wait':
			return wait(step)
		case 'tell':
			return step.commands.flatMap(line => comment(line))
	}
}

const folders = (paths: readonly string[]) => paths.map(path => `mkdir -m 755 -- ${shellWord(path)}`)

function rights(
	path: string,
	{ mode, uid, gid }: Pick<PlannedPermissions, 'mode' | 'uid' | 'gid'>,
): string[] {
	const word = shellWord(path)
	return [`chown ${uid}:${gid} -- ${word}`, `chmod ${mode.toString(8).padStart(4, '0')} -- ${word}`]
}

function unchanged(path: string, before: PathState): string[] {
	if (before.is === 'absent') return [`test ! -e ${shellWord(path)}`]
	if (before.is !== 'file' || before.digest === undefined) return []
	return [`printf '%s  %s\\n' ${before.digest} ${shellWord(path)} | sha256sum -c - >/dev/null`]
}

function write(step: PlannedWrite, index: number): string[] {
	const { path, before, hunks } = step
	const word = shellWord(path)
	const temporary = shellWord(temporaryOf(path))
	const keep = before.is === 'absent' ? [] : [`cp -a -- ${word} "$keep"/${index}`]
	// What was no text, or a link, gives nothing to the new file.
	const old = hunks.every(({ oldLines }) => oldLines === 0) ? '/dev/null' : word
	return [
		...unchanged(path, before),
		...keep,
		...folders(step.folders),
		'{',
		...spliced(hunks, old).map(line => `\t${line}`),
		`} > ${temporary}`,
		...rights(temporaryOf(path), step),
		`mv -- ${temporary} ${word}`,
	]
}

/** The new file from the lines of the old one that stay, and the ones that are new. */
function spliced(hunks: readonly Hunk[], old: string): string[] {
	const commands: string[] = []
	let next = 1
	const copyUpTo = (last: number) => {
		if (last >= next) commands.push(`sed -n '${next},${last}p' ${old}`)
		next = Math.max(next, last + 1)
	}
	for (const hunk of hunks) {
		// A hunk without old lines names the line that it comes after.
		let line = hunk.oldLines === 0 ? hunk.oldStart + 1 : hunk.oldStart
		for (const [index, text] of hunk.lines.entries()) {
			if (text.startsWith(' ')) line += 1
			if (text.startsWith('-')) {
				copyUpTo(line - 1)
				line += 1
				next = line
			}
			if (text.startsWith('+')) {
				copyUpTo(line - 1)
				const ends = !hunk.lines[index + 1]?.startsWith('\\')
				commands.push(printed(text.slice(1), ends))
			}
		}
	}
	commands.push(`sed -n '${next},$p' ${old}`)
	return commands
}

function printed(line: string, ends: boolean): string {
	const end = ends ? '\\n' : ''
	if (!holdsUnprintable(line)) return `printf '%s${end}' ${shellWord(line)}`
	// Control characters as octal numbers: the script must be safe to look at.
	const format = line
		.replace(/[\\%]/g, '$&$&')
		.replace(unprintable, each =>
			Buffer.from(each).reduce((all, byte) => `${all}\\${byte.toString(8).padStart(3, '0')}`, ''),
		)
	return `printf ${shellWord(format + end)}`
}

function restore({ path, before, after, from, folders: made }: PlannedRestore, index: number): string[] {
	const word = shellWord(path)
	const temporary = shellWord(temporaryOf(path))
	const keep = before.is === 'absent' ? [] : [...unchanged(path, before), `cp -a -- ${word} "$keep"/${index}`]
	if (after.is === 'absent' || from === undefined) {
		const empty = made.toReversed().map(folder => `rmdir -- ${shellWord(folder)} || true`)
		return [...keep, ...(before.is === 'absent' ? [] : [`rm -- ${word}`]), ...empty]
	}
	return [...keep, `cp -a -- ${shellWord(from)} ${temporary}`, `mv -- ${temporary} ${word}`]
}

function wait({ condition, limitSeconds }: PlannedWait): string[] {
	const test = conditionCommand(condition)
	if (test === undefined) return comment('Wait until then.')
	return [
		`left=${limitSeconds}`,
		`until ${test}; do`,
		'\tleft=$((left - 1))',
		'\ttest "$left" -gt 0',
		'\tsleep 1',
		'done',
	]
}

function conditionCommand(condition: WaitCondition): string | undefined {
	if ('unitActive' in condition) return `systemctl is-active --quiet ${shellWord(condition.unitActive)}`
	if ('unitInactive' in condition) return `! systemctl is-active --quiet ${shellWord(condition.unitInactive)}`
	if ('pathExists' in condition) return `test -e ${shellWord(condition.pathExists)}`
	if ('apiReady' in condition) return 'k3s kubectl get --raw /readyz >/dev/null 2>&1'
	if ('nodeReady' in condition)
		return `k3s kubectl wait --for=condition=Ready --timeout=1s ${shellWord(`node/${condition.nodeReady}`)} >/dev/null 2>&1`
	const { host, port } = condition.portOpen
	return `nc -z -w 1 ${shellWord(host)} ${port} >/dev/null 2>&1`
}
