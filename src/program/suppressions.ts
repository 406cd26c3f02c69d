/** What was put aside on this node, kept in a file that names who, when and why. */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Suppression } from '../app/subject.js'
import { accountName, callerOf } from '../host/who.js'
import { isCauseId } from '../model/causes.js'

export const suppressionFile = '/etc/k3s-doctor/suppressed.json'

const longest = 1_000_000

/** What the file says; nothing when there is none. Throws only when it is there and cannot be read. */
export async function readSuppressions(path: string): Promise<Suppression[]> {
	let text: string
	try {
		text = await readFile(path, 'utf8')
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
		throw error
	}
	return parseSuppressions(text)
}

/** Entries that cannot be understood are left out, the others stay. */
export function parseSuppressions(text: string): Suppression[] {
	let value: unknown
	try {
		value = JSON.parse(text.slice(0, longest))
	} catch {
		return []
	}
	const list = isRecord(value) && Array.isArray(value.suppressed) ? value.suppressed : []
	return list.flatMap((entry: unknown): Suppression[] => {
		if (!isRecord(entry)) return []
		const { cause, who, when, why } = entry
		if (typeof cause !== 'string' || !(isCauseId(cause) || cause === 'unknown-fatal')) return []
		const text = (part: unknown) => (typeof part === 'string' ? part.slice(0, 500) : '')
		return [{ cause, who: text(who), when: text(when), why: text(why) }]
	})
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Written whole or not at all. */
export async function writeSuppressions(path: string, suppressed: readonly Suppression[]): Promise<void> {
	await mkdir(dirname(path), { recursive: true, mode: 0o755 })
	const temporary = `${path}.${process.pid}.part`
	try {
		const file = await open(temporary, 'w', 0o644)
		try {
			await file.writeFile(`${JSON.stringify({ schema: 1, suppressed }, undefined, '\t')}\n`)
			await file.sync()
		} finally {
			await file.close()
		}
		await rename(temporary, path)
	} catch (error) {
		await rm(temporary, { force: true }).catch(() => {})
		throw error
	}
}

/** Who is at the keyboard: under sudo or doas the one who called it. */
export function operator(env: Readonly<Record<string, string | undefined>>): string {
	return callerOf(env) || env.LOGNAME || env.USER || accountName() || 'somebody'
}
