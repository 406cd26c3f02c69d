/** k3s, or the host, was started a moment ago: what is not up yet is on its way. */
import type { Evidence } from '../../src/check.js'

const seconds = 180

export function isYoung({ service, kernel }: Evidence): boolean {
	return (
		service?.state === 'starting' ||
		(service?.ageSeconds ?? Number.POSITIVE_INFINITY) < seconds ||
		(kernel?.uptimeSeconds ?? Number.POSITIVE_INFINITY) < seconds
	)
}
