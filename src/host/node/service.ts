/** The k3s services that are set up on a host, whatever they are called. */
import type { Host } from '../host.js'
import { parseInitScript, parseUnit, type Starting } from './unit-file.js'
import { environmentLines, expandVariables, type K3sCommand, k3sCommand } from './words.js'

export interface Service {
	/** `k3s-edge.service`, under OpenRC too. */
	unit: string
	/** Absent where its file could not be read, or is masked. */
	command?: K3sCommand
	environment: ReadonlyMap<string, string>
}

/** Where systemd looks, the first that has a name wins. */
const unitDirs = [
	'/etc/systemd/system',
	'/run/systemd/system',
	'/run/systemd/transient',
	'/usr/local/lib/systemd/system',
	'/usr/lib/systemd/system',
	'/lib/systemd/system',
]

/** The installer's own names: services of k3s even when nothing in them can be read. */
const usual = /^k3s(-agent)?\.service$/
/** A host has some dozens of units of its own. */
const mostUnits = 300

export async function systemdServices(host: Host): Promise<Service[]> {
	const listed = await Promise.all(unitDirs.map(async dir => ({ dir, names: await namesIn(host, dir) })))
	const paths = new Map<string, string>()
	for (const { dir, names } of listed)
		for (const name of names)
			if (name.endsWith('.service') && !paths.has(name)) paths.set(name, `${dir}/${name}`)
	const named = [...paths].filter(([unit]) => unit.includes('k3s'))
	const found = await servicesIn(host, named)
	if (found.length > 0) return found
	const own = [...paths].filter(([, path]) => path.startsWith('/etc/') || path.startsWith('/run/'))
	return servicesIn(host, own.slice(0, mostUnits))
}

async function servicesIn(host: Host, units: readonly (readonly [string, string])[]): Promise<Service[]> {
	const services = await Promise.all(
		units.map(async ([unit, path]): Promise<Service> => {
			const texts = await Promise.all([textOf(host, path), ...(await dropIns(host, unit))])
			return serviceOf(host, unit, parseUnit(texts, unit))
		}),
	)
	return services.filter(({ unit, command }) => command || usual.test(unit))
}

async function dropIns(host: Host, unit: string): Promise<Promise<string>[]> {
	const dirs = [...unitDirs].reverse().map(dir => `${dir}/${unit}.d`)
	const listed = await Promise.all(dirs.map(async dir => ({ dir, names: await namesIn(host, dir) })))
	const byName = new Map<string, string>()
	for (const { dir, names } of listed)
		for (const name of names) if (name.endsWith('.conf')) byName.set(name, `${dir}/${name}`)
	return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => textOf(host, path))
}

export async function openrcServices(host: Host): Promise<Service[]> {
	const names = (await namesIn(host, '/etc/init.d')).filter(name => name.includes('k3s'))
	const services = await Promise.all(
		names.map(async name => {
			const text = await textOf(host, `/etc/init.d/${name}`)
			return serviceOf(host, `${name}.service`, parseInitScript(text, name))
		}),
	)
	return services.filter(({ command }) => command)
}

async function serviceOf(host: Host, unit: string, starting: Starting): Promise<Service> {
	const environment = new Map(starting.environment)
	const texts = await Promise.all(starting.environmentFiles.map(path => textOf(host, path)))
	for (const text of texts) for (const [name, value] of environmentLines(text)) environment.set(name, value)
	const command = k3sCommand(expandVariables(starting.exec, environment))
	return { unit, environment, ...(command ? { command } : {}) }
}

async function namesIn(host: Host, dir: string): Promise<string[]> {
	const answer = await host.list(dir)
	return answer.ok ? answer.value : []
}

async function textOf(host: Host, path: string): Promise<string> {
	const answer = await host.read(path, { maxBytes: 64 * 1024 })
	return answer.ok ? answer.value.text : ''
}
