/** resolv.conf files, and which of them k3s hands to its pods. */
import { type Bundle, entryOf, fileOf } from '../../model/bundle.js'
import type { NamesEvidence } from '../../model/evidence/index.js'
import { linesOf, wordsOf } from '../lines.js'
import { type Settings, setting, settingsOf } from '../settings.js'

export type Resolv = NonNullable<NamesEvidence['resolv']>

export const resolvConf = '/etc/resolv.conf'
/** The servers that systemd-resolved really asks; /etc/resolv.conf then names only its stub, 127.0.0.53. */
export const resolvedConf = '/run/systemd/resolve/resolv.conf'

/** As glibc reads it: keywords begin a line, the last `search` or `domain` wins, options add up. */
export function readResolv(text: string, file: string): Resolv {
	const nameservers: string[] = []
	const options: string[] = []
	let search: string[] = []
	for (const line of linesOf(text)) {
		const [keyword, ...values] = wordsOf(line.text.replace(/\s[#;].*$/, ''))
		const first = values[0]
		if (/^\s/.test(line.text) || first === undefined) continue
		if (keyword === 'nameserver') nameservers.push(first)
		else if (keyword === 'search') search = values
		else if (keyword === 'domain') search = [first]
		else if (keyword === 'options') options.push(...values)
	}
	return { file, nameservers, search, options }
}

/** Go's `IsGlobalUnicast`: neither unspecified, loopback, link-local, multicast nor broadcast; a zone is no address. */
function isGlobalUnicast(address: string): boolean {
	const v4 = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/i.exec(address)?.slice(1).map(Number)
	if (v4) {
		const [first = 0, second = 0] = v4
		if (v4.some(byte => byte > 255) || v4.every(byte => byte === 0) || v4.every(byte => byte === 255))
			return false
		return first !== 127 && !(first === 169 && second === 254) && !(first >= 224 && first <= 239)
	}
	if (!/^[0-9a-f:]{2,39}$/i.test(address) || !address.includes(':')) return false
	return !/^(?:[0:]*:0*1?$|fe[89ab]|ff)/i.test(address)
}

/** Whether k3s takes the file: it names a server, and each that it names can be reached from a pod. */
function isUsable(resolv: Resolv): boolean {
	return resolv.nameservers.length > 0 && resolv.nameservers.every(isGlobalUnicast)
}

function readIn(bundle: Bundle, path: string): Resolv | undefined {
	const text = bundle.files.get(fileOf(path))
	return text === undefined ? undefined : readResolv(text, path)
}

/** `resolv-conf` of the node, or of the kubelet itself: the latter is the kubelet's last word. */
export function chosenPath(settings: Settings): string | undefined {
	const argument = settings.get('kubelet-arg')?.findLast(value => value.startsWith('resolv-conf='))
	return argument?.slice('resolv-conf='.length) ?? setting(settings, 'resolv-conf')
}

/** What k3s wrote into the kubelet's configuration when it started last; a later file overrides an earlier one. */
function kubeletPath(bundle: Bundle): string | undefined {
	const dir = fileOf(`${bundle.node.dataDir}/agent/etc/kubelet.conf.d/`)
	let path: string | undefined
	for (const file of [...bundle.files.keys()].filter(name => name.startsWith(dir)).sort()) {
		for (const line of linesOf(bundle.files.get(file))) {
			path = /^resolvConf:\s{1,8}["']?([^\s"'#]+)/.exec(line.text)?.[1] ?? path
		}
	}
	return path
}

/** The resolver file of pods with `dnsPolicy: Default`, CoreDNS among them. `undefined`: which, or what is in it, is unknown. */
export function podResolvOf(bundle: Bundle): Resolv | undefined {
	const given = chosenPath(settingsOf(bundle)) ?? kubeletPath(bundle)
	if (given !== undefined) return readIn(bundle, given)
	const host = readIn(bundle, resolvConf)
	if (host && isUsable(host)) return host
	if (!host && entryOf(bundle, fileOf(resolvConf))?.why !== 'absent') return undefined
	const resolved = readIn(bundle, resolvedConf)
	if (resolved && isUsable(resolved)) return resolved
	return readIn(bundle, `${bundle.node.dataDir}/agent/etc/resolv.conf`)
}
