/** What to do about a disk without room. */
import { pathArgument, type Step } from '../../src/check.js'

export function makeRoomCommand(mount: string): Step {
	const path = pathArgument(mount)
	return {
		tell: 'Make room, enlarge the disk, or give k3s another one (data-dir in /etc/rancher/k3s/config.yaml). What fills it:',
		commands: path === undefined || path.includes(' ') ? ['df -h'] : [`du -xh -d 2 -t 100M ${path}`],
	}
}
