/** Takes bytes as they come and keeps one end of them. */
export interface Keep {
	push(chunk: Uint8Array): void
	/** What was kept, and which end is missing. */
	end(): { bytes: Buffer; cut: 'head' | 'tail' | undefined }
}

/** First allocation; a size that an archive claims is only a claim. */
const firstBytes = 16 * 1024

/**
 * Keeps the first or the last `max` bytes in one buffer that grows with what really comes. For the last bytes it
 * is a ring: a stream of tiny chunks costs no more than one of large ones.
 */
export function keep(worth: 'head' | 'tail', max: number): Keep {
	let buffer = Buffer.allocUnsafe(Math.min(firstBytes, max))
	let length = 0
	let start = 0
	let cut = false

	const grow = (wanted: number) => {
		if (wanted <= buffer.length || buffer.length === max) return
		const larger = Buffer.allocUnsafe(Math.min(max, Math.max(wanted, buffer.length * 2)))
		buffer.copy(larger, 0, 0, length)
		buffer = larger
	}

	return {
		push(chunk) {
			grow(length + chunk.length)
			const room = buffer.length - length
			if (chunk.length <= room) {
				buffer.set(chunk, length)
				length += chunk.length
				return
			}
			cut = true
			if (worth === 'head') {
				buffer.set(chunk.subarray(0, room), length)
				length = buffer.length
				return
			}
			// Only a full ring turns: fill it first, then write over its oldest bytes.
			buffer.set(chunk.subarray(0, room), length)
			length = buffer.length
			const rest = chunk.subarray(Math.max(room, chunk.length - length))
			const before = Math.min(rest.length, length - start)
			buffer.set(rest.subarray(0, before), start)
			buffer.set(rest.subarray(before), 0)
			start = length === 0 ? 0 : (start + rest.length) % length
		},
		end() {
			const bytes =
				start === 0
					? buffer.subarray(0, length)
					: Buffer.concat([buffer.subarray(start, length), buffer.subarray(0, start)])
			return { bytes, cut: cut ? (worth === 'head' ? 'tail' : 'head') : undefined }
		},
	}
}
