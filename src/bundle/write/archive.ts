import type { Writable } from 'node:stream'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { type Pack, pack } from 'tar-stream'
import { dirsOf } from './name.js'

export interface ArchiveOptions {
	/** The one top directory, so that unpacking does not litter. */
	top: string
	gzip: boolean
	/** Time of all files. */
	at: Date
}

/** Writes files as a tar archive into `out` and ends it. Throws what `out` throws. */
export async function writeArchive(
	files: readonly (readonly [name: string, text: string])[],
	out: Writable,
	{ top, gzip, at }: ArchiveOptions,
): Promise<void> {
	const archive = pack()
	const written = pipeline(archive, gzip ? createGzip() : new PassThrough(), out)
	await Promise.all([fill(archive, files, top, at), written])
}

async function fill(
	archive: Pack,
	files: readonly (readonly [name: string, text: string])[],
	top: string,
	mtime: Date,
): Promise<void> {
	const dirs = new Set([top])
	archive.entry({ name: `${top}/`, type: 'directory', mode: 0o700, mtime })
	for (const [name, text] of files) {
		for (const dir of dirsOf(`${top}/${name}`)) {
			if (dirs.has(dir)) continue
			dirs.add(dir)
			archive.entry({ name: `${dir}/`, type: 'directory', mode: 0o700, mtime })
		}
		await new Promise<void>((resolve, reject) =>
			archive.entry({ name: `${top}/${name}`, mode: 0o600, mtime }, text, error =>
				error ? reject(error) : resolve(),
			),
		)
	}
	archive.finalize()
}
