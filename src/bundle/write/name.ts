/** What a bundle is called, and which of its names may become files. */
import type { Bundle } from '../../model/bundle.js'
import { cleanName, isKnown } from '../open/name.js'

/** Longer names do not fit into a directory of Linux. */
const longestPart = 255

/** Files in the order in which they are written, and the names that are not: they would lead elsewhere. */
export function writable(bundle: Bundle): { files: [name: string, text: string][]; refused: string[] } {
	const files: [string, string][] = []
	const refused: string[] = []
	const dirs = new Set<string>()
	const names = [...bundle.files.keys()].sort()
	for (const name of names) for (const dir of dirsOf(name)) dirs.add(dir)
	for (const name of names) {
		const plain =
			cleanName(name) === name &&
			isKnown(name) &&
			name !== 'bundle.json' &&
			// A name cannot be a file and a folder.
			!dirs.has(name) &&
			name.split('/').every(part => Buffer.byteLength(part) <= longestPart)
		if (plain) files.push([name, bundle.files.get(name) ?? ''])
		else refused.push(name)
	}
	return { files: [['bundle.json', describe(bundle)], ...files], refused }
}

export function dirsOf(name: string): string[] {
	const parts = name.split('/').slice(0, -1)
	return parts.map((_, i) => parts.slice(0, i + 1).join('/'))
}

function describe({ schema, takenAt, node, entries, notes, masked }: Bundle): string {
	const about = {
		schema,
		takenAt,
		node,
		entries,
		...(notes.length > 0 && { notes }),
		...(masked && { masked }),
	}
	return `${JSON.stringify(about, null, 1)}\n`
}

/** `k3s-doctor-s1-20261121-041000`: of ordinary characters, whatever the host is called. */
export function bundleName({ node, takenAt }: Pick<Bundle, 'node' | 'takenAt'>): string {
	const host = node.hostname.slice(0, 64).replace(/[^A-Za-z0-9]+/g, '-')
	const digits = takenAt.replace(/\D/g, '')
	const parts = ['k3s-doctor', host.replace(/^-|-$/g, ''), digits.slice(0, 8), digits.slice(8, 14)]
	return parts.filter(Boolean).join('-')
}
