/** Which of several k3s services is the one that counts. */
import type { Init } from '../../model/bundle.js'
import type { Host } from '../host.js'
import type { Service } from './service.js'

/** A healthy systemd answers in some 10 ms. */
const limitSeconds = 0.8

interface State {
	active: boolean
	failed: boolean
	enabled: boolean
}

/** The service that runs, else one that is enabled, else one that failed; a server before an agent. */
export async function chosenService(
	host: Host,
	init: Init,
	services: readonly Service[],
): Promise<Service | undefined> {
	const [first, ...others] = services
	if (!first || others.length === 0) return first
	const units = services.map(({ unit }) => unit)
	const states = init === 'systemd' ? await systemdStates(host, units) : await openrcStates(host, units)
	const rank = (service: Service) => {
		const state = states.get(service.unit)
		const server = service.command?.role === 'server' ? 1 : 0
		return (state?.active ? 8 : 0) + (state?.enabled ? 4 : 0) + (state?.failed ? 2 : 0) + server
	}
	return services.reduce((best, service) => (rank(service) > rank(best) ? service : best), first)
}

async function systemdStates(host: Host, units: readonly string[]): Promise<Map<string, State>> {
	const [shown, ...enabled] = await Promise.all([
		host.run(['systemctl', 'show', '--no-pager', '-p', 'Id,ActiveState,UnitFileState', '--', ...units], {
			limitSeconds,
		}),
		...units.map(unit => exists(host, `/etc/systemd/system/multi-user.target.wants/${unit}`)),
	])
	const states = new Map<string, State>()
	for (const [i, unit] of units.entries())
		states.set(unit, { active: false, failed: false, enabled: enabled[i] ?? false })
	for (const block of (shown.ok ? shown.value.stdout : '').split('\n\n')) {
		const value = (key: string) => block.match(new RegExp(`^${key}=(.*)$`, 'm'))?.[1] ?? ''
		const state = states.get(value('Id'))
		if (!state) continue
		// `activating` too: a service in a restart loop is in it most of the time.
		state.active = /^(active|activating|reloading|deactivating)$/.test(value('ActiveState'))
		state.failed = value('ActiveState') === 'failed'
		state.enabled ||= value('UnitFileState').startsWith('enabled')
	}
	return states
}

async function openrcStates(host: Host, units: readonly string[]): Promise<Map<string, State>> {
	const states = await Promise.all(
		units.map(async (unit): Promise<[string, State]> => {
			const name = unit.replace(/\.service$/, '')
			const [active, failed, enabled] = await Promise.all([
				exists(host, `/run/openrc/started/${name}`),
				exists(host, `/run/openrc/failed/${name}`),
				exists(host, `/etc/runlevels/default/${name}`),
			])
			return [unit, { active, failed, enabled }]
		}),
	)
	return new Map(states)
}

async function exists(host: Host, path: string): Promise<boolean> {
	return (await host.stat(path)).ok
}
