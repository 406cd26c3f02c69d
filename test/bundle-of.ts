import type { Bundle, Entry, NodeFacts } from '../src/model/bundle.js'

/** An ordinary server. */
export const server: NodeFacts = {
	hostname: 'node-1',
	role: 'server',
	unit: 'k3s.service',
	init: 'systemd',
	dataDir: '/var/lib/rancher/k3s',
	root: true,
}

/**
 * A bundle of bundle file name -> text, of an ordinary server unless `node` says otherwise. Files without an entry
 * in `entries` get one, so that every answer has its question.
 */
export function bundleOf(
	files: Record<string, string>,
	node: Partial<NodeFacts> = {},
	entries: Entry[] = [],
): Bundle {
	const asked = new Set(entries.map(entry => entry.file))
	const answered = Object.keys(files).filter(file => !asked.has(file))
	return {
		schema: 1,
		node: { ...server, ...node },
		takenAt: '2026-11-21T04:10:00Z',
		entries: [...entries, ...answered.map(file => ({ file }))],
		files: new Map(Object.entries(files)),
		notes: [],
	}
}
