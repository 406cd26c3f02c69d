import type { HealthyFiles } from '../healthy/node.js'

export interface Variant {
	name: string
	/** The true cause: it must stand first. */
	cause: string
	/** Causes that are true, too, or fair to name. */
	also?: readonly string[]
	make: () => Promise<HealthyFiles> | HealthyFiles
}
