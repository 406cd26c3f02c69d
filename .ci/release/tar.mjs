// tar, deterministic: root owns everything, and all is as old as the commit.
import { createGunzip } from 'node:zlib'
import { extract, pack } from 'tar-stream'

/** An unpacked archive of `files`: `{name, content, mode}`, or `{name, mode, type: 'directory'}`. */
export async function tarOf(files, epoch) {
	const archive = pack()
	const chunks = []
	const done = (async () => {
		for await (const chunk of archive) chunks.push(chunk)
	})()
	for (const { name, content, mode, type = 'file' } of files) {
		const header = {
			name,
			mode,
			type,
			mtime: new Date(epoch * 1000),
			uid: 0,
			gid: 0,
			uname: 'root',
			gname: 'root',
		}
		await new Promise((resolve, reject) => {
			archive.entry(header, content, error => (error ? reject(error) : resolve()))
		})
	}
	archive.finalize()
	await done
	return Buffer.concat(chunks)
}

/** Name -> content of the files in a `.tar.gz`. */
export async function untar(bytes) {
	const unpacked = createGunzip()
	const archive = unpacked.pipe(extract())
	unpacked.end(bytes)
	const files = new Map()
	for await (const entry of archive) {
		const chunks = []
		for await (const chunk of entry) chunks.push(chunk)
		files.set(entry.header.name, Buffer.concat(chunks))
	}
	return files
}
