/** Of a translated bundle what is ours: the files of the other collector stand in its own archive. */
import type { Bundle } from '../model/bundle.js'
import { isKnown } from './open/name.js'

export function ownPart(bundle: Bundle): Bundle {
	const { origins, collector, ...rest } = bundle
	if (!origins) return bundle
	return {
		...rest,
		files: new Map([...bundle.files].filter(([name]) => isKnown(name))),
		notes: [...bundle.notes, `Translated from what ${collector ?? 'another collector'} took.`],
	}
}
