// A cpio archive in the "new ASCII" form.

function record(name, { mode = 0, content = Buffer.alloc(0), inode = 0, links = 1 }, epoch) {
	const fields = [inode, mode, 0, 0, links, epoch, content.length, 0, 0, 0, 0, name.length + 1, 0]
	const head = Buffer.from(
		`070701${fields.map(field => field.toString(16).padStart(8, '0')).join('')}${name}\0`,
	)
	const filled = bytes => [bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]
	return [...filled(head), ...filled(content)]
}

/** `entries` are `{path, content, mode}`, the mode with the kind of the file. */
export function cpioOf(entries, epoch) {
	const records = entries.flatMap(({ path, content, mode }, index) =>
		record(`.${path}`, { mode, content, inode: index + 1 }, epoch),
	)
	return Buffer.concat([...records, ...record('TRAILER!!!', {}, 0)])
}
