/** Who is at the keyboard, as far as the system knows: for the audit log. */
import { readFile, readlink } from 'node:fs/promises'
import { userInfo } from 'node:os'
import type { Who } from './hands.js'

/** sudo takes SSH_CLIENT out of the environment; the shell above it still has it. */
const mostAncestors = 12

export async function whoIsThere(): Promise<Who> {
	const { SUDO_UID } = process.env
	const [tty, ssh] = await Promise.all([terminal(), sshClient()])
	const login = callerOf(process.env) ?? accountName()
	const uid = SUDO_UID !== undefined ? Number(SUDO_UID) : (process.getuid?.() ?? -1)
	return { user: login, uid, ...(tty !== undefined && { tty }), ...(ssh !== undefined && { ssh }) }
}

/** Who called sudo or doas, where one of them was called. */
export function callerOf({ SUDO_USER, DOAS_USER }: NodeJS.ProcessEnv): string | undefined {
	return SUDO_USER || DOAS_USER || undefined
}

/** Whose process this is, also where the environment is empty. */
export function accountName(): string {
	try {
		return userInfo().username
	} catch {
		// An account without an entry in passwd.
		return String(process.getuid?.() ?? 'unknown')
	}
}

async function terminal(): Promise<string | undefined> {
	for (const fd of [0, 1, 2]) {
		const target = await readlink(`/proc/self/fd/${fd}`).catch(() => '')
		if (/^\/dev\/(pts\/\d+|tty[A-Za-z0-9]*|console)$/.test(target)) return target.slice('/dev/'.length)
	}
	return undefined
}

async function sshClient(): Promise<string | undefined> {
	const own = process.env.SSH_CLIENT ?? process.env.SSH_CONNECTION
	if (own) return own.split(' ', 1)[0]
	let pid = process.ppid
	for (let step = 0; step < mostAncestors && pid > 1; step += 1) {
		const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
		const client = environment.split('\0').find(entry => entry.startsWith('SSH_CLIENT='))
		if (client) return client.slice('SSH_CLIENT='.length).split(' ', 1)[0]
		const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
		// The name in parentheses may hold anything; the parent is the second field behind it.
		pid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0)
	}
	return undefined
}
