/** Steps around the directory that holds the datastore. */
import { type Evidence, type NodeFacts, nowOf, type Remedy, type Step, serverUrl } from '../../src/rule.js'

/** Where the present data goes: beside it, on the same file system, so that nothing is copied. */
export function asideOf(evidence: Evidence): string {
	return `${evidence.node.dataDir}/server/db.bak-${Math.floor(nowOf(evidence) / 1000) || 'old'}`
}

export function dbDir({ dataDir }: NodeFacts): string {
	return `${dataDir}/server/db`
}

/** Without a server to join, an empty data directory would begin a new cluster. */
export function joinsAServer({ config }: Evidence): NonNullable<Remedy['preconditions']>[number] {
	const server = serverUrl(config)
	return {
		says: 'the configuration names another server to join',
		holds: server !== undefined,
		why: server
			? `server is ${server.url}`
			: 'there is no `server` in it: an empty directory would begin a new cluster',
	}
}

/** What is told to who has to write `server:` into the configuration first. */
export const howToJoin: Step = {
	tell: 'Where config.yaml says `cluster-init: true` and no `server`: take cluster-init out and name a healthy server, or this host begins a cluster of its own.',
	commands: ['server: https://OTHER-SERVER:6443'],
}
