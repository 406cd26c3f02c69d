/** Recorded broken nodes that ship with the package. */
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { UsageError } from './parse.js'

/** Beside the compiled sources: dist/src/commands -> the package's own folder of recordings. */
const folder = new URL('../../../src/commands/recordings/', import.meta.url)

/** The one that tells most: a root cause with many consequences. */
export const mostTelling = 'disk-full'

export interface Demo {
	name: string
	says: string
}

export async function demos(): Promise<Demo[]> {
	const index: unknown = JSON.parse(await readFile(new URL('index.json', folder), 'utf8'))
	const present = new Set(await readdir(folder))
	return Object.entries(index ?? {})
		.filter(([name, says]) => typeof says === 'string' && present.has(`${name}.tar.gz`))
		.map(([name, says]) => ({ name, says: String(says) }))
}

/** The path of a recording, for `openBundle`. */
export async function demoPath(name: string): Promise<string> {
	const all = await demos()
	if (!all.some(demo => demo.name === name)) {
		throw new UsageError(
			`There is no recording "${name}". There are: ${all.map(demo => demo.name).join(', ')}.`,
		)
	}
	return fileURLToPath(new URL(`${name}.tar.gz`, folder))
}
