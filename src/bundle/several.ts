/** A folder in which several bundles lie: one for each node. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { looksForeign } from './foreign/index.js'
import { topNames } from './open/name.js'

const archive = /\.(?:tar|tar\.gz|tgz)$/
/** Nodes that are opened at a time; nobody reads more side by side. */
const most = 64

const isBundle = (names: readonly string[]) =>
	topNames.some(name => names.includes(name)) || looksForeign(names)

async function holdsBundle(path: string): Promise<boolean> {
	const names = await readdir(path).catch(() => [])
	if (isBundle(names)) return true
	// An unpacked archive: the bundle stands in its only folder.
	const [only] = names
	return names.length === 1 && only !== undefined && isBundle(await readdir(join(path, only)).catch(() => []))
}

/**
 * The bundles in the folder `path`: archives, and folders that are bundles. Fewer than two: it is one bundle itself,
 * or none; then `path` stands for itself.
 */
export async function bundlesIn(path: string): Promise<string[]> {
	const isFolder = await stat(path).then(
		stats => stats.isDirectory(),
		() => false,
	)
	if (!isFolder) return [path]
	const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
	if (isBundle(entries.map(({ name }) => name))) return [path]
	const found: string[] = []
	for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, 1000)) {
		const inside = join(path, entry.name)
		if (entry.isFile() && archive.test(entry.name)) found.push(inside)
		else if (entry.isDirectory() && (await holdsBundle(inside))) found.push(inside)
		if (found.length === most) break
	}
	return found.length > 1 ? found : [path]
}
