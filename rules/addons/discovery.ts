/** What controllers say that have to know every API, when an aggregated one does not answer. */

export const discoveryFails =
	/unable to retrieve the complete list of server APIs: (?<groups>[a-z0-9.-]{1,200}\/v\w{1,20}: [^\n]{1,600})/

/** k3s's own metrics API, and no other. */
export function onlyMetrics(groups: string): boolean {
	const named = groups.match(/[a-z0-9.-]{1,200}\/v\w{1,20}(?=: )/g) ?? []
	return named.length > 0 && named.every(name => name.startsWith('metrics.k8s.io/'))
}
