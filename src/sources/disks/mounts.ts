/** The mounts of a node, from findmnt's tree or from /proc/mounts. */
import type { Bundle } from '../../model/bundle.js'
import type { Mount } from '../../model/evidence/index.js'
import { fields, json, list, own, text } from '../field.js'
import { linesOf, unescapeOctal, wordsOf } from '../lines.js'

export const findmntFile = 'commands/findmnt.json'
export const findmnt = ['findmnt', '-J', '-o', 'TARGET,SOURCE,FSTYPE,OPTIONS,PROPAGATION'] as const

function optionsOf(options: string): string[] {
	return options.split(',').filter(option => option !== '')
}

/** In the order of mounting as far as the tree shows it: a parent before its children. */
function fromFindmnt(content: string | undefined): Mount[] {
	const mounts: Mount[] = []
	const waiting = [...list(fields(json(content)).filesystems)].reverse()
	while (waiting.length > 0) {
		const node = fields(waiting.pop())
		const target = text(own(node, 'target'))
		if (target !== '') {
			mounts.push({
				target,
				source: text(own(node, 'source')),
				type: text(own(node, 'fstype')),
				options: optionsOf(text(own(node, 'options'))),
			})
		}
		const children = list(own(node, 'children'))
		for (let at = children.length - 1; at >= 0; at--) waiting.push(children[at])
	}
	return mounts
}

function fromProc(content: string | undefined): Mount[] {
	const mounts: Mount[] = []
	for (const line of linesOf(content)) {
		const [source, target, type, options] = wordsOf(line.text)
		if (source === undefined || !target?.startsWith('/') || type === undefined) continue
		mounts.push({
			target: unescapeOctal(target),
			source: unescapeOctal(source),
			type,
			options: optionsOf(options ?? ''),
		})
	}
	return mounts
}

/** Every mount with its options as the kernel shows them; empty when neither answer is there. */
export function mountsOf(bundle: Bundle): Mount[] {
	const mounts = fromFindmnt(bundle.files.get(findmntFile))
	return mounts.length > 0 ? mounts : fromProc(bundle.files.get('files/proc/mounts'))
}
