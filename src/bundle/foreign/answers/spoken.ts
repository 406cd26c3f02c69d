/** Lines of one speaker out of a log of the whole system. */
import { readPrefix } from '../../../sources/journal/prefix.js'
import type { Placed } from '../draft.js'

const anyYear = { year: 1970, month: 11 }

export const speakers = { k3s: /^\(?k3s/, kernel: /^kernel$/ } as const

/** With what belongs to them: the further lines of a message, and what systemd says of k3s's unit. */
export function spokenBy(lines: readonly Placed[], who: keyof typeof speakers): Placed[] {
	const own: Placed[] = []
	let speaks = false
	let spoke = false
	for (const line of lines) {
		const { at, identifier } = readPrefix(line.text, anyYear)
		if (at !== undefined && identifier !== '') {
			const itself = speakers[who].test(identifier)
			spoke ||= itself
			speaks = itself || (who === 'k3s' && identifier === 'systemd' && /\bk3s/.test(line.text))
		}
		if (speaks) own.push(line)
	}
	return spoke ? own : []
}
