/** A k3s that runs, found without any service manager. */
import type { Host } from '../host.js'
import type { Service } from './service.js'
import { k3sCommand } from './words.js'

const mostProcesses = 4096

export async function runningService(host: Host): Promise<Service | undefined> {
	const listed = await host.list('/proc')
	const pids = (listed.ok ? listed.value : []).filter(name => /^\d+$/.test(name)).slice(0, mostProcesses)
	const found = await Promise.all(pids.map(pid => serviceOf(host, pid)))
	return found.find(service => service?.command?.role === 'server') ?? found.find(service => service)
}

async function serviceOf(host: Host, pid: string): Promise<Service | undefined> {
	const line = await host.read(`/proc/${pid}/cmdline`, { maxBytes: 32 * 1024 })
	if (!line.ok) return undefined
	// k3s writes its whole title into the first argument and fills the rest with NULs.
	const words = line.value.text.split(/[\0 ]+/).filter(Boolean)
	const command = words[0]?.endsWith('k3s') ? k3sCommand(words) : undefined
	if (!command) return undefined
	const cgroup = await host.read(`/proc/${pid}/cgroup`)
	const path = cgroup.ok ? cgroup.value.text : ''
	// Somebody's k3s in a container is not this host's.
	if (/docker|kubepods|libpod|lxc|cri-containerd/.test(path)) return undefined
	const unit = path.match(/\/([\w@:.\\-]+\.service)$/m)?.[1]
	const usual = command.role === 'agent' ? 'k3s-agent.service' : 'k3s.service'
	return { unit: unit ?? usual, command, environment: new Map() }
}
