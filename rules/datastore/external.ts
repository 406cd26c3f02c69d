/** What k3s says of a datastore that is another server: a database, or etcd elsewhere. */
import { type DatastoreEvidence, type Evidence, type Remedy, type Step, serviceStep } from '../../src/rule.js'

/** The words that lead to the reason, in the versions of kine: the loop of pings, the fatal chain, and errors while it runs. */
export const lead =
	'(?:[Ff]ailed to ping database connection|creating storage endpoint|building kine|starting kine backend|failed to create driver|failed to ensure existence of database|failed to check if bootstrap data has been initialized|failed to create temporary datastore client|failed to set datastore driver|failed to check existence of database|unable to connect to default postgres database|storage backend|[Ee]rror in txn|[Ee]rror in put|error while range on|Transaction (?:commit|rollback) failed|TTL initial list failed|Compact failed)'

/** The connection itself is what fails; wrong words come only after it stands. */
export const connectionFails =
	/dial (?:tcp|unix|error)|hostname resolving error|no such host|name resolution|server misbehaving|connection refused|connection reset|no route to host|network is unreachable|i\/o timeout|timeout: context|context deadline exceeded|(?:bad|invalid) connection|unexpected EOF|broken pipe|server closed the connection|terminating connection due to|the database system is (?:starting up|shutting down)|Too many connections|too many clients|remaining connection slots|lookup \S+:/

export function isExternal(datastore: DatastoreEvidence | undefined): boolean {
	return ['mysql', 'postgres', 'external-etcd', 'nats'].includes(datastore?.kind ?? '')
}

/** `PostgreSQL at db.example:5432`, as far as it is known. */
export function databaseOf({ datastore }: Evidence): string {
	const names: Readonly<Record<string, string>> = {
		mysql: 'MySQL/MariaDB',
		postgres: 'PostgreSQL',
		'external-etcd': 'etcd',
		nats: 'NATS',
	}
	const name = names[datastore?.kind ?? ''] ?? 'the database'
	const { endpoint } = datastore ?? {}
	if (!endpoint) return name
	return `${name} at ${endpoint.host}${endpoint.port === undefined ? '' : `:${endpoint.port}`}`
}

/** A reason without the parts that repeat who was asked. */
export function shortReason(text: string): string {
	const last = text.split(/\n\t?/).at(-1) ?? text
	return (
		/(?:dial error: |hostname resolving error: |error: )(.+)$/.exec(last)?.[1] ??
		last.split(': ').slice(-3).join(': ')
	).slice(0, 240)
}

interface Correction {
	title: string
	why: string
	/** What comes before it. */
	first?: readonly Step[]
}

/** `datastore-endpoint` corrected by hand, where it stands. */
export function correctEndpoint({ node, config }: Evidence, { title, why, first = [] }: Correction): Remedy {
	const usual = '/etc/rancher/k3s/config.yaml'
	const where = config?.values.get('datastore-endpoint')?.origin.file ?? usual
	return {
		title,
		why,
		risk: 'restart',
		interrupts: 'nothing that works',
		steps: [
			...first,
			{ tell: `Correct it in ${where} (and on every other server), then:`, commands: [`vi ${where}`] },
			serviceStep(node, 'restart'),
		],
		backup: [usual],
		recheck: ['config', 'journal', 'units'],
	}
}
