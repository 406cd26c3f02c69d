/** Where the doctor keeps its own things on a node. */
import { badPath } from './scene.js'

export interface Places {
	/** Folders for the actions' folders, best first. */
	backups: readonly { base: string; named?: true }[]
	/** Audit logs: written to the first that can be written, read from all. */
	audits: readonly string[]
}

/**
 * Beside k3s's data, which has room more often than `/`. A disk that is full or read-only leaves the memory under
 * /run. A folder that the operator named is the only one.
 */
export function placesOf(dataDir: string, named?: string): Places {
	const own = named !== undefined && badPath(named) === undefined ? named : undefined
	return {
		backups:
			own !== undefined
				? [{ base: own, named: true }]
				: [{ base: `${dataDir}/doctor/backups` }, { base: '/run/k3s-doctor/backups' }],
		audits: [
			'/var/log/k3s-doctor/audit.jsonl',
			`${dataDir}/doctor/audit.jsonl`,
			'/run/k3s-doctor/audit.jsonl',
		],
	}
}

/** Id of an action, and name of its folder: its time (UTC, to the millisecond) and its cause. */
export function actionId(at: number, cause: string): string {
	const time = new Date(at).toISOString().replace(/[-:]/g, '').replace('.', '-')
	return `${time}-${cause}`
}
