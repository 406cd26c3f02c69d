/** Configuration, certificates and listings of k3s's directories. */
import type { NodeFacts } from '../../../model/bundle.js'
import { readListing } from '../answers/listings.js'
import { type Draft, type Placed, placed } from '../draft.js'
import type { Times } from './times.js'

const dropInDir = '/etc/rancher/k3s/config.yaml.d'

/** The unit files stand one after another in one file; each begins with its `[Unit]`. */
function addUnitFiles(into: Draft, node: NodeFacts, folder: string): void {
	const from = into.take(`${folder}/k3s.service`)
	if (!from) return
	const parts: Placed[][] = []
	for (const line of placed(from)) {
		if (
			parts.length === 0 ||
			(line.text.trim() === '[Unit]' && parts.at(-1)?.some(({ text }) => text.startsWith('[')))
		)
			parts.push([])
		parts.at(-1)?.push(line)
	}
	const wanted = node.role === 'agent' ? /k3s["']?[\s\\"']+agent\b/ : /k3s["']?[\s\\"']+server\b/
	const own = parts.find(lines => wanted.test(lines.map(({ text }) => text).join('\n'))) ?? parts[0] ?? []
	into.lines(`files/etc/systemd/system/${node.unit}`, own)
}

function addConfiguration(into: Draft, folder: string): void {
	into.raw('files/etc/rancher/k3s/config.yaml', `${folder}/config.yaml`)
	for (const name of into.below(folder)) {
		const file = name.slice(folder.length + 1)
		if (/^[^/]+\.ya?ml$/.test(file) && file !== 'config.yaml') into.raw(`files${dropInDir}/${file}`, name)
	}
}

function addCertificates(into: Draft, { dataDir }: NodeFacts, folder: string): void {
	for (const [kind, dir] of [
		['agent', `${dataDir}/agent`],
		['server', `${dataDir}/server/tls`],
	]) {
		for (const name of into.below(`${folder}/certs/${kind}`)) {
			const file = name.slice(name.lastIndexOf('/') + 1)
			const text = into.take(name)?.text ?? ''
			// openssl's complaint about a file is no certificate, but says that the file is not one.
			if (file.endsWith('.crt') && !/^(?:Can't|Cannot) open/.test(text)) into.raw(`files${dir}/${file}`, name)
		}
	}
}

/** The directories of which the collector keeps a listing. */
function addListings(into: Draft, { dataDir }: NodeFacts, folder: string, now: number): void {
	const lines: Placed[] = []
	const dirs: string[] = []
	const complaints: string[] = []
	for (const [name, dir] of [
		['k3sagent', `${dataDir}/agent`],
		['k3sservermanifests', `${dataDir}/server/manifests`],
		['k3sservertls', `${dataDir}/server/tls`],
	] as const) {
		const from = into.take(`${folder}/directories/${name}`)
		if (!from) continue
		const listed = readListing(placed(from), dir, now)
		lines.push(...listed.lines)
		dirs.push(...listed.dirs)
		for (const words of listed.complaints) {
			const parts = /^ls: cannot (?:access|open directory) '?(.+?)'?: (.+)$/.exec(words)
			if (parts) complaints.push(`find: ‘${parts[1]}’: ${parts[2]}`)
			if (parts?.[1] === dir) dirs.push(dir)
		}
	}
	if (dirs.length === 0) return
	for (const { text } of lines) {
		const [type, , , , , , path] = text.split('\t')
		if (type === 'd' && path && !dirs.includes(path)) complaints.push(`find: ‘${path}’: not listed`)
	}
	const own = 'commands/files.tsv'
	into.lines(own, lines)
	if (lines.length === 0) into.made(own, '', `${folder}/directories/k3sagent`)
	into.entries.set(own, {
		file: own,
		argv: ['find', ...new Set(dirs), '-maxdepth', '1'],
		...(complaints.length > 0 && { stderr: complaints.join('\n') }),
	})
}

/** What the binary says, or why it says nothing. */
function addVersion(into: Draft, folder: string): void {
	const own = 'commands/k3s-version.txt'
	const told = [`${folder}/version`, 'versions'].map(into.take)
	const named = told.find(from => /^k3s version v\d/m.test(from?.text ?? ''))
	const [first] = told
	if (named) into.raw(own, named.file)
	// 126 and 127 are how a shell says that it could not run it, or that there is none.
	else if (first?.text.trim())
		into.failed(own, first.file, first.text, /not found/.test(first.text) ? 127 : 126)
}

export function addFiles(into: Draft, node: NodeFacts, folder: string, { hostAt, offset }: Times): void {
	addUnitFiles(into, node, folder)
	addConfiguration(into, folder)
	addCertificates(into, node, folder)
	addListings(into, node, folder, hostAt + offset * 60_000)
	addVersion(into, folder)
	into.raw('commands/k3s-check-config.txt', `${folder}/check-config`)
	into.raw(`files${node.dataDir}/agent/containerd/containerd.log`, `${folder}/containerd.log`)
}
