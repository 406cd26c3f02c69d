/** The neighbour table (ARP, NDP): whether a host on the same link answers at all, whatever its firewall does. */
import type { Neighbour } from '../../model/evidence/index.js'
import { fields, json, list, text, texts } from '../field.js'

export function neighboursOfJson(content: string | undefined): Neighbour[] | undefined {
	const read = json(content)
	if (!Array.isArray(read)) return undefined
	return list(read).flatMap(item => {
		const entry = fields(item)
		const address = text(entry.dst)
		if (address === '') return []
		const state = texts(entry.state)[0] ?? ''
		return [
			{ address, device: text(entry.dev), state, answers: text(entry.lladdr) !== '' && state !== 'FAILED' },
		]
	})
}
