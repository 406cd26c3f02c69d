// RPM's header structure: an index of tags and the store that it points into.

const types = { int16: [3, 2], int32: [4, 4], string: [6, 1], bin: [7, 1], strings: [8, 1], i18n: [9, 1] }
const magic = Buffer.from([0x8e, 0xad, 0xe8, 0x01, 0, 0, 0, 0])

function bytesOf(type, value) {
	if (type === 'bin') return value
	if (type === 'string') return Buffer.from(`${value}\0`)
	if (type === 'strings' || type === 'i18n') return Buffer.from(value.map(text => `${text}\0`).join(''))
	const [, size] = types[type]
	const made = Buffer.alloc(value.length * size)
	for (const [index, number] of value.entries()) {
		if (size === 2) made.writeUInt16BE(number, index * 2)
		else made.writeUInt32BE(number >>> 0, index * 4)
	}
	return made
}

function indexEntry(tag, type, offset, count) {
	const entry = Buffer.alloc(16)
	entry.writeUInt32BE(tag, 0)
	entry.writeUInt32BE(type, 4)
	entry.writeInt32BE(offset, 8)
	entry.writeUInt32BE(count, 12)
	return entry
}

/** `tags` are `[number, type, value]`. `region` (62 sums, 63 the rest) marks the whole as one that is not to be changed. */
export function headerOf(region, tags) {
	const store = []
	const index = []
	let length = 0
	for (const [tag, type, value] of [...tags].sort(([a], [b]) => a - b)) {
		const [number, align] = types[type]
		const gap = (align - (length % align)) % align
		const bytes = bytesOf(type, value)
		store.push(Buffer.alloc(gap), bytes)
		const count = type === 'string' ? 1 : value.length
		index.push(indexEntry(tag, number, length + gap, count))
		length += gap + bytes.length
	}
	// The region's entry stands first and points at its trailer, which points back over the whole index.
	const trailer = indexEntry(region, 7, -(index.length + 1) * 16, 16)
	const first = indexEntry(region, 7, length, 16)
	const sizes = Buffer.alloc(8)
	sizes.writeUInt32BE(index.length + 1, 0)
	sizes.writeUInt32BE(length + 16, 4)
	return Buffer.concat([magic, sizes, first, ...index, ...store, trailer])
}
