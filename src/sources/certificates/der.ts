/** A small reader of DER (X.690): what stands where in a structure of tag, length and content. */

export interface Element {
	tag: number
	/** Of the content. */
	start: number
	end: number
}

/** The element that begins at `at` and ends before `limit`; `undefined` when it does not fit. */
export function elementAt(bytes: Uint8Array, at: number, limit: number): Element | undefined {
	const tag = bytes[at]
	const first = bytes[at + 1]
	// Tags above 30 take more bytes; certificates have none of them.
	if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined
	let length = first
	let start = at + 2
	if (first >= 0x80) {
		const count = first & 0x7f
		// 0x80, the indefinite length, is no DER; more than four bytes are no certificate.
		if (count === 0 || count > 4) return undefined
		length = 0
		for (let byte = 0; byte < count; byte += 1) length = length * 256 + (bytes[start + byte] ?? 0)
		start += count
	}
	const end = start + length
	return end <= limit && end <= bytes.length ? { tag, start, end } : undefined
}

/** The elements inside a constructed one; what does not parse ends the list. */
export function childrenOf(bytes: Uint8Array, parent: Element): Element[] {
	const children: Element[] = []
	for (let at = parent.start; at < parent.end; ) {
		const child = elementAt(bytes, at, parent.end)
		if (!child) break
		children.push(child)
		at = child.end
	}
	return children
}

export function hex(bytes: Uint8Array, { start, end }: Element): string {
	let text = ''
	for (let at = start; at < end; at += 1) text += (bytes[at] ?? 0).toString(16).padStart(2, '0')
	return text
}
