/** What /etc/fstab promises and is not so. */
import type { Evidence } from '../../src/rule.js'

export interface MissingMount {
	target: string
	/** The directory of k3s that lies on it, or below which it lies. */
	holds: string
	line: number
	text: string
}

/** A file system of /etc/fstab that should hold k3s's data and is not mounted. */
export function missingMount({ files, disks, node }: Evidence): MissingMount | undefined {
	const mounts = new Set(disks?.mounts.map(({ target }) => target))
	if (mounts.size === 0) return undefined
	for (const [index, text] of (files?.texts.get('/etc/fstab') ?? '').split('\n').entries()) {
		const [source, given, type, options = ''] = text.trim().split(/\s+/)
		if (!source || source.startsWith('#') || !given?.startsWith('/') || given === '/') continue
		if (type === 'swap' || type === 'tmpfs' || options.split(',').includes('noauto')) continue
		const target = given.replaceAll('\\040', ' ').replace(/(?<=.)\/+$/, '')
		const holds = node.dataDir === target || node.dataDir.startsWith(`${target}/`)
		const within = target.startsWith(`${node.dataDir}/`)
		if ((holds || within) && !mounts.has(target))
			return { target, holds: holds ? node.dataDir : target, line: index + 1, text: text.slice(0, 300) }
	}
	return undefined
}
