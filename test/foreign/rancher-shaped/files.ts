/** Configuration, certificates, listings and container logs of a recorded node. */
import { X509Certificate } from 'node:crypto'
import type { Bundle } from '../../../src/model/bundle.js'
import { keyIdsOf } from '../../../src/sources/certificates/key-ids.js'
import { readName } from '../../../src/sources/certificates/names.js'
import { human } from './columns.js'
import { described } from './kubectl.js'

const spaced = (name: string) => readName(name).text.replace(/(^|, )(\w+)=/g, '$1$2 = ')
const colons = (hex: string) => (hex.match(/../g) ?? []).join(':').toUpperCase()

/** `openssl x509 -text -noout` of the first certificate in the file. */
function openssl(pem: string): string {
	try {
		const certificate = new X509Certificate(pem)
		const { keyId, authorityKeyId } = keyIdsOf(certificate.raw)
		const sans = certificate.subjectAltName
		return [
			'Certificate:',
			'    Data:',
			'        Version: 3 (0x2)',
			`        Issuer: ${spaced(certificate.issuer)}`,
			'        Validity',
			`            Not Before: ${certificate.validFrom}`,
			`            Not After : ${certificate.validTo}`,
			`        Subject: ${spaced(certificate.subject)}`,
			'        X509v3 extensions:',
			...(certificate.ca
				? ['            X509v3 Basic Constraints: critical', '                CA:TRUE']
				: []),
			...(keyId ? ['            X509v3 Subject Key Identifier: ', `                ${colons(keyId)}`] : []),
			...(authorityKeyId
				? ['            X509v3 Authority Key Identifier: ', `                ${colons(authorityKeyId)}`]
				: []),
			...(sans ? ['            X509v3 Subject Alternative Name: ', `                ${sans}`] : []),
			'',
		].join('\n')
	} catch {
		return 'Could not read certificate from file\nUnable to load certificate\n'
	}
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

interface Item {
	type: string
	mode: number
	size: number
	time: string
	path: string
	target: string
}

function letters({ type, mode }: Item): string {
	const bits = [6, 3, 0].map(shift => {
		const three = (mode >> shift) & 7
		return `${three & 4 ? 'r' : '-'}${three & 2 ? 'w' : '-'}${three & 1 ? 'x' : '-'}`
	})
	return `${type === 'f' ? '-' : type}${bits.join('')}`
}

function ls(items: readonly Item[], dir: string, recursive: boolean, takenAt: number): string {
	const row = (item: Item, name: string) => {
		const date = new Date(`${item.time.slice(0, 19)}Z`)
		const old = takenAt - date.getTime() > 180 * 86_400_000
		const clock = old ? ` ${date.getUTCFullYear()}` : item.time.slice(11, 16)
		const shown = item.target ? `${name} -> ${item.target}` : name
		return `${letters(item)} 1 root root ${human(item.size).padStart(4)} ${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${clock} ${shown}`
	}
	const one = (path: string): string[] => {
		const self = items.find(item => item.path === path)
		const inside = items.filter(item => item.path.slice(0, item.path.lastIndexOf('/')) === path)
		const lines = [
			'total 4K',
			...(self ? [row(self, '.'), row(self, '..')] : []),
			...inside.map(item => row(item, item.path.slice(path.length + 1))),
		]
		const below = recursive
			? inside.filter(({ type }) => type === 'd').flatMap(({ path: next }) => ['', ...one(next)])
			: []
		return [...(recursive ? [`${path}:`] : []), ...lines, ...below]
	}
	if (!items.some(item => item.path === dir)) return `ls: cannot access '${dir}': No such file or directory\n`
	return `${one(dir).join('\n')}\n`
}

export function addFiles(
	into: Map<string, string>,
	{ files, node, entries }: Bundle,
	takenAt: number,
	apiUp: boolean,
): void {
	const { dataDir } = node
	const agent = node.role === 'agent'
	const cat = files.get('commands/systemctl-cat.txt')
	// The collector's pattern is /etc/systemd/system/k3s*.service, of which an agent's is one only in newer versions.
	if (cat && !agent) {
		const [, unit = ''] = cat.split(/^# \/.*\.service\n/m)
		into.set(
			'k3s/k3s.service',
			unit
				.split(/^# \/.*\.conf$/m)[0]
				?.trimEnd()
				.concat('\n') ?? '',
		)
	}
	const without = (text: string) =>
		text
			.split('\n')
			.filter(line => !/token|access-key|secret-key/.test(line))
			.join('\n')
	for (const [file, text] of files) {
		if (file === 'files/etc/rancher/k3s/config.yaml') into.set('k3s/config.yaml', without(text))
		const dropIn = /^files\/etc\/rancher\/k3s\/config\.yaml\.d\/([^/]+)$/.exec(file)?.[1]
		if (dropIn) into.set(`k3s/${dropIn}`, without(text))
		const certificate = /^(?:agent|server\/tls)\/([^/]+\.crt)$/.exec(file.slice(`files${dataDir}/`.length))
		const kind = file.includes('/server/tls/') ? 'server' : 'agent'
		if (file.startsWith(`files${dataDir}/`) && certificate && !/-ca\.crt$/.test(certificate[1] ?? ''))
			into.set(`k3s/certs/${kind}/${certificate[1]}`, openssl(text))
		const log = /^files\/var\/log\/pods\/([^/_]+)_([^/_]+)_([^/]+)\/([^/]+)\/(\d+)\.log$/.exec(file)
		if (!log || !described.has(log[1] ?? '')) continue
		if (!apiUp || agent) into.set(`k3s/podlogs/${log[1]}_${log[2]}_${log[3]}/${log[4]}/${log[5]}.log`, text)
		else {
			const newest = !files.has(file.replace(/\d+\.log$/, `${Number(log[5]) + 1}.log`))
			const bare = text
				.split('\n')
				.map(line => line.replace(/^\S+ (?:stdout|stderr) [FP] ?/, ''))
				.join('\n')
			into.set(`k3s/podlogs/${log[1]}-${log[2]}${newest ? '' : '-previous'}`, bare)
		}
	}
	const tried = entries.find(({ file }) => file === 'commands/k3s-version.txt')
	into.set(
		'k3s/version',
		files.get('commands/k3s-version.txt')?.trim()
			? (files.get('commands/k3s-version.txt') ?? '')
			: (tried?.stderr ?? '/root/collect.sh: line 300: k3s: command not found\n'),
	)
	const check = files.get('commands/k3s-check-config.txt')
	if (check) into.set('k3s/check-config', check)
	const items = (files.get('commands/files.tsv') ?? '')
		.split('\n')
		.filter(Boolean)
		.map((line): Item => {
			const [type = '', mode = '', , , size = '', time = '', path = '', target = ''] = line.split('\t')
			return { type, mode: Number.parseInt(mode, 8), size: Number(size), time, path, target }
		})
	into.set('k3s/directories/k3sagent', ls(items, `${dataDir}/agent`, false, takenAt))
	into.set('k3s/directories/k3sservermanifests', ls(items, `${dataDir}/server/manifests`, true, takenAt))
	into.set('k3s/directories/k3sservertls', ls(items, `${dataDir}/server/tls`, true, takenAt))
}
