/**
 * The few settings of k3s that tell whom else to ask: the server, the datastore, ports, the resolver file.
 * Read leniently, line by line, because they are wanted most when the configuration does not parse.
 */
import type { Bundle, NodeFacts } from '../model/bundle.js'
import { linesOf } from './lines.js'
import type { Ask } from './source.js'

/** Long flag name -> values as written, those that win last. */
export type Settings = ReadonlyMap<string, readonly string[]>

type Found = [flag: string, value: string]

/** Environment of the service that stands for a flag. */
const environment: ReadonlyMap<string, string> = new Map([
	['K3S_URL', 'server'],
	['K3S_DATASTORE_ENDPOINT', 'datastore-endpoint'],
	['K3S_RESOLV_CONF', 'resolv-conf'],
	['K3S_LB_SERVER_PORT', 'lb-server-port'],
])

/** A YAML scalar without its quotes and its comment. */
function scalar(text: string): string {
	const trimmed = text.trim()
	const quote = trimmed[0]
	if (quote === '"' || quote === "'") {
		const end = trimmed.indexOf(quote, 1)
		return end < 0 ? trimmed.slice(1) : trimmed.slice(1, end)
	}
	const comment = trimmed.search(/(?:^|\s)#/)
	return (comment < 0 ? trimmed : trimmed.slice(0, comment)).trim()
}

function fromYaml(text: string): Found[] {
	const found: Found[] = []
	let list: string | undefined
	for (const line of linesOf(text)) {
		const key = /^["']?([A-Za-z0-9][\w-]{0,60})["']?\+?\s{0,8}:(?:\s+(\S.*))?$/.exec(line.text)
		const item = /^\s*-\s+(\S.*)$/.exec(line.text)
		if (key?.[1] !== undefined) {
			list = key[1]
			const value = key[2] ?? ''
			const values = value.startsWith('[') ? value.slice(1).replace(/\].*$/, '').split(',') : [value]
			for (const one of values.map(scalar)) if (one !== '') found.push([key[1], one])
		} else if (item?.[1] !== undefined && list !== undefined) {
			found.push([list, scalar(item[1])])
		}
	}
	return found
}

function fromEnvironment(text: string): Found[] {
	const found: Found[] = []
	for (const line of linesOf(text)) {
		const [, name, value] =
			/^(?:Environment=|export\s+)?["']?([A-Z][A-Z0-9_]{0,60})=(.*)$/.exec(line.text) ?? []
		const flag = environment.get(name ?? '')
		const bare = (value ?? '').replace(/^["']|["']$/g, '')
		if (flag !== undefined && bare !== '') found.push([flag, bare])
	}
	return found
}

/** Arguments in a unit or an init script, where each may stand on a line of its own, quoted. */
function fromUnit(text: string): Found[] {
	const found = fromEnvironment(text)
	const joined = text.slice(0, 65_536).replace(/\\\r?\n\s{0,200}/g, ' ')
	const argument =
		/(?:^|[\s"'])(?:--([a-z][a-z0-9-]{1,40})|-s)["']?(?:=| {1,8})["']?([^\s"'\\-][^\s"'\\]{0,2000})/g
	for (const [, flag = 'server', value] of joined.matchAll(argument)) {
		if (value !== undefined) found.push([flag, value])
	}
	return found
}

function kindOf(path: string, node: NodeFacts): 'yaml' | 'environment' | 'unit' | undefined {
	const name = node.unit.replace(/\.service$/, '')
	if (path === '/etc/rancher/k3s/config.yaml') return 'yaml'
	if (path.startsWith('/etc/rancher/k3s/config.yaml.d/') && /\.ya?ml$/i.test(path)) return 'yaml'
	if (path === `/etc/systemd/system/${node.unit}` || path === `/etc/init.d/${name}`) return 'unit'
	if (path.startsWith(`/etc/systemd/system/${node.unit}.d/`)) return 'unit'
	const files = [
		`/etc/systemd/system/${node.unit}.env`,
		`/etc/default/${name}`,
		`/etc/sysconfig/${name}`,
		`/etc/rancher/k3s/${name}.env`,
	]
	return files.includes(path) ? 'environment' : undefined
}

const readers = { yaml: fromYaml, environment: fromEnvironment, unit: fromUnit }
/** k3s lets the command line win over the environment, and that over the files. */
const order = ['yaml', 'environment', 'unit'] as const

/** The settings that stand in these files of the node (absolute path -> text); other files are not looked at. */
export function settingsIn(files: ReadonlyMap<string, string>, node: NodeFacts): Settings {
	const settings = new Map<string, string[]>()
	const paths = [...files.keys()].sort()
	for (const kind of order) {
		for (const path of paths) {
			if (kindOf(path, node) !== kind) continue
			for (const [flag, value] of readers[kind](files.get(path) ?? '')) {
				const values = settings.get(flag)
				if (values) values.push(value)
				else settings.set(flag, [value])
			}
		}
	}
	return settings
}

/** The settings that a bundle holds. */
export function settingsOf(bundle: Bundle): Settings {
	const files = new Map<string, string>()
	for (const [file, text] of bundle.files) {
		if (file.startsWith('files/') && kindOf(file.slice(5), bundle.node)) files.set(file.slice(5), text)
	}
	return settingsIn(files, bundle.node)
}

/** Drop-ins that are read; more of them is not a configuration but an accident. */
const mostDropIns = 20

/** Asks the host for the files, and reads the settings that stand in them. */
export async function askSettings(ask: Ask): Promise<Settings> {
	const { node } = ask
	const name = node.unit.replace(/\.service$/, '')
	const dirs = ['/etc/rancher/k3s/config.yaml.d', `/etc/systemd/system/${node.unit}.d`]
	const dropIns = await Promise.all(
		dirs.map(async dir => (await ask.names(dir)).slice(0, mostDropIns).map(file => `${dir}/${file}`)),
	)
	const paths = [
		'/etc/rancher/k3s/config.yaml',
		`/etc/systemd/system/${node.unit}`,
		`/etc/systemd/system/${node.unit}.env`,
		`/etc/default/${name}`,
		`/etc/sysconfig/${name}`,
		...(node.init === 'openrc' ? [`/etc/init.d/${name}`, `/etc/rancher/k3s/${name}.env`] : []),
		...dropIns.flat(),
	].filter(path => kindOf(path, node) !== undefined)
	const files = new Map<string, string>()
	await Promise.all(
		paths.map(async path => {
			const text = await ask.file(path)
			if (text !== undefined) files.set(path, text)
		}),
	)
	return settingsIn(files, node)
}

/** The value that wins. */
export function setting(settings: Settings, flag: string): string | undefined {
	return settings.get(flag)?.at(-1)
}
