/** Rows of `kubectl get endpoints`: the ready addresses of each service. */
import type { Row } from '../table.js'

export function sliceOfRow({ cells }: Row): unknown {
	const told = cells.get('ENDPOINTS') ?? ''
	// `10.42.0.3:53,10.42.0.3:9153 + 4 more...`
	const addresses = new Set<string>()
	for (const word of told.replace(/ \+ \d+ more\.\.\.$/, '').split(',')) {
		const address = /^\[?([0-9a-f.:]+?)\]?(?::\d{1,5})?$/i.exec(word.trim())?.[1]
		if (address) addresses.add(address)
	}
	const name = cells.get('NAME') ?? ''
	return {
		metadata: {
			namespace: cells.get('NAMESPACE') ?? 'default',
			name,
			labels: { 'kubernetes.io/service-name': name },
		},
		endpoints: [...addresses].map(address => ({ addresses: [address], conditions: { ready: true } })),
	}
}
