/** File systems: what is mounted where, and what is full. */
import type { HealthyFiles } from '../healthy/node.js'

/** A file system of its own on `target`. */
export function mounted(
	node: HealthyFiles,
	target: string,
	{ source = '/dev/vdb', fstype = 'ext4', options = 'rw,relatime' } = {},
): void {
	const filesystem = JSON.stringify({ target, source, fstype, options })
	node.change('commands/findmnt.json', text =>
		text.replace(/"filesystems": ?\[/, `"filesystems": [${filesystem},`),
	)
}

/** A disk of its own on `target`, without space. */
export function full(node: HealthyFiles, target: string): void {
	node.append(
		'commands/df.txt',
		`/dev/vdb       ext4      21474836480 21474836480           0 100% ${target}\n`,
	)
	mounted(node, target)
}
