/** The host's name, its resolver, and how the names that k3s needs resolve. */
import { hostArgument, pathArgument } from '../model/argument.js'
import { type Bundle, fileOf } from '../model/bundle.js'
import type { NamesEvidence } from '../model/evidence/index.js'
import { nobodysName } from '../model/lookup.js'
import { datastoreOf, registryEndpoints, serverOf } from './endpoints.js'
import { firstLine, linesOf, wordsOf } from './lines.js'
import { lookupFile, lookupsOf, unansweredOf } from './names/lookups.js'
import { chosenPath, podResolvOf, readResolv, resolvConf, resolvedConf } from './names/resolv.js'
import { askSettings } from './settings.js'
import { type Ask, source } from './source.js'

const hostname = 'commands/hostname.txt'

function hostsOf(text: string | undefined): NamesEvidence['hosts'] {
	const hosts: NamesEvidence['hosts'] = []
	for (const line of linesOf(text)) {
		const [address, ...names] = wordsOf(line.text.replace(/#.*$/, ''))
		if (address !== undefined && names.length > 0) hosts.push({ address, names, line: line.number })
	}
	return hosts
}

function etcHostnameOf(text: string | undefined): string | undefined {
	for (const line of linesOf(text)) if (!line.text.trimStart().startsWith('#')) return line.text.trim()
	return undefined
}

/** What a kernel takes for a host name, valid for Kubernetes or not; noise of a broken program is none. */
function asHostname(line: string | undefined): string | undefined {
	return line !== undefined && /^[\u0021-\u007e]{1,64}$/.test(line) ? line : undefined
}

function parse(bundle: Bundle): NamesEvidence | undefined {
	const said = asHostname(firstLine(bundle.files.get(hostname)))
	const etcHostname = etcHostnameOf(bundle.files.get(fileOf('/etc/hostname')))
	const hosts = bundle.files.get(fileOf('/etc/hosts'))
	const resolv = bundle.files.get(fileOf(resolvConf))
	const resolved = bundle.files.get(fileOf(resolvedConf))
	const lookups = lookupsOf(bundle)
	const unanswered = unansweredOf(bundle)
	const nothing = [said, etcHostname, hosts, resolv].every(answer => answer === undefined)
	if (nothing && lookups.size === 0 && unanswered.length === 0) return undefined
	const podResolv = podResolvOf(bundle)
	return {
		hostname: said ?? bundle.node.hostname,
		...(etcHostname !== undefined && { etcHostname }),
		hosts: hostsOf(hosts),
		...(resolv !== undefined && { resolv: readResolv(resolv, resolvConf) }),
		...(resolved !== undefined && { resolved: readResolv(resolved, resolvedConf) }),
		...(podResolv && { podResolv }),
		lookups,
		...(unanswered.length > 0 && { unanswered }),
	}
}

/** Names that are looked up besides the host's own; a resolver that does not answer takes ten seconds for each. */
const mostNames = 8

/** Search domains below which a name that nobody has given is asked for: who answers it, answers every name. */
const mostDomains = 2

/** A resolver that is dead is given up by glibc after two tries of 5 s: that answer is worth waiting for. */
const lookupLimit = { limitSeconds: 12 }

function isAddress(host: string): boolean {
	return /^[0-9.]+$/.test(host) || host.includes(':')
}

async function collect(ask: Ask): Promise<void> {
	const { dataDir, hostname: own } = ask.node
	const reading = Promise.all([
		ask.run(hostname, ['hostname']),
		ask.file('/etc/hostname'),
		ask.file('/etc/hosts'),
		ask.file(`${dataDir}/agent/etc/resolv.conf`),
		ask.file(`${dataDir}/agent/etc/kubelet.conf.d/00-k3s-defaults.conf`),
	])
	const [settings, registries, resolv, resolved] = await Promise.all([
		askSettings(ask),
		ask.file('/etc/rancher/k3s/registries.yaml'),
		ask.file(resolvConf),
		ask.file(resolvedConf),
	])
	const chosen = pathArgument(chosenPath(settings))
	const endpoints = [serverOf(settings) ?? [], datastoreOf(settings), registryEndpoints(registries)].flat()
	const wanted = new Map<string, string>([[lookupFile('localhost'), 'localhost']])
	for (const { host } of endpoints) {
		if (!isAddress(host) && wanted.size < mostNames) wanted.set(lookupFile(host), host)
	}
	const searched = [resolv, resolved].flatMap(text =>
		text === undefined ? [] : readResolv(text, resolvConf).search,
	)
	for (const domain of new Set(searched.filter(one => one.includes('.')).slice(0, mostDomains))) {
		const name = hostArgument(`${nobodysName}.${domain}`)
		if (name !== undefined) wanted.set(lookupFile(name), name)
	}
	const self = hostArgument(own)
	if (self !== undefined) wanted.set(lookupFile('hostname'), self)
	await Promise.all([
		reading,
		chosen === undefined ? undefined : ask.file(chosen),
		...[...wanted].map(([file, name]) => ask.run(file, ['getent', 'ahosts', name], lookupLimit)),
	])
}

export const names = source({
	name: 'names',
	title: 'names and resolvers',
	wants: () => [
		{ file: hostname, askFor: 'hostname' },
		{ file: fileOf('/etc/hosts'), askFor: 'cat /etc/hosts' },
		{ file: fileOf(resolvConf), askFor: 'cat /etc/resolv.conf' },
		{ file: fileOf('/etc/hostname'), askFor: 'cat /etc/hostname', optional: true },
		{ file: lookupFile('hostname'), askFor: 'getent ahosts "$(hostname)"', optional: true },
		{ file: lookupFile('localhost'), askFor: 'getent ahosts localhost', optional: true },
	],
	collect,
	parse,
})
