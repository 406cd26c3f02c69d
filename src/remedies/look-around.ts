/** Asks the node what a plan has to know: once before it is shown, and again before it is run. */
import type { Clock, Hands } from '../host/hands.js'
import type { Host } from '../host/host.js'
import type { Init } from '../model/bundle.js'
import type { Places } from './places.js'
import type { BackupPlace, Questions, Surroundings } from './surroundings.js'

/** A configuration file is a few kilobytes; of more than this neither diff nor edit makes sense. */
const mostText = 4 * 1024 * 1024

export interface Machine {
	host: Host
	hands: Hands
	clock: Clock
}

export async function lookAround(
	asked: Questions,
	{ host, hands }: Pick<Machine, 'host' | 'hands'>,
	{ backups, init }: Pick<Places, 'backups'> & { init: Init },
): Promise<Surroundings> {
	const [paths, spaces, weights, programs, units, apiReady, backupPlaces] = await Promise.all([
		answers([...asked.paths.keys()], path => hands.look(path, asked.paths.get(path) ? mostText : 0)),
		answers(asked.spaces, path => hands.space(path)),
		answers(asked.weights, path => hands.weigh(path)),
		answers(asked.programs, name => hands.program(name)),
		answers(asked.units, unit => unitExists(host, unit, init)),
		asked.apiReady ? isReady(host) : undefined,
		Promise.all(backups.map(place => placeAt(hands, place))),
	])
	return {
		live: true,
		paths,
		spaces,
		weights,
		programs,
		units,
		...(apiReady !== undefined && { apiReady }),
		backupPlaces,
	}
}

async function answers<T>(
	keys: readonly string[],
	ask: (key: string) => Promise<T | undefined>,
): Promise<Map<string, T>> {
	const found = new Map<string, T>()
	for (const key of new Set(keys)) {
		const answer = await ask(key)
		if (answer !== undefined) found.set(key, answer)
	}
	return found
}

async function placeAt(hands: Hands, place: { base: string; named?: true }): Promise<BackupPlace> {
	const [space, { device }] = await Promise.all([hands.space(place.base), hands.look(place.base)])
	return { ...place, ...(space && { space }), ...(device !== undefined && { device }) }
}

async function unitExists(host: Host, unit: string, init: Init): Promise<boolean | undefined> {
	if (init === 'openrc') {
		const script = await host.stat(`/etc/init.d/${unit.replace(/\.service$/, '')}`)
		return script.ok || (script.unavailable.why === 'absent' ? false : undefined)
	}
	const answer = await host.run(['systemctl', 'show', '--property=LoadState', '--value', '--', unit])
	if (!answer.ok || answer.value.exit !== 0) return undefined
	return answer.value.stdout.trim() !== 'not-found'
}

async function isReady(host: Host): Promise<boolean | undefined> {
	const answer = await host.kube('/readyz')
	return answer.ok ? answer.value.status === 200 : false
}
