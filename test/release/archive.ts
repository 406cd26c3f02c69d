/** The files of a `.tar.gz`. */
import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'

export async function openArchive(path: string): Promise<Map<string, number>> {
	const found = new Map<string, number>()
	const archive = createReadStream(path).pipe(createGunzip()).pipe(extract())
	for await (const entry of archive) {
		found.set(entry.header.name, entry.header.size ?? 0)
		entry.resume()
	}
	return found
}
