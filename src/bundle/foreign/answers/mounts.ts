/** `mount`'s lines in the form of /proc/mounts. */
import type { Draft, Source } from '../draft.js'
import { placed } from '../draft.js'

interface Parts {
	source: string
	target: string
	type: string
	options: string
}

/** Characters of a line; no mount has longer ones. */
const longest = 16_384

/** `/dev/vda on / type ext4 (rw,relatime)`: blanks may stand in the source and in the target. */
function partsOf(line: string): Parts | undefined {
	if (line.length > longest) return undefined
	const on = line.indexOf(' on /')
	const type = line.lastIndexOf(' type ')
	if (on <= 0 || type <= on) return undefined
	const [kind = '', ...rest] = line.slice(type + ' type '.length).split(' ')
	const told = rest.join(' ').replace(/ \[[^[\]]*\]$/, '')
	if (!/^[\w.:-]{1,64}$/.test(kind) || !(told === '' || (told.startsWith('(') && told.endsWith(')'))))
		return undefined
	return {
		source: line.slice(0, on),
		target: line.slice(on + ' on '.length, type),
		type: kind,
		options: told.slice(1, -1),
	}
}

function octal(text: string): string {
	return text.replace(/[\s\\]/g, char => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`)
}

export function isMount(line: string): boolean {
	return partsOf(line) !== undefined
}

export function addMounts(into: Draft, from: Source | undefined): void {
	if (!from) return
	const lines = placed(from).flatMap(line => {
		const parts = partsOf(line.text)
		if (!parts) return []
		const { source, target, type, options } = parts
		return [{ ...line, text: `${octal(source)} ${octal(target)} ${type} ${options || 'rw'} 0 0` }]
	})
	into.lines('files/proc/mounts', lines)
}
