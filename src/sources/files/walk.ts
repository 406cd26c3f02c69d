/**
 * The listing by hand, for hosts whose find cannot print (busybox). Lines as find would print them, and two more
 * kinds, which find's %Y knows as well: `N` for a root that does not exist, `?` for a directory that was not entered.
 */
import type { FileStat, Host } from '../../host/host.js'
import { depth, isLeftOut } from './question.js'

/** Entries that are listed; each costs a system call. */
const most = 4000
/** Questions under way at once. */
const atOnce = 32

const letters: Readonly<Record<FileStat['type'], string>> = {
	file: 'f',
	dir: 'd',
	link: 'l',
	socket: 's',
	other: 'o',
}

function lineOf(path: string, stat: FileStat): string {
	const at = Number.isFinite(stat.modifiedAt) ? stat.modifiedAt / 1000 : 0
	const mode = (stat.mode & 0o7777).toString(8)
	return [letters[stat.type], mode, stat.uid, stat.gid, stat.size, `@${at}`, path, ''].join('\t')
}

interface Found {
	line: string
	/** Its children are to be looked at. */
	open: boolean
	path: string
}

async function look(host: Host, path: string, isRoot: boolean): Promise<Found | undefined> {
	// A name that would break the line is left out, as it could not be read back.
	if (/[\t\n\r\0]/.test(path)) return undefined
	const stat = await host.stat(path)
	if (stat.ok) {
		// A root that is a link is followed, as find -H does.
		const value = isRoot && stat.value.type === 'link' ? { ...stat.value, type: 'dir' as const } : stat.value
		return { line: lineOf(path, value), open: value.type === 'dir', path }
	}
	if (stat.unavailable.why === 'absent')
		return isRoot ? { line: `N\t\t\t\t\t\t${path}\t`, open: false, path } : undefined
	return { line: notEntered(path), open: false, path }
}

function notEntered(path: string): string {
	return `?\t\t\t\t\t\t${path}\t`
}

async function lookAll(host: Host, paths: readonly string[], areRoots: boolean): Promise<Found[]> {
	const found: Found[] = []
	for (let from = 0; from < paths.length; from += atOnce) {
		const group = paths.slice(from, from + atOnce)
		const looked = await Promise.all(group.map(path => look(host, path, areRoots)))
		found.push(...looked.filter(item => item !== undefined))
	}
	return found
}

/** Level by level, so that a limit cuts off what lies deepest; what is cut off is told as not entered. */
export async function walk(host: Host, roots: readonly string[]): Promise<string> {
	const lines: string[] = []
	let level = await lookAll(host, roots, true)
	for (let deep = 0; level.length > 0; deep += 1) {
		for (const item of level) lines.push(item.line)
		if (deep === depth) break
		const next: string[] = []
		for (const { path } of level.filter(item => item.open && !isLeftOut(item.path))) {
			const names = lines.length + next.length < most ? await host.list(path) : undefined
			const room = most - lines.length - next.length
			if (!names?.ok || names.value.length > room) lines.push(notEntered(path))
			else for (const name of names.value) next.push(`${path}/${name}`)
		}
		level = await lookAll(host, next, false)
	}
	return `${lines.join('\n')}\n`
}
