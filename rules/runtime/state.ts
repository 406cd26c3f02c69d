import type { Evidence } from '../../src/rule.js'

/** k3s is up: what containerd says of its own configuration has not kept it from starting. */
export function runs({ service }: Evidence): boolean {
	return service?.state === 'running'
}
