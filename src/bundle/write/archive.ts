import { PassThrough, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { type Pack, pack } from 'tar-stream'
import { dirsOf } from './name.js'

export type Files = readonly (readonly [name: string, text: string])[]

export interface ArchiveOptions {
	/** The one top directory, so that unpacking does not litter. */
	top: string
	gzip: boolean
	/** Time of all files. */
	at: Date
}

/** Writes files as a tar archive into `out` and ends it. Throws what `out` throws. */
export async function writeArchive(
	files: Files,
	out: Writable,
	{ top, gzip, at }: ArchiveOptions,
): Promise<void> {
	const archive = pack()
	const written = pipeline(archive, gzip ? createGzip() : new PassThrough(), out)
	// The archive carries the failure on into `written`, where the first one counts.
	fill(archive, files, top, at).catch((error: Error) => archive.destroy(error))
	await written
}

async function fill(archive: Pack, files: Files, top: string, mtime: Date): Promise<void> {
	const dirs = new Set<string>()
	for (const [name, text] of files) {
		for (const dir of dirsOf(`${top}/${name}`)) {
			if (dirs.has(dir)) continue
			dirs.add(dir)
			await add(archive, { name: `${dir}/`, type: 'directory', mode: 0o700, mtime }, '')
		}
		await add(archive, { name: `${top}/${name}`, mode: 0o600, mtime }, text)
	}
	archive.finalize()
}

function add(archive: Pack, header: Parameters<Pack['entry']>[0], text: string): Promise<void> {
	return new Promise((resolve, reject) => {
		const entry = archive.entry(header, text, error => (error ? reject(error) : resolve()))
		// Told a second time as an event, which would end the process if nobody listened.
		entry.on('error', reject)
	})
}
