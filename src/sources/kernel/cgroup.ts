/** Which cgroup hierarchy the host uses, and which controllers are on. */
import { type Bundle, fileOf } from '../../model/bundle.js'
import type { KernelEvidence } from '../../model/evidence/index.js'
import { mountsOf } from '../disks/mounts.js'
import { firstLine, linesOf, wordsOf } from '../lines.js'

type Cgroup = KernelEvidence['cgroup']

const root = '/sys/fs/cgroup'
const available = fileOf(`${root}/cgroup.controllers`)

/** Controllers that k3s and its kubelet look for in the unified hierarchy. */
const needed = ['cpu', 'cpuset', 'io', 'memory', 'pids']

function versionOf(bundle: Bundle): 1 | 2 | undefined {
	const mounts = mountsOf(bundle)
	const top = mounts.findLast(mount => mount.target === root)
	if (top?.type === 'cgroup2') return 2
	// A tmpfs with a mount per controller; in the hybrid layout `unified` is a cgroup2 beside them.
	if (mounts.some(mount => mount.type === 'cgroup' && mount.target.startsWith(`${root}/`))) return 1
	if (top) return undefined
	if (bundle.files.has(available)) return 2
	let unified = false
	for (const line of linesOf(bundle.files.get(fileOf('/proc/self/cgroup')))) {
		// `4:memory:/` is a controller of its own hierarchy, `0::/` the unified one.
		if (/^[1-9]\d*:(?!name=)[^:]+:/.test(line.text)) return 1
		if (line.text.startsWith('0::')) unified = true
	}
	return unified ? 2 : undefined
}

/** `/proc/cgroups`: subsystem, hierarchy, number of cgroups, enabled. */
function subsystems(text: string | undefined): Map<string, boolean> {
	const found = new Map<string, boolean>()
	for (const line of linesOf(text)) {
		const [name, , , enabled] = wordsOf(line.text)
		if (name !== undefined && !name.startsWith('#') && (enabled === '0' || enabled === '1'))
			found.set(name, enabled === '1')
	}
	return found
}

export function cgroupOf(bundle: Bundle): Cgroup {
	const version = versionOf(bundle)
	const controllers = subsystems(bundle.files.get(fileOf('/proc/cgroups')))
	const unified = bundle.files.get(available)
	if (version === 2 && unified !== undefined) {
		const on = wordsOf(firstLine(unified) ?? '')
		for (const name of needed) controllers.set(name, on.includes(name))
		for (const name of on) controllers.set(name, true)
	}
	return { ...(version && { version }), controllers }
}
