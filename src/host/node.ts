/** Who the patient is. Asked before anything else, so it is quick even where nothing answers. */
import { unitArgument } from '../model/argument.js'
import type { Init, NodeFacts, Role } from '../model/bundle.js'
import type { Host } from './host.js'
import { dataDirOf } from './node/data-dir.js'
import { runningService } from './node/running.js'
import { openrcServices, type Service, systemdServices } from './node/service.js'
import { chosenService } from './node/state.js'

/** What the operator says, which is not questioned. */
export interface NodeOverrides {
	/** With or without `.service`. */
	unit?: string | undefined
	dataDir?: string | undefined
}

export interface FoundNode extends NodeFacts {
	/** Every k3s service that is set up here. */
	units: string[]
	/** `v1.36.2+k3s1`, where the program said so at once. */
	k3sVersion?: string
}

export async function findNode(host: Host, overrides: NodeOverrides = {}): Promise<FoundNode> {
	const [hostname, root, init] = await Promise.all([hostnameOf(host), isRoot(host), initOf(host)])
	const services = await servicesOf(host, init)
	const wanted = overrides.unit === undefined ? undefined : fullName(overrides.unit)
	const service = wanted
		? services.find(({ unit }) => unit === wanted)
		: ((await chosenService(host, init, services)) ?? (await runningService(host)))
	const [dataDir, k3sVersion] = await Promise.all([
		overrides.dataDir?.replace(/(.)\/+$/, '$1') ?? dataDirOf(host, service),
		versionOf(host, service?.command?.program ?? 'k3s'),
	])
	const role = service?.command?.role ?? (await traces(host, dataDir, wanted ?? service?.unit))
	return {
		hostname,
		role,
		unit: wanted ?? service?.unit ?? (role === 'agent' ? 'k3s-agent.service' : 'k3s.service'),
		init,
		dataDir,
		root,
		units: services.map(({ unit }) => unit),
		...(k3sVersion ? { k3sVersion } : {}),
	}
}

function fullName(unit: string): string | undefined {
	return unitArgument(unit.endsWith('.service') ? unit : `${unit}.service`)
}

async function hostnameOf(host: Host): Promise<string> {
	const answer = await host.read('/proc/sys/kernel/hostname')
	return (answer.ok ? answer.value.text.trim() : '') || 'localhost'
}

/** Of the process that asks, wherever the host is. */
async function isRoot(host: Host): Promise<boolean> {
	const answer = await host.read('/proc/self/status')
	return answer.ok && /^Uid:\s+\d+\s+0\s/m.test(answer.value.text)
}

async function initOf(host: Host): Promise<Init> {
	const [systemd, openrc] = await Promise.all([host.stat('/run/systemd/system'), host.stat('/run/openrc')])
	if (systemd.ok) return 'systemd'
	return openrc.ok ? 'openrc' : 'none'
}

function servicesOf(host: Host, init: Init): Promise<Service[]> {
	return init === 'openrc' ? openrcServices(host) : systemdServices(host)
}

async function versionOf(host: Host, program: string): Promise<string | undefined> {
	const answer = await host.run([program, '--version'], { limitSeconds: 0.8, maxBytes: 4096 })
	return answer.ok ? answer.value.stdout.match(/\bv\d+\.\d+\.\d+\S*/)?.[0] : undefined
}

/** Where no command line tells: the unit's name, then what k3s left behind. */
async function traces(host: Host, dataDir: string, unit: string | undefined): Promise<Role> {
	if (unit?.includes('agent')) return 'agent'
	const [server, agent] = await Promise.all([
		host.stat(`${dataDir}/server`),
		host.stat(`${dataDir}/agent/kubelet.kubeconfig`),
	])
	if (server.ok || unit === 'k3s.service') return 'server'
	return agent.ok ? 'agent' : 'unknown'
}
