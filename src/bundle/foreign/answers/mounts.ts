/** `mount`'s lines in the form of /proc/mounts. */
import type { Draft, Source } from '../draft.js'
import { placed } from '../draft.js'

const mountLine =
	/^(.{1,4096}?) on (\/.{0,4096}?) type (\S{1,64})(?: \(([^()]*(?:\([^()]*\)[^()]*)*)\))?(?: \[.*\])?$/

function octal(text: string): string {
	return text.replace(/[\s\\]/g, char => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`)
}

/** `/dev/vda on / type ext4 (rw,relatime)` */
export function isMount(line: string): boolean {
	return mountLine.test(line)
}

export function addMounts(into: Draft, from: Source | undefined): void {
	if (!from) return
	const lines = placed(from).flatMap(line => {
		const parts = mountLine.exec(line.text)
		if (!parts) return []
		const [, source = '', target = '', type = '', options = ''] = parts
		return [{ ...line, text: `${octal(source)} ${octal(target)} ${type} ${options || 'rw'} 0 0` }]
	})
	into.lines('files/proc/mounts', lines)
}
