/**
 * Mounts that may hang. A file operation below a dead NFS mount sleeps in the kernel; it cannot be broken off, it
 * takes one of the few threads of Node with it, and Node waits for that thread when it ends. So a mount that lives
 * on another host is tried by a program first, which can be killed.
 */
import { readFile } from 'node:fs/promises'
import { answered, unanswered } from '../answer.js'
import type { Answer } from '../host.js'
import { run } from './run.js'

export interface RemoteMount {
	target: string
	type: string
}

/** fuse.lxcfs is a container's own /proc, fuse.gvfsd-fuse and portals are a desktop's: all local. */
const remote =
	/^(nfs4?|cifs|smb3|smbfs|ceph|9p|afs|lustre|glusterfs|beegfs|ocfs2|gfs2|autofs|fuse\.(?!lxcfs|gvfs|portal).*)$/

/** Mounts of /proc/self/mountinfo whose files lie on another host. */
export function remoteMounts(mountinfo: string): RemoteMount[] {
	const found: RemoteMount[] = []
	for (const line of mountinfo.split('\n')) {
		const fields = line.split(' ')
		// Optional fields end at a lone hyphen; the type follows it.
		const type = fields[fields.indexOf('-', 6) + 1] ?? ''
		const target = fields[4]
		if (!target || !remote.test(type)) continue
		found.push({ target: target.replace(/\\([0-7]{3})/g, (_, octal) => character(octal)), type })
	}
	return found
}

const character = (octal: string) => String.fromCharCode(Number.parseInt(octal, 8))

const limitSeconds = 2
/** Mounts come and go while an app is open. */
const freshMs = 10_000

/** Says of a path whether its file system answers. Each remote mount is tried once in a while. */
export function mountGuard(): (path: string) => Promise<Answer<true>> {
	let listed: { at: number; mounts: Promise<RemoteMount[]>; tried: Map<string, Promise<boolean>> } | undefined

	return async path => {
		const started = performance.now()
		if (!listed || started - listed.at > freshMs)
			listed = { at: started, mounts: listMounts(), tried: new Map() }
		const { mounts, tried } = listed
		for (const { target, type } of await mounts) {
			if (path !== target && !path.startsWith(target === '/' ? '/' : `${target}/`)) continue
			const answers = tried.get(target) ?? triedBy(target)
			tried.set(target, answers)
			if (!(await answers))
				return unanswered('timeout', `the ${type} file system on ${target} does not answer`, path, started)
		}
		return answered(true, started)
	}
}

async function listMounts(): Promise<RemoteMount[]> {
	try {
		return remoteMounts(await readFile('/proc/self/mountinfo', 'utf8'))
	} catch {
		return []
	}
}

async function triedBy(target: string): Promise<boolean> {
	const answer = await run(['stat', '-f', '--', target], { limitSeconds, maxBytes: 4096 })
	return answer.ok || answer.unavailable.why !== 'timeout'
}
