/** Archives of whole trees, names of any length. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { afterAll } from 'vitest'

export async function archiveOf(files: ReadonlyMap<string, string | Buffer>): Promise<Buffer> {
	const tar = pack()
	for (const [name, body] of files) tar.entry({ name, mtime: new Date('2026-11-21T07:00:00Z') }, body)
	tar.finalize()
	const parts: Buffer[] = []
	for await (const part of tar) parts.push(part as Buffer)
	return gzipSync(Buffer.concat(parts), { level: 1 })
}

const folders: string[] = []
afterAll(() => {
	for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A path for files of a test; it goes away with it. */
export function scratchFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'k3s-doctor-foreign-'))
	folders.push(folder)
	return folder
}

/** Writes the archive; its path. */
export async function archiveAt(name: string, files: ReadonlyMap<string, string | Buffer>): Promise<string> {
	const path = join(scratchFolder(), name)
	writeFileSync(path, await archiveOf(files))
	return path
}
